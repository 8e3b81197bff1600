// Compares the results with their targets. A missed target is only reported.
import { difference, ratio, spread } from "./statistics.mjs";

/** @import { Results } from "./report.mjs" */
/** @import { Spread } from "./statistics.mjs" */
/** @import { Turn } from "./throughput.mjs" */

/**
 * @typedef {{ what: string, target: string, measured: string, met: boolean | undefined }} Verdict `met`: undefined if
 * this run does not show it
 */

const MILLION = 1_000_000;
/** Two costs count as equal within this factor. */
const FLAT = 1.1;

/** @param {Results} results @returns {Verdict[]} only for phases that were measured */
export function verdicts({ throughput = [], added = [], functions = [], startup, memory, scale = [] }) {
  /** @type {Verdict[]} */
  const all = [];
  /**
   * @param {string} what
   * @param {string} target
   * @param {Spread | undefined} value
   * @param {(value: Spread) => boolean} isMet
   * @param {string} [unit]
   */
  const judge = (what, target, value, isMet, unit = "") => {
    if (value !== undefined) all.push({ what, target, measured: written(value, unit), met: isMet(value) });
  };

  /**
   * @param {string} id
   * @param {"many" | "one"} load
   * @param {(turn: Turn) => number} pick
   */
  const turns = (id, load, pick) => throughput.find(({ variant }) => variant.id === id)?.[load].map(pick);
  /**
   * @param {typeof ratio} compare
   * @param {[string, string]} ids
   * @param {"many" | "one"} load
   * @param {(turn: Turn) => number} pick
   */
  const compared = (compare, [one, other], load, pick) => {
    const [a, b] = [turns(one, load, pick), turns(other, load, pick)];
    return a && b && compare(a, b);
  };
  const rate = (/** @type {Turn} */ turn) => turn.perSecond;
  /**
   * Compares with xmcp by default, and with the plugin's server entry without authentication. @param {string} id @param
   * {number} least
   */
  const overOpen = (id, least) => {
    for (const open of ["1", "1b"])
      judge(
        `throughput of ${id} over ${open}`,
        `≥ ${least}`,
        compared(ratio, [id, open], "many", rate),
        ({ median }) => median >= least,
      );
  };
  const cost = (/** @type {string} */ name) => functions.find((entry) => entry.name === name)?.micros;

  overOpen("2", 0.97);
  judge(
    "p99 of 2 over 1",
    "≤ 1.05",
    compared(ratio, ["2", "1"], "many", (turn) => turn.p99),
    ({ median }) => median <= 1.05,
  );
  for (const { name, added: more } of added.slice(0, 1))
    judge(
      `time that ${name} adds to a request, in one process`,
      "≤ 25 µs",
      spread(more),
      ({ median }) => median <= 25,
      "µs",
    );
  for (const { name, added: more, without } of added.filter(({ name }) => name === "the events alone"))
    judge(
      `time that ${name} add to a request, in one process`,
      "≤ 1 %",
      percent(ratio(more, without)),
      ({ median }) => median <= 1,
      "%",
    );
  judge(
    "time that 2 adds to a request: CPU, two processes",
    "≤ 25 µs",
    compared(difference, ["2", "1"], "many", (turn) => turn.cpuMicros),
    ({ median }) => median <= 25,
    "µs",
  );
  judge(
    "time that 2 adds to a request: median latency, one connection",
    "≤ 25 µs",
    compared(difference, ["2", "1"], "one", (turn) => turn.p50 * 1_000),
    ({ median }) => median <= 25,
    "µs",
  );
  const [bare, isNew, isSeen] = [
    "bare jose.jwtVerify, local key",
    "all of it (decide), token new",
    "all of it (decide), token seen before",
  ].map(cost);
  if (bare && isNew && isSeen) {
    const extra = isNew.map((micros, round) => micros - (isSeen[round] ?? Number.NaN));
    judge(
      "what a new token costs more than one seen before, over bare jose: the functions",
      "≤ 1.15",
      ratio(extra, bare),
      ({ median }) => median <= 1.15,
    );
  }
  const slower = compared(difference, ["3", "2"], "one", (turn) => turn.p50 * 1_000);
  if (slower && bare) {
    const { median } = ratio(
      bare,
      bare.map(() => 1),
    );
    const over = { median: slower.median / median, min: slower.min / median, max: slower.max / median };
    judge("the same: median latency, one connection", "≤ 1.15", over, (value) => value.median <= 1.15);
  }
  judge(
    "throughput of 4 over 2",
    "1 within the spread",
    compared(ratio, ["4", "2"], "many", rate),
    ({ min, max }) => min <= 1 && max >= 1,
  );
  overOpen("5", 0.95);
  judge(
    "throughput of 5 over 5b: what the record costs",
    "1 within the spread",
    compared(ratio, ["5", "5b"], "many", rate),
    ({ min, max }) => min <= 1 && max >= 1,
  );
  for (const [ours, other] of /** @type {[string, string][]} */ ([
    ["2", "6a"],
    ["2", "6b"],
    ["2", "6c"],
    ["2b", "7"],
    ["2", "8"],
    ["2", "9a"],
    ["2", "9b"],
  ])) {
    judge(
      `throughput of ${ours} over ${other}`,
      "> 1",
      compared(ratio, [ours, other], "many", rate),
      ({ median }) => median > 1,
    );
  }
  judge(
    "throughput of 2 over 6b (20 ms), one connection",
    "≥ 20",
    compared(ratio, ["2", "6b"], "one", rate),
    ({ median }) => median >= 20,
  );
  for (const id of ["2", "4"]) {
    const asked = [
      ...(turns(id, "many", (turn) => turn.asked) ?? []),
      ...(turns(id, "one", (turn) => turn.asked) ?? []),
    ];
    if (asked.length === 0) continue;
    const total = asked.reduce((sum, count) => sum + count, 0);
    all.push({
      what: `requests to Clerk while ${id} was measured`,
      target: "0",
      measured: String(total),
      met: total === 0,
    });
  }

  if (startup) {
    const { firstAnswerMs, bundle, evaluated } = startup;
    judge(
      "start to first answer, over the server without the plugin",
      "≤ 40 ms",
      difference(firstAnswerMs.ours, firstAnswerMs.open),
      ({ median }) => median <= 40,
      "ms",
    );
    const more = (bundle.ours.bytes / bundle.open.bytes - 1) * 100;
    all.push({
      what: "bundle, over the server without the plugin",
      target: "≤ 15 %",
      measured: `${more.toFixed(1)} %`,
      met: more <= 15,
    });
    const count = evaluated.untilAsked.length;
    all.push({
      what: "modules of @clerk/backend evaluated before a tool asks for it",
      target: "none",
      measured: count === 0 ? "none" : `${count} of ${evaluated.onceAsked.length} looked for`,
      met: count === 0,
    });
  }
  if (memory) {
    const { open, ours } = memory.samples;
    const [first, last, other] = [ours[0], ours.at(-1), open.at(-1)];
    if (first && last && other) {
      const growth = last.rssMiB - first.rssMiB;
      const beside = last.rssMiB - other.rssMiB;
      all.push({
        what: `memory for ${last.tokens.toLocaleString("en")} distinct tokens: RSS over that without any`,
        target: last.tokens >= MILLION ? "≤ 48 MiB" : "≤ 48 MiB for 1,000,000",
        measured: `${growth.toFixed(1)} MiB; ${beside.toFixed(1)} MiB over the server without the plugin`,
        met: last.tokens >= MILLION || growth > 48 ? growth <= 48 : undefined,
      });
    }
    judge(
      "throughput after all these tokens over that of a fresh server",
      "1 within the spread, or more",
      ratio(memory.perSecond.full, memory.perSecond.fresh),
      ({ max }) => max >= 1,
    );
  }
  for (const [more, fewer] of /** @type {[string, string][]} */ ([
    ["100 tools", "4 tools"],
    ["1,000 rules", "10 rules"],
  ])) {
    const [a, b] = [more, fewer].map((name) => scale.find((entry) => entry.name === name)?.micros);
    if (a && b)
      judge(
        `time in the middleware, ${more} over ${fewer}`,
        `≤ ${FLAT}`,
        ratio(a, b),
        ({ median }) => median <= FLAT,
      );
  }
  return all;
}

/** @param {Spread} value @param {string} [unit] */
export function written({ median, min, max }, unit = "") {
  const digits = Math.abs(median) >= 100 ? 0 : Math.abs(median) >= 10 ? 1 : 2;
  const [middle, least, most] = [median, min, max].map((number) => number.toFixed(digits));
  return `${middle}${unit && ` ${unit}`} (${least} to ${most})`;
}

/** @param {Spread} share @returns {Spread} */
function percent({ median, min, max }) {
  return { median: median * 100, min: min * 100, max: max * 100 };
}
