// Measures requests per second, latency and CPU time of each variant, in turns: A B C A B C …
/** @import { Variant } from "./variants.mjs" */
/** @import { World } from "./world.mjs" */
/** @import { Server } from "./server.mjs" */

const WARM_UP_SECONDS = 5;
const VERIFY_PATH = "/oauth_applications/access_tokens/verify";

/**
 * @typedef {object} Turn one turn of one variant with one number of connections
 * @property {number} perSecond
 * @property {number} p50 in milliseconds
 * @property {number} p99 in milliseconds
 * @property {number} cpuMicros CPU time of the server process per request, of all threads
 * @property {number} asked number of requests to the stand-in during the turn, at most 5,000
 * @property {number} requests
 */

/**
 * @typedef {object} Measured
 * @property {Variant} variant
 * @property {Turn[]} many with all connections
 * @property {Turn[]} one with a single connection
 */

/**
 * @param {World} world
 * @param {readonly Variant[]} variants
 * @param {{ rounds: number, seconds: number, connections: number, say: (line: string) => void }} options
 * @returns {Promise<Measured[]>}
 */
export async function measureThroughput(world, variants, { rounds, seconds, connections, say }) {
  /** @type {Measured[]} */
  const measured = variants.map((variant) => ({ variant, many: [], one: [] }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const entry of measured) {
      await inFreshServer(entry);
      const { variant, many, one } = entry;
      say(
        `round ${round}/${rounds}  ${variant.id.padEnd(3)} ${Math.round(many.at(-1)?.perSecond ?? 0)}/s, ` +
          `1 connection ${Math.round(one.at(-1)?.perSecond ?? 0)}/s`,
      );
    }
  }
  return measured;

  /**
   * Each round starts a new server: of two identical servers, one can be a tenth faster for its whole lifetime. @param
   * {Measured} entry
   */
  async function inFreshServer({ variant, many, one }) {
    world.clerk.faults();
    const env = variant.env?.(world.clerk.jwtKey) ?? {};
    const server = await world.start({ ...variant, env });
    const format = variant.tokens === "opaque" ? "opaque" : "jwt";
    const tokens = await world.tokens.few(server.url, format);
    const entry = { variant, server, tokens, many, one };
    // Long enough for V8 to compile the relevant code.
    await world.load.run({ ...common(server), tokens, connections, seconds: WARM_UP_SECONDS });
    const turns = [await turn(entry, connections), await turn(entry, 1)];
    many.push(...turns.slice(0, 1));
    one.push(...turns.slice(1));
    if (variant.events) checkEvents(variant, server, turns);
    await server.stop();
  }

  /**
   * @param {Measured & { server: Server, tokens: string }} entry
   * @param {number} connections
   * @returns {Promise<Turn>}
   */
  async function turn({ variant, server, tokens, many, one }, connections) {
    if (variant.distanceMs) world.clerk.faults([{ path: VERIFY_PATH, latencyMs: variant.distanceMs }]);
    const rate = Math.max(
      1_500,
      ...many.map(({ perSecond }) => perSecond),
      ...one.map(({ perSecond }) => perSecond),
    );
    const once = variant.tokens === "distinct";
    const file = once ? await world.tokens.distinct(server.url, Math.ceil(rate * 1.5 * seconds)) : tokens;
    world.clerk.requests({ reset: true });
    // Do not force a garbage collection before this: without running requests, V8 would discard the code compiled for
    // them.
    const before = await server.usage();
    const { requests, perSecond, latency } = await world.load.run({
      ...common(server),
      tokens: file,
      once,
      connections,
      seconds,
    });
    const after = await server.usage();
    const asked = world.clerk.requests().length;
    world.clerk.faults();
    if (once) world.tokens.forget(file);
    return {
      requests,
      perSecond,
      p50: latency.p50,
      p99: latency.p99,
      cpuMicros: (cpu(after) - cpu(before)) / requests,
      asked,
    };
  }

  /** @param {Server} server */
  function common(server) {
    return { url: server.url, expect: world.greeting };
  }
}

/**
 * Checks that a server with events has recorded each call.
 *
 * @param {Variant} variant
 * @param {Server} server
 * @param {readonly Turn[]} turns
 */
function checkEvents(variant, server, turns) {
  const calls = turns.reduce((sum, { requests }) => sum + requests, 0);
  const events = server.log().split('{"type":"tool"').length - 1;
  if (events < calls) throw new Error(`${variant.id} recorded ${events} of at least ${calls} calls.`);
}

/** @param {import("./server.mjs").Usage} usage */
function cpu({ cpu: { user, system } }) {
  return user + system;
}
