// Compares the results with their targets. A missed target is only reported.
import { noise, ratios, spread, written } from "./statistics.mjs";
import { idOf } from "./variants.mjs";

/** @import { Results } from "./report.mjs" */
/** @import { Measured } from "./requests.mjs" */
/** @import { Name, Subject } from "./variants.mjs" */

/**
 * @typedef {object} Verdict
 * @property {string} what
 * @property {string} target
 * @property {string} measured
 * @property {string} twins how far two equal servers were apart
 * @property {"met" | "not met" | "inconclusive" | "not measured in full"} outcome
 */

const MILLION = 1_000_000;

/** @param {Results} results @returns {Verdict[]} only for what was measured */
export function verdicts({ requests, functions, startup, memory }) {
  return [
    ...(requests ? requestVerdicts(requests) : []),
    ...(functions ? functionVerdicts(functions) : []),
    ...(startup ? startupVerdicts(startup) : []),
    ...(memory ? memoryVerdicts(memory) : []),
  ];
}

/** @param {readonly Measured[]} measured */
function requestVerdicts(measured) {
  /**
   * @param {Name} name
   * @param {number} tools
   * @param {Partial<Subject>} [more]
   */
  const figures = (name, tools, more) => {
    const id = idOf(name, tools, more);
    const found = measured.find(({ subject }) => subject.id === id);
    if (found === undefined) throw new Error(`${id} was not measured`);
    return found;
  };
  /**
   * @param {Name} name
   * @param {"cpuMicros" | "perSecond"} pick
   */
  const twins = (name, pick) => noise(figures(name, 4)[pick], figures(name, 4, { isTwin: true })[pick]);
  const apart = twins("ours", "cpuMicros");
  /**
   * @param {string} what
   * @param {[Measured, Measured]} pair
   * @param {number} limit
   * @param {number} [twin]
   */
  const cpu = (what, [one, other], limit, twin = apart) =>
    judged(what, ratios(one.cpuMicros, other.cpuMicros), { limit, twins: twin });
  /** @param {number} tools @param {number} limit */
  const overSdk = (tools, limit) =>
    cpu(
      `call, ${tools} tools: ours over the MCP SDK with \`jose\``,
      [figures("ours", tools), figures("sdk", tools)],
      limit,
    );
  const newer = /** @type {Name} */ ("ours, newer Node");
  /** @param {number} tools */
  const overMcpUse = (tools) => {
    const [one, other] = [figures(newer, tools), figures("mcp-use", tools)];
    return [
      cpu(`call, ${tools} tools: ours over mcp-use`, [one, other], 1, twins(newer, "cpuMicros")),
      judged(`the same: requests per second`, ratios(one.perSecond, other.perSecond), {
        limit: 1,
        twins: twins(newer, "perSecond"),
        isLeast: true,
      }),
    ];
  };
  const list = /** @type {const} */ ({ kind: "list" });
  return [
    cpu("call: ours with 100 tools over ours with 4", [figures("ours", 100), figures("ours", 4)], 1.1),
    cpu("call, 4 tools: ours over xmcp", [figures("ours", 4), figures("xmcp", 4)], 0.75),
    cpu("call, 100 tools: ours over xmcp", [figures("ours", 100), figures("xmcp", 100)], 0.09),
    cpu("list of 100 tools: ours over xmcp", [figures("ours", 100, list), figures("xmcp", 100, list)], 0.15),
    overSdk(4, 1),
    overSdk(20, 0.8),
    overSdk(100, 0.4),
    ...[4, 20, 100].flatMap(overMcpUse),
  ];
}

/** @param {NonNullable<Results["functions"]>} functions */
function functionVerdicts({ allSeen, allSeenTwin, verifyNew, jose, joseTwin }) {
  return [
    judged("authentication alone, a token seen before", allSeen, {
      limit: 20,
      twins: noise(allSeen, allSeenTwin),
      unit: "µs",
    }),
    judged("verification of a new token over `jose`", ratios(verifyNew, jose), {
      limit: 1.15,
      twins: noise(jose, joseTwin),
    }),
  ];
}

/** @param {NonNullable<Results["startup"]>} startup */
function startupVerdicts({ firstAnswerMs: { xmcp, ours, "ours, twin": twin }, bundle }) {
  return [
    judged("start to first answer: ours over xmcp", ratios(ours, xmcp), {
      limit: 1,
      twins: noise(ours, twin),
    }),
    judged("size of `dist/http.js`: ours over xmcp", [bundle.ours.bytes / bundle.xmcp.bytes], {
      limit: 1,
      twins: 1,
    }),
  ];
}

/** @param {NonNullable<Results["memory"]>} samples @returns {Verdict[]} */
function memoryVerdicts([empty, full]) {
  if (!empty || !full) return [];
  const least = Math.min(...empty.rssMb);
  // The least: some samples still contain garbage.
  const growth = Math.min(...full.rssMb) - least;
  const verdict = judged(`memory for ${full.tokens.toLocaleString("en")} distinct tokens`, [growth], {
    limit: 30,
    twins: 1,
    unit: "MB",
  });
  if (full.tokens >= MILLION || verdict.outcome === "not met") return [verdict];
  return [{ ...verdict, outcome: "not measured in full" }];
}

/**
 * @typedef {object} Target
 * @property {number} limit
 * @property {number} twins how far two equal subjects were apart, as a factor
 * @property {string} [unit]
 * @property {boolean} [isLeast] whether the value has to be above the limit
 */

/**
 * @param {string} what
 * @param {readonly number[]} values one per round
 * @param {Target} target
 * @returns {Verdict}
 */
function judged(what, values, { limit, twins, unit = "", isLeast = false }) {
  const measured = spread(values);
  const isApart = Math.abs(Math.log(measured.median / limit)) > Math.log(twins);
  const isMet = isLeast ? measured.median > limit : measured.median <= limit;
  return {
    what,
    target: `${isLeast ? ">" : "≤"} ${limit}${unit && ` ${unit}`}`,
    measured:
      values.length === 1
        ? `${measured.median.toPrecision(3)}${unit && ` ${unit}`}`
        : written(measured, unit),
    twins: twins === 1 ? "" : `± ${Math.ceil((twins - 1) * 100)} %`,
    outcome: isApart ? (isMet ? "met" : "not met") : "inconclusive",
  };
}
