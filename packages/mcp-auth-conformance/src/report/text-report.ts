/** The report as text: a table of the groups, and each case that did not pass. */
import type { CaseResult, Report, Totals, Verdict } from "../run/run.js";

const COLUMNS = ["passed", "failed", "warning", "not run"] as const satisfies readonly Verdict[];

export function groupOf(id: string): string {
  return id.slice(0, id.indexOf("."));
}

export function textReport({ results, totals }: Report): string {
  return [
    table(results),
    ...results.filter(({ verdict }) => verdict === "failed" || verdict === "warning").map(detail),
    notRun(results),
    totalsText(totals),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** The line of the totals, and before it that of the robustness cases, if there are any. */
export function totalsText(totals: Totals): string {
  const { passed, failed, "not run": notRun } = totals.robustness;
  const robustness = `robustness: ${passed} passed, ${failed} failed, ${notRun} not run`;
  return [...(passed + failed + notRun > 0 ? [robustness] : []), totalsLine(totals)].join("\n");
}

/** `N passed, N failed, N not run`, without robustness cases. Mentions warnings only if there are any. */
export function totalsLine(totals: Totals): string {
  const warnings = totals.warning > 0 ? `, ${totals.warning} warnings` : "";
  return `${totals.passed} passed, ${totals.failed} failed, ${totals["not run"]} not run${warnings}`;
}

/** A row for each group, and one for the robustness cases of all groups. */
function table(results: readonly CaseResult[]): string {
  const rowOf = ({ id, level }: CaseResult) => (level === "robustness" ? level : groupOf(id));
  const inGroups = results.map(rowOf).filter((row) => row !== "robustness");
  const names = [...new Set([...inGroups, ...results.map(rowOf)])];
  const rows = names.map((name) => {
    const own = results.filter((result) => rowOf(result) === name);
    return [name, ...COLUMNS.map((column) => own.filter(({ verdict }) => verdict === column).length)];
  });
  return [["group", ...COLUMNS], ...rows]
    .map(
      ([group, ...cells]) =>
        `${String(group).padEnd(12)}${cells.map((cell) => String(cell).padStart(9)).join("")}`,
    )
    .join("\n");
}

function detail({ id, title, spec, level, verdict, problems, sent = "", got = "" }: CaseResult): string {
  return [
    `${verdict === "failed" ? "FAILED" : "WARNING"} ${id} – ${title}`,
    `  ${level}, ${spec}`,
    ...problems.map((problem) => `  ${problem}`),
    "  sent:",
    indented(sent),
    "  got:",
    indented(got),
  ].join("\n");
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}

function notRun(results: readonly CaseResult[]): string {
  const byReason = new Map<string, string[]>();
  for (const { id, verdict, problems } of results) {
    if (verdict !== "not run") continue;
    const reason = problems.join(", ");
    byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  return [...byReason].map(([reason, ids]) => `not run, as ${reason}: ${ids.join(" ")}`).join("\n");
}
