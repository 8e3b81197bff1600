/** The command `doctor`. */

import { vercelOrigin } from "../../options/environment-variables.js";
import { type Environment, variable } from "../../runtime/platform.js";
import { UsageError } from "../command-line.js";
import { asking } from "./ask.js";
import type { Context } from "./check.js";
import { checks } from "./checks/index.js";
import { type CliArguments, parseArguments, usage } from "./cli-arguments.js";
import { diagnose, type Result } from "./diagnose.js";
import { serverEnvironment } from "./env-file.js";
import { redacted } from "./redacted.js";
import { textReport } from "./text-report.js";

const DEFAULT_BASE_URL = "http://127.0.0.1:3001";
const DEFAULT_ENDPOINT = "/mcp";

/** @returns the exit code. */
export async function doctor(argv: readonly string[]): Promise<number> {
  try {
    const args = parseArguments(argv);
    if (args.isHelp) {
      process.stdout.write(usage);
      return 0;
    }
    return await examine(args, serverEnvironment(args.environmentFile, process.env));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`doctor: ${error.message}\n\n${usage}`);
    return 2;
  }
}

async function examine(args: CliArguments, environment: Environment): Promise<number> {
  const secrets = new Set(SECRETS.flatMap((name) => variable(environment, name) ?? []));
  const printable = (text: string): string => redacted(text, secrets);
  const isColoured = process.stdout.isTTY && !args.isColourOff && !process.env.NO_COLOR;
  const text = textReport({ isColoured });
  const context: Context = {
    environment,
    url: args.url ?? defaultURL(environment),
    isUrlGiven: args.url !== undefined,
    signsIn: args.signsIn,
    signInWaitMs: args.signInWaitMs,
    ask: asking(args.timeoutMs),
    // Standard output is for the report.
    tell: (message) => print(process.stderr, message),
    keepSecret: (value) => secrets.add(value),
    known: {},
  };
  const report = (result: Result): void => {
    if (!args.isJson) print(process.stdout, text.line(result));
  };
  const results = await diagnose(checks, context, { printable, report });
  const isOk = results.every(({ status }) => status !== "fail");
  if (args.isJson) print(process.stdout, JSON.stringify({ ok: isOk, checks: results }, null, 2));
  else print(process.stdout, text.total(results));
  return isOk ? 0 : 1;
}

function print(stream: NodeJS.WriteStream, text: string): void {
  stream.write(`${text}\n`);
}

/** Nothing of these values is printed, even where they are set by mistake in the place of another. */
const SECRETS = ["CLERK_SECRET_KEY", "CLERK_JWT_KEY"];

function defaultURL(environment: Environment): string {
  const base = variable(environment, "BASE_URL") ?? vercelOrigin(environment) ?? DEFAULT_BASE_URL;
  return `${URL.canParse(base) ? new URL(base).origin : DEFAULT_BASE_URL}${DEFAULT_ENDPOINT}`;
}
