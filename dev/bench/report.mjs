// Writes the results to results.md.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { difference, paired, ratio, spread } from "./statistics.mjs";
import { verdicts, written } from "./targets.mjs";

/**
 * @typedef {object} Results only what was measured
 * @property {Record<string, string>} machine
 * @property {{ rounds: number, seconds: number, connections: number }} settings
 * @property {import("./throughput.mjs").Measured[]} [throughput]
 * @property {import("./added.mjs").Added[]} [added]
 * @property {import("./functions.mjs").Cost[]} [functions]
 * @property {import("./startup.mjs").Startup} [startup]
 * @property {import("./memory.mjs").Memory} [memory]
 * @property {import("./scale.mjs").Scale[]} [scale]
 */

/**
 * @param {string} folder
 * @param {Results} results
 */
export function writeReport(folder, results) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "results.md"), markdown(results));
}

/** @param {Results} results */
function markdown(results) {
  const { machine, settings, throughput, added, functions, startup, memory, scale } = results;
  return `# What authentication costs

Made by \`npm run --prefix dev bench\`. Everything ran on one machine and on loopback: the server, the load generator (\`autocannon\`, a
process of its own, which checks every answer) and the stand-in for Clerk. What is compared ran in turns, A B C A B C …,
${settings.rounds} rounds; a figure is the median of the rounds, with the least and the most in brackets. A ratio was taken in each round.
Absolute figures say something about this machine, ratios about the programs.

${table(["", ""], Object.entries(machine))}

## Targets

${table(
  ["", "target", "measured", ""],
  verdicts(results).map(({ what, target, measured, met }) => [what, target, measured, verdictOf(met)]),
)}
${[throughput && throughputSection(throughput, settings), added && addedSection(added), functions && functionsSection(functions), startup && startupSection(startup), memory && memorySection(memory), scale && scaleSection(scale)].filter(Boolean).join("\n")}`;
}

/**
 * @param {NonNullable<Results["throughput"]>} throughput
 * @param {Results["settings"]} settings
 */
function throughputSection(throughput, { connections, seconds }) {
  const open = throughput.find(({ variant }) => variant.id === "1");
  const rows = throughput.map(({ variant, many, one }) => [
    variant.id,
    variant.name,
    written(spread(many.map(({ perSecond }) => perSecond))),
    open
      ? written(
          ratio(
            many.map(({ perSecond }) => perSecond),
            open.many.map(({ perSecond }) => perSecond),
          ),
        )
      : "",
    written(spread(many.map(({ p50 }) => p50))),
    written(spread(many.map(({ p99 }) => p99))),
    written(spread(many.map(({ cpuMicros }) => cpuMicros))),
    written(spread(one.map(({ perSecond }) => perSecond))),
    written(spread(one.map(({ p50 }) => p50))),
    (sum(many.map(({ asked }) => asked)) / sum(many.map(({ requests }) => requests)))
      .toFixed(3)
      .replace(/^0\.000$/, "0"),
  ]);
  return `
## Requests

Calls of the tool \`greet\`, ${seconds} s a turn: ${connections} connections, then one. All serve the same four tools. A token "seen before" is
one of 64; "new" tokens are sent once each. CPU is that of the server process, all threads, per request. The distance of
6 is a delay in the stand-in's answer; its calls to Clerk include those of requests that the end of a turn cut off. 7 runs on the Node
of the \`node\` package, which it needs, and so does 2b, to be compared with it; the others on the Node above. 7b and 8b are 7 and 8 without authentication. 1 to 6 and 9 are xmcp, 1 as it
comes and without the plugin, the others in the plugin's server entry; in 2, 3, 4 and 5b events are off.

${table(["", "", "requests/s", "of 1", "p50 ms", "p99 ms", "CPU µs", "requests/s, one connection", "p50 ms, one connection", "calls to Clerk per request"], rows)}

What authentication alone adds to a request:

${table(["", "", "CPU µs", "median latency, one connection, µs"], addedRows(throughput))}
`;
}

/** @param {NonNullable<Results["throughput"]>} throughput */
function addedRows(throughput) {
  const withoutOf = (/** @type {string} */ id) => (id === "7" ? "7b" : id === "8" ? "8b" : "1b");
  return throughput.flatMap(({ variant, many, one }) => {
    const without = throughput.find((entry) => entry.variant.id === withoutOf(variant.id));
    // 2b runs on another version of Node than 1b.
    if (!without || ["1", "1b", "2b", "7b", "8b"].includes(variant.id)) return [];
    return [
      [
        variant.id,
        variant.name,
        written(
          difference(
            many.map(({ cpuMicros }) => cpuMicros),
            without.many.map(({ cpuMicros }) => cpuMicros),
          ),
        ),
        written(
          difference(
            one.map(({ p50 }) => p50 * 1_000),
            without.one.map(({ p50 }) => p50 * 1_000),
          ),
        ),
      ],
    ];
  });
}

/** @param {NonNullable<Results["added"]>} added */
function addedSection(added) {
  const rows = added.map(({ name, without, added: more }) => [
    name,
    written(spread(more)),
    `${(paired(more, without, (a, b) => a / b).median * 100).toFixed(1)} %`,
  ]);
  const [first] = added;
  return `
## Added to a request, in one process

From a request's arrival at the middleware until its answer is out and the process is free for another, what it takes longer
than one that is let through unasked${first ? ` (${written(spread(first.without), "µs")})` : ""}. One connection; of every seven requests one is of each kind, in a random
order, but for three with events; the median of what one takes longer than another of the same seven, and a new server for each of ${first?.added.length} rounds. The rules include authentication, the events both; to make them into text
and to write them comes later, and is among the steps below. The last two rows are over the rules; the last is the rules themselves, and tells how fine
this measure is.

${table(["", "µs", "of a request without"], rows)}
`;
}

/** @param {NonNullable<Results["functions"]>} functions */
function functionsSection(functions) {
  const bare = functions.find(({ name }) => name.startsWith("bare jose"));
  const rows = functions.map(({ name, micros }) => [
    name,
    written(spread(micros)),
    bare ? written(ratio(micros, bare.micros)) : "",
  ]);
  return `
## Steps

One after the other in one process, without HTTP. "Seen before" is one of 64 tokens; new ones are never repeated.

${table(["", "µs", "of bare jose"], rows)}
`;
}

/** @param {NonNullable<Results["startup"]>} startup */
function startupSection({ firstAnswerMs, listeningMs, bundle, evaluated }) {
  const kilobytes = (/** @type {number} */ bytes) => `${Math.round(bytes / 1024).toLocaleString("en")} KiB`;
  return `
## Start and size

From starting \`node dist/http.js\`; the answer is that to a call of \`greet\` with a token.

${table(
  ["", "without the plugin", "with it", "more"],
  [
    [
      "listening",
      written(spread(listeningMs.open), "ms"),
      written(spread(listeningMs.ours), "ms"),
      written(difference(listeningMs.ours, listeningMs.open), "ms"),
    ],
    [
      "first answer",
      written(spread(firstAnswerMs.open), "ms"),
      written(spread(firstAnswerMs.ours), "ms"),
      written(difference(firstAnswerMs.ours, firstAnswerMs.open), "ms"),
    ],
    [
      "bundle",
      kilobytes(bundle.open.bytes),
      kilobytes(bundle.ours.bytes),
      `${((bundle.ours.bytes / bundle.open.bytes - 1) * 100).toFixed(1)} %`,
    ],
    [
      "bundle, gzipped",
      kilobytes(bundle.open.gzipped),
      kilobytes(bundle.ours.gzipped),
      `${((bundle.ours.gzipped / bundle.open.gzipped - 1) * 100).toFixed(1)} %`,
    ],
  ],
)}

Of ${evaluated.onceAsked.length} modules of \`@clerk/backend\` that have been evaluated once a tool has asked for the user, ${evaluated.untilAsked.length} had been before (V8's
coverage record of the bundle).
`;
}

/** @param {NonNullable<Results["memory"]>} memory */
function memorySection({ samples, perSecond }) {
  const rows = samples.ours.map(({ tokens, rssMiB, heapMiB }, index) => [
    tokens.toLocaleString("en"),
    ...[samples.open[index]?.rssMiB ?? 0, rssMiB, samples.open[index]?.heapMiB ?? 0, heapMiB].map((value) =>
      value.toFixed(1),
    ),
  ]);
  return `
## Memory

MiB after a garbage collection, the least of a few samples, of a server that has been shown so many distinct tokens, each once, in a GET: it is authenticated
like any request, and then answered 405. They are signed with the stand-in's key. The server without the plugin got the same requests.

${table(["distinct tokens", "RSS without the plugin", "RSS with it", "heap without", "heap with"], rows)}

Then, in turns, calls per second of a fresh server that has seen 64: ${written(spread(perSecond.fresh))}; of that which has seen all: ${written(spread(perSecond.full))}.
`;
}

/** @param {NonNullable<Results["scale"]>} scale */
function scaleSection(scale) {
  return `
## Number of tools and rules

Time from a request's arrival at the middleware to its going on to the tools, one connection; the median of a turn.

${table(
  ["", "µs"],
  scale.map(({ name, micros }) => [name, written(spread(micros))]),
)}
`;
}

/**
 * @param {NonNullable<Results["throughput"]>} throughput
 * @param {Results["settings"]} settings
 */
/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** @param {boolean | undefined} met */
function verdictOf(met) {
  if (met === undefined) return "not measured in full";
  return met ? "met" : "**not met**";
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
