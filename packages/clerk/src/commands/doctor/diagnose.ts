/** Runs the checks one after the other. */
import { Unanswered } from "./ask.js";
import { type Check, type Context, type Finding, fail, type Status, skipped } from "./check.js";

/** What is reported of a check. */
export interface Result {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  readonly detail: string;
  /** What mends it, unless it is green or was skipped. */
  readonly fix?: string;
}

export interface Reporting {
  /** Makes of a text what may be printed. */
  readonly printable: (text: string) => string;
  /** Is told of each result as it comes. */
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

/** Part of it may come from a server, which can say what it likes. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_DETAIL ? `${line.slice(0, MAX_DETAIL)}…` : line;
}

/** Skipped for the reason for which what it needs was skipped, or because that is red. */
function notWithout({ needs }: Check, results: ReadonlyMap<string, Result>): Finding | undefined {
  const missing = needs
    .map((id) => results.get(id))
    .find((result) => result !== undefined && !isUsable(result));
  if (missing === undefined) return undefined;
  return skipped(missing.status === "fail" ? `first mend: ${missing.title}` : missing.detail);
}

function isUsable({ status }: Result): boolean {
  return status === "ok" || status === "warn";
}

/** A request that is not answered is a finding, whoever makes it. */
async function outcome(check: Check, context: Context): Promise<Finding> {
  try {
    return await check.run(context);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return fail(error.message, "Look at the log of that server, and at the proxy before it.");
  }
}
