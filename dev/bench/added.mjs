// Measures the time that authentication, rules and events add to a request. Even two identical servers differ by more
// than that. One server therefore handles the requests in each way in turn, and the difference is taken within a turn.
// Each round uses a new server.
import { difference, spread } from "./statistics.mjs";

/** @import { World } from "./world.mjs" */

/** V8 needs this long to compile code that only one request in seven runs. */
const WARM_UP_SECONDS = 45;

/** @typedef {{ name: string, without: number[], added: number[] }} Added in microseconds, one value per round */

/**
 * The ways that are compared, by their names in dev/bench/variants/switched.ts. @type {[name: string, way: string,
 * other: string][]}
 */
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
    // With one connection, a measured time belongs to exactly one request.
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
