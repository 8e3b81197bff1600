/** Runs the checks in order. */
import { Unanswered } from "./ask.js";
import { type Check, type Context, type Finding, fail, type Status, skipped } from "./check.js";

/** The report of a check. */
export interface Result {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  readonly detail: string;
  /** The repair, unless the check passed or was skipped. */
  readonly fix?: string;
}

export interface Reporting {
  /** Redacts secrets in a text. */
  readonly printable: (text: string) => string;
  /** Receives each result as soon as it exists. */
  readonly report: (result: Result) => void;
}

export async function diagnose(
  checks: readonly Check[],
  context: Context,
  { printable, report }: Reporting,
): Promise<readonly Result[]> {
  const results = new Map<string, Result>();
  for (const check of checks) {
    const { id, title } = check;
    const finding = notWithout(check, results) ?? (await outcome(check, context));
    const result: Result = {
      id,
      title,
      status: finding.status,
      detail: oneLine(printable(finding.detail)),
      ...("fix" in finding && { fix: printable(finding.fix) }),
    };
    results.set(id, result);
    report(result);
  }
  return [...results.values()];
}

const MAX_DETAIL = 400;

/** Part of the text may come from a server. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_DETAIL ? `${line.slice(0, MAX_DETAIL)}…` : line;
}

/** A skipped check shows the reason of the check that it needs. */
function notWithout({ needs }: Check, results: ReadonlyMap<string, Result>): Finding | undefined {
  const missing = needs
    .map((id) => results.get(id))
    .find((result) => result !== undefined && !isUsable(result));
  if (missing === undefined) return undefined;
  return skipped(missing.status === "fail" ? `waiting for: ${missing.title}` : missing.detail);
}

function isUsable({ status }: Result): boolean {
  return status === "ok" || status === "warn";
}

/** An unanswered request is a finding of the check that made it. */
async function outcome(check: Check, context: Context): Promise<Finding> {
  try {
    return await check.run(context);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return fail(error.message, "Check the log of the server and of its proxy.");
  }
}
