/** The command `mcp-auth-conformance`. */
import { writeFileSync } from "node:fs";
import { allCases } from "../cases/index.js";
import { caseList, tokenKindList, tokenKinds } from "../report/lists.js";
import { textReport, totalsText } from "../report/text-report.js";
import { commandTarget, TargetNotStarted } from "../run/command-target.js";
import { runConformance } from "../run/run.js";
import { runningTarget } from "../run/target.js";
import { TokenCommandFailed } from "../run/token-command.js";
import { type CliArguments, parseArguments, UsageError, usage } from "./arguments.js";

// A reader such as `head` may close the pipe early.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const args = parseArguments(argv);
    return args.mode === "run" ? await run(args) : print(args);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`mcp-auth-conformance: ${error.message} See mcp-auth-conformance --help.`);
      return 2;
    }
    if (error instanceof TargetNotStarted || error instanceof TokenCommandFailed || isSystemError(error)) {
      console.error(`mcp-auth-conformance: ${(error as Error).message}`);
      return 2;
    }
    throw error;
  }
}

function print(args: CliArguments): number {
  const cases = chosenCases(args);
  const asJson = args.json !== undefined;
  const text =
    args.mode === "help"
      ? usage.trimEnd()
      : args.mode === "list"
        ? asJson
          ? JSON.stringify(cases, null, 2)
          : caseList(cases)
        : asJson
          ? JSON.stringify(tokenKinds(cases), null, 2)
          : tokenKindList(tokenKinds(cases));
  process.stdout.write(`${text}\n`);
  return 0;
}

async function run(args: CliArguments): Promise<number> {
  const { command, url, json, isQuiet } = args;
  const report = await runConformance({
    ...args,
    target:
      command.length > 0
        ? commandTarget({ command, ...(url !== undefined && { url }) })
        : runningTarget(url as string),
    cases: chosenCases(args),
  });
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${isQuiet ? totalsText(report.totals) : textReport(report)}\n`);
  const { failed, robustness } = report.totals;
  return failed + robustness.failed > 0 ? 1 : 0;
}

function chosenCases({ only, skip }: CliArguments) {
  const cases = allCases
    .filter(({ id }) => only.length === 0 || only.some((prefix) => id.startsWith(prefix)))
    .filter(({ id }) => !skip.some((prefix) => id.startsWith(prefix)));
  if (cases.length === 0) throw new UsageError("No case has that ID.");
  return cases;
}

/** Errors of the system, such as an unwritable file or a port in use. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
