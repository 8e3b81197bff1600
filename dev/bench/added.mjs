// What a request takes longer with authentication, rules and events than without. Two servers differ by more than that,
// even when they are alike, so one server does each in turn, and it is taken within a turn what one takes longer than
// another; a new server for each round.
import { difference, spread } from "./statistics.mjs";

/** @import { World } from "./world.mjs" */

/** Until V8 has compiled what only one request in seven goes through. */
const WARM_UP_SECONDS = 45;

/** @typedef {{ name: string, without: number[], added: number[] }} Added microseconds, one figure per round */

/** What is compared with what; names of dev/bench/variants/switched.ts. @type {[name: string, way: string, other: string][]} */
const COMPARED = [
  ["a token seen before", "seen", "none"],
  ["and access rules", "rules", "none"],
  ["and events", "events", "none"],
  ["the events alone", "events", "rules"],
  ["the rules once more", "rules again", "rules"],
];

/**
 * @param {World} world
 * @param {{ rounds: number, seconds: number }} options
 * @returns {Promise<Added[]>}
 */
export async function measureAdded(world, { rounds, seconds }) {
  /** @type {Added[]} */
  const results = COMPARED.map(([name]) => ({ name, without: [], added: [] }));
  for (let round = 0; round < rounds; round += 1) {
    const server = await world.start({ app: { middleware: "switched", caller: "switched" } });
    const tokens = await world.tokens.few(server.url, "jwt");
    // Only then it can be told which time is whose.
    const load = { url: server.url, expect: world.greeting, tokens, connections: 1 };
    await world.load.run({ ...load, seconds: WARM_UP_SECONDS });
    await server.usage();
    await world.load.run({ ...load, seconds });
    const { turns } = await server.usage();
    await server.stop();
    /** @param {string} name */
    const micros = (name) => turns.map((turn) => (turn[name] ?? Number.NaN) * 1_000);
    for (const [index, [, way, other]] of COMPARED.entries()) {
      results[index]?.without.push(spread(micros("none")).median);
      results[index]?.added.push(difference(micros(way), micros(other)).median);
    }
  }
  return results;
}
