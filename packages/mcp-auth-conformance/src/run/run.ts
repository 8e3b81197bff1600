/** Runs the cases against a target and reports on each. */
import type { Case, Level, Need } from "../case.js";
import { allCases } from "../cases/index.js";
import { runCase, TokenNotMade } from "./run-case.js";
import { isLoopback } from "./target.js";
import { startTestRun, type TestRun, type TestRunOptions } from "./test-run.js";

export interface RunOptions extends TestRunOptions {
  /** Default: all cases of this package. */
  readonly cases?: readonly Case[] | undefined;
  /** Whether the target accepts opaque tokens of the authority. Default: true in the profile `clerk`. */
  readonly opaque?: boolean | undefined;
  /** Whether a `should` that is not met fails the case. Default: false, it is a warning. */
  readonly strict?: boolean | undefined;
  /** Cases that run at the same time. Default: 4. */
  readonly concurrency?: number | undefined;
  /** Called after each case. */
  readonly onResult?: ((result: CaseResult) => void) | undefined;
}

export type Verdict = "passed" | "failed" | "warning" | "not run";

export interface CaseResult {
  readonly id: string;
  readonly title: string;
  readonly spec: string;
  readonly level: Level;
  readonly verdict: Verdict;
  /** How the response differs from the expectation, or why the case was not run. */
  readonly problems: readonly string[];
  /** The last request and response of a case that did not pass. */
  readonly sent?: string;
  readonly got?: string;
}

/** Numbers of cases. */
export type Counts = Readonly<Record<Verdict, number>>;

/** The verdicts on what a specification demands: on each `must` and `should`. */
export interface Totals extends Counts {
  /** The verdicts on robustness, which are in none of the other numbers. A robustness case that failed fails the run. */
  readonly robustness: Counts;
}

export interface Report {
  /** In the order of the cases. */
  readonly results: readonly CaseResult[];
  readonly totals: Totals;
}

/** Concurrency of cases with their own target. Each of them starts a server. */
const FRESH_AT_A_TIME = 2;

export async function runConformance(options: RunOptions): Promise<Report> {
  const { cases = allCases, concurrency = 4 } = options;
  const results = new Map<string, CaseResult>();
  const record = (result: CaseResult): void => {
    results.set(result.id, result);
    options.onResult?.(result);
  };
  const missing = missingNeeds(options);
  const lacking = (one: Case) => one.needs?.find((need) => missing.has(need));
  const isFresh = (one: Case) => one.needs?.includes("fresh") ?? false;
  const runnable = cases.filter((one) => lacking(one) === undefined);

  for (const one of cases) {
    const need = lacking(one);
    if (need !== undefined) record(resultOf(one, "not run", [missing.get(need) as string]));
  }
  const shared = runnable.filter((one) => !isFresh(one));
  if (shared.length > 0) {
    const isAboutCards = ({ needs = [] }: Case) => needs.includes("card") || needs.includes("catalog");
    const testRun = await startTestRun(options, shared.some(isAboutCards));
    try {
      await inParallel(shared, concurrency, async (one) => record(await verdictOn(one, testRun, options)));
    } finally {
      await testRun.close();
    }
  }
  await inParallel(runnable.filter(isFresh), FRESH_AT_A_TIME, async (one) => {
    const testRun = await startTestRun(options, false);
    try {
      record(await verdictOn(one, testRun, options));
    } finally {
      await testRun.close();
    }
  });
  return report(cases, results);
}

async function verdictOn(one: Case, testRun: TestRun, { strict = false }: RunOptions): Promise<CaseResult> {
  if (one.needs?.includes("loopback") && !isLoopback(testRun.url)) {
    return resultOf(one, "not run", ["the target is not on loopback"]);
  }
  if (one.needs?.includes("output") && testRun.output === undefined) {
    return resultOf(one, "not run", ["the output of the target is not available; pass a command"]);
  }
  for (const [need, reason] of [
    ["card", "the target publishes no server card"],
    ["catalog", "the target publishes no AI Catalog"],
  ] as const) {
    if (one.needs?.includes(need) && testRun.cards[need] === undefined)
      return resultOf(one, "not run", [reason]);
  }
  try {
    const { problems, sent, got } = await runCase(one, testRun);
    if (problems.length === 0) return resultOf(one, "passed", []);
    const verdict = one.level === "should" && !strict ? "warning" : "failed";
    return { ...resultOf(one, verdict, problems), sent, got };
  } catch (error) {
    if (error instanceof TokenNotMade) return resultOf(one, "not run", [error.message]);
    throw error;
  }
}

/** Why cases with a need are not run. */
function missingNeeds(options: RunOptions): Map<Need, string> {
  const { target, profile, tokenCommand, requiredScopes = [], opaque = profile === "clerk" } = options;
  const missing = new Map<Need, string>();
  if (!target.isFresh) missing.set("fresh", "it needs its own server; pass a command");
  if (tokenCommand !== undefined) {
    const reason = "it needs the suite's own authorization server; there is a token command instead";
    missing.set("fresh", reason).set("authority", reason);
  }
  if (!opaque) missing.set("opaque", "the target does not take opaque tokens (--opaque)");
  if (requiredScopes.length === 0) {
    missing.set("required-scopes", "no scope is required for every call (--required-scopes)");
  }
  if (options.closedTool === undefined) {
    missing.set("closed-tool", "no closed tool is named (--closed-tool)");
  }
  if (options.publicTool === undefined) {
    missing.set("public-tool", "no public tool is named (--public-tool)");
  }
  const { discovery = "signed-in" } = options;
  const reason = (what: string) => `${what} (--discovery ${discovery})`;
  if (discovery === "signed-in") missing.set("open-lists", reason("no list is open"));
  if (discovery !== "lists") missing.set("closed-connecting", reason("it is not about lists alone"));
  if (discovery !== "everyone") missing.set("open-connecting", reason("connecting requires a token"));
  const others = { clerk: "rfc9068", rfc9068: "clerk" } as const;
  missing.set(others[profile], `it is about tokens of the profile ${others[profile]}`);
  return missing;
}

function resultOf(
  { id, title, spec, level }: Case,
  verdict: Verdict,
  problems: readonly string[],
): CaseResult {
  return { id, title, spec, level, verdict, problems };
}

function report(cases: readonly Case[], found: ReadonlyMap<string, CaseResult>): Report {
  const results = cases.flatMap(({ id }) => found.get(id) ?? []);
  const isRobustness = ({ level }: CaseResult) => level === "robustness";
  const demanded = counts(results.filter((result) => !isRobustness(result)));
  return { results, totals: { ...demanded, robustness: counts(results.filter(isRobustness)) } };
}

function counts(results: readonly CaseResult[]): Counts {
  const numbers: Record<Verdict, number> = { passed: 0, failed: 0, warning: 0, "not run": 0 };
  for (const { verdict } of results) numbers[verdict] += 1;
  return numbers;
}

async function inParallel<T>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}
