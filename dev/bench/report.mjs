// Makes the text of results.md, and the tables that a run prints.
import { STEPS } from "./functions.mjs";
import { ratios, spread, written } from "./statistics.mjs";
import { table } from "./table.mjs";
import { verdicts } from "./targets.mjs";
import { idOf, TOOLS } from "./variants.mjs";

/** @import { Measured } from "./requests.mjs" */

/**
 * @typedef {object} Results only what was measured
 * @property {Record<string, string>} machine
 * @property {string} settings in words
 * @property {Measured[]} [requests]
 * @property {import("./functions.mjs").Functions} [functions]
 * @property {import("./startup.mjs").Startup} [startup]
 * @property {import("./memory.mjs").Sample[]} [memory]
 */

/** @param {Results} results */
export function targetsTable(results) {
  const rows = verdicts(results).map(({ what, target, measured, twins, outcome }) => {
    return [what, target, measured, twins, outcome];
  });
  return table(["", "target", "measured", "two equal ones", ""], rows);
}

/** @param {Results} results */
export function markdown(results) {
  const { machine, settings, requests, functions, startup, memory } = results;
  const { versions, ...rest } = machine;
  const sections = [
    requests && requestsSection(requests),
    functions && functionsSection(functions),
    startup && startupSection(startup),
    memory && memorySection(memory),
  ];
  return `# What this server costs

Made by \`npm run --prefix dev bench\`; this file is generated. Everything ran on one machine and on loopback: the servers,
the load generator in a process of its own, which checks every answer, and the local Clerk. Servers took turns,
A B C A B C …. A figure is the median of the rounds, with the least and the most of the
middle three quarters of the rounds in brackets; a ratio was taken in each round.

${settings}

${table(["", ""], Object.entries(rest))}

Versions: ${versions}.

## Targets

Ratios of CPU time per request, unless the row says otherwise. "Two equal ones" is how far two equal servers, or functions, were
apart in this run. Where that is more than the distance to the target, the outcome is "inconclusive".

${targetsTable(results)}
${sections.filter(Boolean).join("")}`;
}

/** @param {readonly Measured[]} requests */
export function requestsTable(requests) {
  return table(
    ["", "tools", "request", "CPU µs", "requests/s"],
    requests.map(({ subject: { name, tools, kind, isTwin }, cpuMicros, perSecond }) => [
      `${name}${isTwin ? ", its twin" : ""}`,
      String(tools),
      kind,
      written(spread(cpuMicros)),
      written(spread(perSecond)),
    ]),
  );
}

/** @param {readonly Measured[]} requests */
function requestsSection(requests) {
  return `
## Requests

Calls of the tool \`greet\`, and \`tools/list\`, on eight connections, with 64 tokens in turn. CPU is that of the server process, all
threads. \`xmcp\` is xmcp as it comes: no plugin, no authentication. \`sdk\` is \`@modelcontextprotocol/server\` with
\`requireBearerAuth\` and \`jose\`. \`mcp-use\` has its Clerk provider; it needs a newer Node (the package \`node\`), so ours runs
on that, too, to be compared with it.

${requestsTable(requests)}
`;
}

/** @param {NonNullable<Results["functions"]>} functions */
function functionsSection(functions) {
  const names = /** @type {(keyof typeof STEPS)[]} */ (Object.keys(STEPS));
  const rows = names.map((name) => [
    STEPS[name],
    written(spread(functions[name])),
    written(spread(ratios(functions[name], functions.jose))),
  ]);
  return `
## Functions

In a loop in one process, without HTTP. "Seen before" is one of 64 tokens; new ones are never repeated.

${table(["", "CPU µs", "over `jose`"], rows)}
`;
}

/** @param {NonNullable<Results["startup"]>} startup */
function startupSection({ firstAnswerMs, bundle }) {
  const kilobytes = (/** @type {number} */ bytes) => `${Math.round(bytes / 1000).toLocaleString("en")} kB`;
  return `
## Start and size

From starting the process to the first answer to a call, with four tools.

${table(
  ["", "ms"],
  Object.entries(firstAnswerMs).map(([name, values]) => [name, written(spread(values))]),
)}

${table(
  ["bundle", "size", "gzipped"],
  Object.entries(bundle).map(([name, { bytes, gzipped }]) => [name, kilobytes(bytes), kilobytes(gzipped)]),
)}
`;
}

/** @param {NonNullable<Results["memory"]>} memory */
function memorySection(memory) {
  return `
## Memory

After a garbage collection, of a server that has been shown so many distinct tokens, each once. The first row is that of the same
server after as many requests as warm it, with 64 tokens.

${table(
  ["distinct tokens", "RSS, MB", "heap, MB"],
  memory.map(({ tokens, rssMb, heapMb }) => [
    tokens.toLocaleString("en"),
    written(spread(rssMb)),
    written(spread(heapMb)),
  ]),
)}
`;
}

/**
 * The page with the figures of this run between its two comments.
 *
 * @param {string} page
 * @param {Results} results
 */
export function withFigures(page, results) {
  const [start, end] = [/<!-- figures: [^\n]*-->\n/, "<!-- end of figures -->"];
  const opening = start.exec(page)?.[0];
  if (opening === undefined || !page.includes(end)) throw new Error("The page has no place for the figures.");
  const { machine, settings } = results;
  const [before = "", rest = ""] = page.split(opening);
  const after = rest.slice(rest.indexOf(end));
  const run = `${settings} Node ${machine.Node}, commit ${machine.commit}, ${machine.date}.`;
  return `${before}${opening}${run}\n\n${targetsTable(results)}\n\n${after}`;
}

/**
 * The values of the two plots.
 *
 * @param {Results} results
 */
export function plotted({ requests = [], startup }) {
  const cpu = (/** @type {import("./variants.mjs").Name} */ name) =>
    TOOLS.map((tools) => {
      const found = requests.find(({ subject }) => subject.id === idOf(name, tools));
      return spread(found?.cpuMicros ?? []).median;
    });
  const start = (/** @type {"xmcp" | "ours" | "sdk" | "mcp-use"} */ name) =>
    spread(startup?.firstAnswerMs[name] ?? []).median;
  return {
    byTools: [
      { name: "xmcp, no auth", values: cpu("xmcp") },
      { name: "mcp-use, Node 24", values: cpu("mcp-use") },
      { name: "MCP SDK + jose", values: cpu("sdk") },
      { name: "ours", values: cpu("ours") },
      { name: "ours, Node 24", values: cpu("ours, newer Node") },
    ],
    starts: [
      { name: "xmcp, no auth", value: start("xmcp") },
      { name: "ours", value: start("ours") },
      { name: "MCP SDK + jose", value: start("sdk") },
      { name: "mcp-use, Node 24", value: start("mcp-use") },
    ],
  };
}
