// npm run --prefix dev bench [-- --only 1,2,6b --phases requests,steps --rounds 7 --seconds 4 --connections 8 --tokens
// 200000 | --million --quick --out folder]: measures the cost of authentication and compares it with alternatives.
// Starts everything it needs, on loopback. A complete run writes dev/bench/results.md; one with --quick, --only or --phases
// writes to dev/bench/partial.
import { parseArgs } from "node:util";
import { buildIfNeeded } from "../scripts/build-if-needed.mjs";
import { installIfNeeded } from "./install.mjs";

/** @import { Results } from "./report.mjs" */

const PHASES = ["requests", "added", "steps", "start", "scale", "memory"];

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    phases: { type: "string", default: PHASES.join(",") },
    rounds: { type: "string" },
    seconds: { type: "string" },
    connections: { type: "string", default: "8" },
    tokens: { type: "string" },
    million: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    out: { type: "string" },
  },
});
const rounds = count("rounds", values.rounds ?? (values.quick ? "2" : "7"));
const seconds = count("seconds", values.seconds ?? (values.quick ? "1" : "4"));
const connections = count("connections", values.connections);
const tokens = values.million
  ? 1_000_000
  : count("tokens", values.tokens ?? (values.quick ? "20000" : "200000"));
const phases = new Set(values.phases.split(","));
const isWhole = !values.quick && values.only === undefined && phases.size === PHASES.length;
const out = values.out ?? (isWhole ? "dev/bench" : "dev/bench/partial");
for (const phase of phases)
  if (!PHASES.includes(phase)) fail(`--phases: there is no ${phase}; there are ${PHASES.join(", ")}.`);

// The measured SDKs must not send telemetry.
Object.assign(process.env, { XMCP_TELEMETRY_DISABLED: "true", CLERK_TELEMETRY_DISABLED: "1" });
installIfNeeded();
buildIfNeeded();
const { createWorld } = await import("./world.mjs");
const { machine } = await import("./machine.mjs");
const { writeReport } = await import("./report.mjs");
const { chosenVariants } = await import("./variants.mjs");

const variants = chosenVariants(values.only);
/** @type {Results} */
const results = { machine: machine(), settings: { rounds, seconds, connections } };
const world = await createWorld();
// `process.exit` runs the exit handlers, which remove the folder of built servers.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
  process.once(signal, () => process.exit(1));
const started = performance.now();

try {
  await phase("requests", async () => {
    const { measureThroughput } = await import("./throughput.mjs");
    results.throughput = await measureThroughput(world, variants, { rounds, seconds, connections, say });
  });
  await phase("added", async () => {
    const { measureAdded } = await import("./added.mjs");
    results.added = await measureAdded(
      world,
      values.quick ? { rounds: 2, seconds: 5 } : { rounds: 5, seconds: 25 },
    );
  });
  await phase("steps", async () => {
    const { measureFunctions } = await import("./functions.mjs");
    results.functions = await measureFunctions(world, { rounds, calls: values.quick ? 300 : 2_000 });
  });
  await phase("start", async () => {
    const { measureStartup } = await import("./startup.mjs");
    results.startup = await measureStartup(world, { rounds: values.quick ? 2 : Math.max(rounds, 15) });
  });
  await phase("scale", async () => {
    const { measureScale } = await import("./scale.mjs");
    results.scale = await measureScale(world, { rounds, seconds });
  });
  await phase("memory", async () => {
    const { measureMemory } = await import("./memory.mjs");
    results.memory = await measureMemory(world, { tokens, rounds, seconds, say });
  });
} finally {
  await world.stop();
}
say(`wrote ${out}/results.md`);

/**
 * Writes the report after each phase, so that a later failure does not lose results.
 *
 * @param {string} name
 * @param {() => Promise<void>} measure
 */
async function phase(name, measure) {
  if (!phases.has(name)) return;
  say(`measuring: ${name}`);
  await measure();
  writeReport(out, results);
}

/** @param {string} line */
function say(line) {
  console.log(`${((performance.now() - started) / 60_000).toFixed(1).padStart(5)} min  ${line}`);
}

/**
 * @param {string} name
 * @param {string} value
 */
function count(name, value) {
  if (!/^[1-9]\d*$/.test(value)) fail(`--${name} must be a whole number from 1, not ${value}.`);
  return Number(value);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
