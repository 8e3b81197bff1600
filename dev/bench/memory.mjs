// Measures the memory that a server needs for many distinct tokens, over the same server before it has seen them.
import { setTimeout as delay } from "node:timers/promises";

/** @import { Server } from "./server.mjs" */
/** @import { World } from "./world.mjs" */

const MB = 1_000_000;
/** Number of tokens that are signed and sent at a time. */
const PORTION = 50_000;
const WARM_UPS = 3_000;

/**
 * @typedef {object} Sample several values, each after a garbage collection
 * @property {number} tokens number of distinct tokens seen so far
 * @property {number[]} rssMb
 * @property {number[]} heapMb used heap and external memory
 */

/**
 * Sends each token with a GET, which is authenticated like any request and then answered 405: a fast way to show a
 * million tokens to a server.
 *
 * @param {World} world
 * @param {{ tokens: number, samples: number, say: (line: string) => void }} options
 * @returns {Promise<Sample[]>}
 */
export async function measureMemory(world, { tokens, samples, say }) {
  const server = await world.start("ours", 4);
  const few = await world.tokens.few(server.url);
  const shows = { url: server.url, kind: /** @type {const} */ ("authenticate"), status: 405 };
  // The empty server has done the same before: what the requests need by themselves is not the tokens'.
  await world.load.run({ ...shows, tokens: few, requests: WARM_UPS });
  const results = [await sample(server, 0, samples)];
  let shown = 0;
  while (shown < tokens) {
    const portion = Math.min(PORTION, tokens - shown);
    const file = await world.tokens.distinct(server.url, portion);
    await world.load.run({ ...shows, tokens: file, once: true, requests: portion });
    world.tokens.forget(file);
    shown += portion;
    if (shown < tokens) say(`${shown.toLocaleString("en")} tokens shown`);
  }
  results.push(await sample(server, shown, samples));
  await world.stopServers();
  return results;
}

/**
 * @param {Server} server
 * @param {number} tokens
 * @param {number} samples
 * @returns {Promise<Sample>}
 */
async function sample(server, tokens, samples) {
  /** @type {Sample} */
  const sampled = { tokens, rssMb: [], heapMb: [] };
  for (let attempt = 0; attempt < samples; attempt += 1) {
    // The garbage of a load is freed only after several collections.
    await delay(500);
    const { memory } = await server.usage({ collect: true });
    sampled.rssMb.push(memory.rss / MB);
    sampled.heapMb.push((memory.heapUsed + memory.external) / MB);
  }
  return sampled;
}
