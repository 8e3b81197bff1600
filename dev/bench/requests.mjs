// Measures CPU time per request and requests per second of each server, in turns: A B C A B C …
import { setTimeout as delay } from "node:timers/promises";
import { startLoad } from "./load-process.mjs";
import { subjects } from "./variants.mjs";

/**
 * A server waits while the others take their turns. Without these, V8 would use the pause to discard the code that it has
 * compiled, which it does not do in a busy server.
 */
const NO_HOUSEKEEPING = ["--no-memory-reducer", "--no-flush-bytecode"];

/** @typedef {ReturnType<typeof startLoad>} Load */
/** @import { Usage } from "./server.mjs" */
/** @import { Subject } from "./variants.mjs" */
/** @import { World } from "./world.mjs" */

/**
 * @typedef {object} Measured one value per round
 * @property {Subject} subject
 * @property {number[]} cpuMicros CPU time of the server process per request, of all threads
 * @property {number[]} perSecond
 */

/**
 * @typedef {object} RequestSettings
 * @property {number} starts how often all servers are restarted: of two equal servers, one can be a tenth faster for
 * its whole life
 * @property {number} turns rounds with the same servers
 * @property {number} warmUps requests that each server answers before it is measured, of the kind that is measured
 * @property {number} requests in a turn
 */

/**
 * Every server gets equally many requests, the slow ones too: how far V8 has compiled a server depends on their number.
 *
 * @param {World} world
 * @param {RequestSettings & { say: (line: string) => void }} settings
 * @returns {Promise<Measured[]>}
 */
export async function measureRequests(world, { starts, turns, warmUps, requests, say }) {
  const measured = subjects().map((subject) => ({
    subject,
    cpuMicros: /** @type {number[]} */ ([]),
    perSecond: /** @type {number[]} */ ([]),
  }));
  const loads = [world.load, startLoad()];
  for (let start = 1; start <= starts; start += 1) {
    const entries = await startedAndWarm();
    say(`servers started and warm, ${start} of ${starts}`);
    // The first round is discarded: the servers have waited for the last of them to be warm.
    for (let turn = 0; turn <= turns; turn += 1)
      for (const entry of entries) await takeTurn(entry, { counts: turn > 0 });
    await world.stopServers();
  }
  loads[1]?.stop();
  return measured;

  /** Two servers at a time, which saves time; nothing is measured yet. */
  async function startedAndWarm() {
    const waiting = measured.entries();
    /** @type {Awaited<ReturnType<typeof started>>[]} */
    const entries = [];
    const worker = async (/** @type {Load} */ load) => {
      for (const [index, figures] of waiting) {
        const entry = await started(figures);
        entries[index] = entry;
        await load.run({ ...entry.job, requests: warmUps });
      }
    };
    await Promise.all(loads.map(worker));
    return entries;
  }

  /** @param {Measured} figures */
  async function started(figures) {
    const { name, tools, kind } = figures.subject;
    const server = await world.start(name, tools, NO_HOUSEKEEPING);
    const tokens = await world.tokens.few(server.url);
    const expect = kind === "call" ? world.greeting : `filler-${tools}`;
    return { figures, server, job: { url: server.url, tokens, kind, expect } };
  }

  /**
   * @param {Awaited<ReturnType<typeof started>>} entry
   * @param {{ counts: boolean }} options
   */
  async function takeTurn({ figures, server, job }, { counts }) {
    // Do not force a garbage collection before this: without running requests, V8 would discard the code compiled for
    // them.
    const before = await server.usage();
    const { perSecond } = await world.load.run({ ...job, requests });
    const after = await server.usage();
    if (counts) {
      figures.cpuMicros.push((cpu(after) - cpu(before)) / requests);
      figures.perSecond.push(perSecond);
    }
    // What the server still has to do after its last answer belongs to nobody else's turn.
    await delay(5);
  }
}

/** @param {Usage} usage */
function cpu({ cpu: { user, system } }) {
  return user + system;
}
