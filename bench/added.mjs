// What a request takes longer with authentication, rules and events than without. Two servers differ by more than that,
// even when they are alike, so one server changes what it does; a new server for each round. Of each way it is the lowest
// decile: what else the machine does makes some requests slower, and none faster.
import { lowestDecile } from "./statistics.mjs";

/** @import { World } from "./world.mjs" */

/** Until V8 has compiled what only one request in five goes through. */
const WARM_UP_SECONDS = 45;

/** @typedef {{ name: string, without: number[], added: number[] }} Added microseconds, one figure per round */

/**
 * @param {World} world
 * @param {{ rounds: number, seconds: number }} options
 * @returns {Promise<Added[]>}
 */
export async function measureAdded(world, { rounds, seconds }) {
  /** @type {Record<string, number[]>} */
  const deciles = { none: [], seen: [], rules: [], "rules again": [], events: [] };
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
    for (const [way, values] of Object.entries(deciles))
      values.push(lowestDecile(times[way] ?? []) * 1_000);
  }
  const { none: without = [], seen = [], rules = [], "rules again": again = [], events = [] } = deciles;
  const over = (/** @type {number[]} */ micros, /** @type {number[]} */ others) =>
    micros.map((value, round) => value - (others[round] ?? Number.NaN));
  return [
    { name: "a token seen before", without, added: over(seen, without) },
    { name: "and access rules", without, added: over(rules, without) },
    { name: "and events", without, added: over(events, without) },
    { name: "the events alone", without, added: over(events, rules) },
    { name: "the same once more", without, added: over(again, rules) },
  ];
}
