// npm run --prefix dev bench [-- --quick --write --phases requests,functions,start,memory]: measures what this server costs,
// and what others cost, in one run. Starts everything it needs, on loopback. A full run takes about an hour and writes
// dev/bench/results.md, and the figures and plots of docs/project/performance.md; --quick takes under three minutes and only prints, unless --write.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { compilePackages } from "../scripts/build-if-needed.mjs";
import { installIfNeeded } from "./install.mjs";

/** @import { Results } from "./report.mjs" */

const ROOT = resolve(import.meta.dirname, "../..");
const PHASES = ["requests", "functions", "start", "memory"];
const FULL = {
  requests: { starts: 5, turns: 4, warmUps: 2_500, requests: 250 },
  functions: { rounds: 25, calls: 500 },
  startup: { rounds: 15 },
  memory: { tokens: 1_000_000, samples: 8 },
};
const QUICK = {
  requests: { starts: 1, turns: 5, warmUps: 1_500, requests: 100 },
  functions: { rounds: 9, calls: 200 },
  startup: { rounds: 5 },
  memory: { tokens: 12_000, samples: 4 },
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    phases: { type: "string", default: PHASES.join(",") },
  },
});
const started = performance.now();
const phases = values.phases.split(",");
const unknown = phases.filter((phase) => !PHASES.includes(phase));
if (unknown.length > 0) {
  console.error(`--phases: there is no ${unknown.join(", ")}; there are ${PHASES.join(", ")}.`);
  process.exit(1);
}
const isWhole = phases.length === PHASES.length;
const sizes = values.quick ? QUICK : FULL;

// The measured SDKs must not send telemetry.
Object.assign(process.env, { XMCP_TELEMETRY_DISABLED: "true", CLERK_TELEMETRY_DISABLED: "1" });
installIfNeeded();
compilePackages();
const { createWorld } = await import("./world.mjs");
const { machine } = await import("./machine.mjs");
const { markdown, plotted, requestsTable, targetsTable, withFigures } = await import("./report.mjs");
const { checkNewerNode, TOOLS } = await import("./variants.mjs");
checkNewerNode();

/** @type {Results} */
const results = { machine: machine(), settings: settings() };
// `process.exit` runs the exit handlers, which remove the folder of built servers.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
  process.once(signal, () => process.exit(1));
say("building the servers");
const world = await createWorld(TOOLS, { isQuick: values.quick });

try {
  await phase("requests", async () => {
    const { measureRequests } = await import("./requests.mjs");
    results.requests = await measureRequests(world, { ...sizes.requests, say });
  });
  await phase("functions", async () => {
    const { measureFunctions } = await import("./functions.mjs");
    results.functions = await measureFunctions(world, sizes.functions);
  });
  await phase("start", async () => {
    const { measureStartup } = await import("./startup.mjs");
    results.startup = await measureStartup(world, sizes.startup);
  });
  await phase("memory", async () => {
    const { measureMemory } = await import("./memory.mjs");
    results.memory = await measureMemory(world, { ...sizes.memory, say });
  });
} finally {
  await world.stop();
}
console.log(`\n${results.settings}\n`);
if (results.requests) console.log(`${requestsTable(results.requests)}\n`);
console.log(`${targetsTable(results)}\n`);
if (isWhole && (values.write || !values.quick)) await write();
say("done");

/** Writes the results, and the figures and plots of docs/project/performance.md. */
async function write() {
  const { bars, linesByTools } = await import("./plots.mjs");
  const { byTools, starts } = plotted(results);
  const page = "docs/project/performance.md";
  const files = {
    "dev/bench/results.md": markdown(results),
    [page]: withFigures(readFileSync(join(ROOT, page), "utf8"), results),
    "docs/images/cost-per-call.svg": linesByTools("CPU time per call, µs", TOOLS, byTools),
    "docs/images/cold-start.svg": bars("From start to the first answer", "ms", starts),
  };
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(ROOT, file), text);
    say(`wrote ${file}`);
  }
}

function settings() {
  const { requests, memory } = sizes;
  return (
    `${values.quick ? "A quick run" : "A full run"}: each server answered ${requests.warmUps.toLocaleString("en")} requests of the kind that is measured ` +
    `before it was, and ${requests.requests.toLocaleString("en")} in each turn. There were ${requests.starts * requests.turns} rounds` +
    `${requests.starts > 1 ? `, and new servers for every ${requests.turns} of them` : " with the same servers"}. ` +
    `${values.quick ? "V8 was told to compile them sooner. " : ""}Memory was measured with ${memory.tokens.toLocaleString("en")} tokens.`
  );
}

/**
 * @param {string} name
 * @param {() => Promise<void>} measure
 */
async function phase(name, measure) {
  if (!phases.includes(name)) return;
  say(`measuring: ${name}`);
  await measure();
}

/** @param {string} line */
function say(line) {
  console.log(
    `${Math.round((performance.now() - started) / 1_000)
      .toString()
      .padStart(5)} s  ${line}`,
  );
}
