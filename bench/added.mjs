// What a request takes longer with authentication, rules and events than without. Two servers differ by more than that,
// even when they are alike, so one server draws for each request what it does about it; a new server for each round.
import { spread } from "./statistics.mjs";

/** @import { World } from "./world.mjs" */

const WARM_UP_SECONDS = 6;

/** @typedef {{ name: string, without: number[], added: number[] }} Added microseconds, one figure per round */

/**
 * @param {World} world
 * @param {{ rounds: number, seconds: number }} options
 * @returns {Promise<Added[]>}
 */
export async function measureAdded(world, { rounds, seconds }) {
  /** @type {Record<string, number[]>} */
  const medians = { none: [], seen: [], rules: [], events: [] };
  for (let round = 0; round < rounds; round += 1) {
    const server = await world.start({ app: { middleware: "switched", caller: "switched" } });
    const tokens = await world.tokens.few(server.url, "jwt");
    // Only then it can be told which time is whose.
    const load = { url: server.url, expect: world.greeting, tokens, connections: 1 };
    await world.load.run({ ...load, seconds: WARM_UP_SECONDS });
    await server.usage();
    await world.load.run({ ...load, seconds });
    const { times } = await server.usage();
    await server.stop();
    for (const [way, values] of Object.entries(medians)) values.push(spread(times[way] ?? []).median * 1_000);
  }
  const { none: without = [], seen = [], rules = [], events = [] } = medians;
  const over = (/** @type {number[]} */ micros) =>
    micros.map((value, round) => value - (without[round] ?? Number.NaN));
  return [
    { name: "a token seen before", without, added: over(seen) },
    { name: "and access rules", without, added: over(rules) },
    { name: "and events", without, added: over(events) },
  ];
}
