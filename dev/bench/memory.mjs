// Measures the memory of a server that has seen no token, 10,000 and many distinct tokens, compared with a server
// without the plugin after as many requests. Also measures whether the server has become slower.
import { setTimeout as delay } from "node:timers/promises";
import { OURS, PLAIN } from "./variants.mjs";

/** @import { World } from "./world.mjs" */
/** @import { Server } from "./server.mjs" */

const MIB = 1024 * 1024;
/** Number of tokens that are signed and sent at a time. */
const PORTION = 50_000;
const CONNECTIONS = 8;
const SAMPLES = 8;
const WARM_UP_SECONDS = 4;

/**
 * @typedef {object} Sample taken after a garbage collection
 * @property {number} tokens number of distinct tokens seen so far
 * @property {number} rssMiB
 * @property {number} heapMiB used heap and external memory
 */

/**
 * @typedef {object} Memory
 * @property {{ open: Sample[], ours: Sample[] }} samples
 * @property {{ fresh: number[], full: number[] }} perSecond calls per second with the plugin: `fresh`, a server that
 * has seen few tokens; `full`, the server that has seen all of them
 */

/**
 * Sends each token with a GET, which the middleware authenticates like any request and xmcp then answers 405: a fast
 * way to send a million tokens to a server. The speed is measured with calls of a tool.
 *
 * @param {World} world
 * @param {{ tokens: number, rounds: number, seconds: number, say: (line: string) => void }} options
 * @returns {Promise<Memory>}
 */
export async function measureMemory(world, { tokens, rounds, seconds, say }) {
  const servers = { open: await world.start({ app: PLAIN }), ours: await world.start({ app: OURS }) };
  const steps = [0, 10_000, tokens].filter((step, index, all) => all.indexOf(step) === index);
  const samples = { open: /** @type {Sample[]} */ ([]), ours: /** @type {Sample[]} */ ([]) };
  const seen = await world.tokens.few(servers.ours.url, "jwt");

  // Warm up, so that the first sample includes the memory that the server needs in any case.
  for (const server of Object.values(servers)) await calls(server, seen, WARM_UP_SECONDS);
  let shown = 0;
  for (const step of steps) {
    while (shown < step) {
      const portion = Math.min(PORTION, step - shown);
      const file = await world.tokens.distinct(servers.ours.url, portion);
      for (const server of Object.values(servers)) await show(server, file, portion);
      world.tokens.forget(file);
      shown += portion;
      say(`${shown.toLocaleString("en")} tokens shown`);
    }
    for (const name of /** @type {const} */ (["open", "ours"]))
      samples[name].push(await sample(servers[name], step));
  }
  const perSecond = await compareSpeed();
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  return { samples, perSecond };

  async function compareSpeed() {
    const fresh = { server: await world.start({ app: OURS }), figures: /** @type {number[]} */ ([]) };
    const full = { server: servers.ours, figures: /** @type {number[]} */ ([]) };
    const ofFresh = await world.tokens.few(fresh.server.url, "jwt");
    await calls(fresh.server, ofFresh, WARM_UP_SECONDS);
    for (let round = 0; round < rounds; round += 1) {
      fresh.figures.push(await calls(fresh.server, ofFresh, seconds));
      full.figures.push(await calls(full.server, seen, seconds));
    }
    await fresh.server.stop();
    return { fresh: fresh.figures, full: full.figures };
  }

  /**
   * @param {Server} server
   * @param {string} file
   * @param {number} duration
   */
  async function calls(server, file, duration) {
    const job = { url: server.url, tokens: file, connections: CONNECTIONS, seconds: duration };
    return (await world.load.run({ ...job, expect: world.greeting })).perSecond;
  }

  /**
   * @param {Server} server
   * @param {string} file
   * @param {number} requests
   */
  async function show(server, file, requests) {
    const job = { url: server.url, tokens: file, once: true, connections: CONNECTIONS, requests };
    await world.load.run({ ...job, kind: "authenticate", status: 405, pipelining: 4 });
  }
}

/**
 * The minimum of several samples: the garbage of a load is freed only after several collections.
 *
 * @param {Server} server
 * @param {number} tokens
 * @returns {Promise<Sample>}
 */
async function sample(server, tokens) {
  const rss = [];
  const heap = [];
  for (let attempt = 0; attempt < SAMPLES; attempt += 1) {
    await delay(1_000);
    const { memory } = await server.usage({ collect: true });
    rss.push(memory.rss / MIB);
    heap.push((memory.heapUsed + memory.external) / MIB);
  }
  return { tokens, rssMiB: Math.min(...rss), heapMiB: Math.min(...heap) };
}
