// CPU time that a request takes more with authentication, rules and events than without: ways of one server, in turns of
// a fifth of a second, in another order each time. Two servers differ by more than that, even when they are alike.
import { setTimeout as pause } from "node:timers/promises";
import { meanWithError } from "./statistics.mjs";

/** @import { Server } from "./server.mjs" */
/** @import { World } from "./world.mjs" */

const WAYS = ["none", "seen", "rules", "events"];
const TURN_MS = 200;
const WARM_UP_SECONDS = 10;

/** @typedef {{ name: string, without: import("./statistics.mjs").Mean, added: import("./statistics.mjs").Mean }} Added microseconds of CPU per request */

/**
 * @param {World} world
 * @param {{ seconds: number, connections: number }} options
 * @returns {Promise<Added[]>}
 */
export async function measureAdded(world, { seconds, connections }) {
  const server = await world.start({ app: { middleware: "switched", caller: "switched" } });
  const tokens = await world.tokens.few(server.url, "jwt");
  const load = { url: server.url, expect: world.greeting, tokens, connections };
  for (const way of WAYS) {
    await server.usage({ way });
    await world.load.run({ ...load, seconds: WARM_UP_SECONDS / WAYS.length });
  }
  let isOver = false;
  const done = world.load.run({ ...load, seconds }).finally(() => {
    isOver = true;
  });
  /** @type {Record<string, number>[]} */
  const passes = [];
  while (!isOver) passes.push(await pass(server));
  await done;
  // The end of the load falls into the last.
  const whole = passes.slice(0, -1);
  await server.stop();
  const without = meanWithError(whole.map(({ none = Number.NaN }) => none));
  const more = (/** @type {string} */ way) =>
    meanWithError(whole.map((micros) => (micros[way] ?? Number.NaN) - (micros.none ?? Number.NaN)));
  return [
    { name: "a token seen before", without, added: more("seen") },
    { name: "and access rules", without, added: more("rules") },
    { name: "and events", without, added: more("events") },
  ];
}

/** @param {Server} server */
async function pass(server) {
  /** @type {Record<string, number>} */
  const micros = {};
  for (const way of shuffled(WAYS)) {
    const before = await server.usage({ way });
    await pause(TURN_MS);
    const after = await server.usage();
    micros[way] = (cpu(after) - cpu(before)) / (after.requests - before.requests);
  }
  return micros;
}

/** @param {readonly string[]} names */
function shuffled(names) {
  return names
    .map((name) => ({ name, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ name }) => name);
}

/** @param {import("./server.mjs").Usage} usage */
function cpu({ cpu: { user, system } }) {
  return user + system;
}
