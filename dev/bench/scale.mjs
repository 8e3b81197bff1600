// Measures the middleware's cost per request with 4 and 100 tools, and with 10 and 1,000 access rules. Only the
// middleware is timed: xmcp's own cost with a hundred tools would hide any difference. Uses one connection.
/** @import { App } from "./apps.mjs" */
/** @import { World } from "./world.mjs" */

/** @type {App} */
const TIMED = { middleware: "timed", caller: "ours" };

/** @type {readonly { name: string, app: App, env?: object }[]} */
const SUBJECTS = [
  { name: "4 tools", app: TIMED },
  { name: "100 tools", app: { ...TIMED, tools: 100 } },
  { name: "10 rules", app: TIMED, env: { BENCH_RULES: "10" } },
  { name: "1,000 rules", app: TIMED, env: { BENCH_RULES: "1000" } },
];

/** @typedef {{ name: string, micros: number[] }} Scale one median per round, in microseconds */

/**
 * @param {World} world
 * @param {{ rounds: number, seconds: number }} options
 * @returns {Promise<Scale[]>}
 */
export async function measureScale(world, { rounds, seconds }) {
  const subjects = [];
  for (const subject of SUBJECTS) {
    const server = await world.start(subject);
    const tokens = await world.tokens.few(server.url, "jwt");
    subjects.push({ name: subject.name, server, tokens, micros: /** @type {number[]} */ ([]) });
  }
  for (let round = -1; round < rounds; round += 1) {
    for (const { server, tokens, micros } of subjects) {
      await server.usage();
      await world.load.run({ url: server.url, tokens, connections: 1, seconds, expect: world.greeting });
      const { durations } = await server.usage();
      const median = durations.sort((a, b) => a - b)[Math.floor(durations.length / 2)] ?? Number.NaN;
      // Discard the first round, in which V8 compiles the code.
      if (round >= 0) micros.push(median * 1_000);
    }
  }
  await Promise.all(subjects.map(({ server }) => server.stop()));
  return subjects.map(({ name, micros }) => ({ name, micros }));
}
