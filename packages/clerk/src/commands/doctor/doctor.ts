/** The command `doctor`. */
import { vercelOrigin } from "../../options/environment-variables.js";
import { type Environment, variable } from "../../runtime/platform.js";
import { flag, help, parsedOptions, text, UsageError } from "../command-line.js";
import { serverEnvironment } from "../env-file.js";
import { asking } from "./ask.js";
import type { Context } from "./check.js";
import { checks } from "./checks/index.js";
import { devLocalURL } from "./dev-local.js";
import { diagnose, type Result } from "./diagnose.js";
import { redacted, textReport } from "./text-report.js";

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
    clientId: args.clientId,
    signInWaitMs: args.signInWaitMs,
    ask: asking(args.timeoutMs),
    // Standard output contains only the report.
    tell: (message) => print(process.stderr, message),
    keepSecret: (value) => secrets.add(value),
    known: {},
  };
  const report = (result: Result): void => {
    if (!args.isJson) for (const line of text.lines(result)) print(process.stdout, line);
  };
  const results = await diagnose(checks, context, { printable, report });
  const isOk = results.every(({ status }) => status !== "fail");
  if (args.isJson) print(process.stdout, JSON.stringify({ ok: isOk, checks: results }, null, 2));
  else for (const line of text.end(results)) print(process.stdout, line);
  return isOk ? 0 : 1;
}

function print(stream: NodeJS.WriteStream, text: string): void {
  stream.write(`${text}\n`);
}

/** Values that are never printed, even if they are mistakenly set in another variable. */
const SECRETS = ["CLERK_SECRET_KEY", "CLERK_JWT_KEY"];

function defaultURL(environment: Environment): string {
  const base =
    variable(environment, "BASE_URL") ?? vercelOrigin(environment) ?? devLocalURL() ?? DEFAULT_BASE_URL;
  return `${URL.canParse(base) ? new URL(base).origin : DEFAULT_BASE_URL}${DEFAULT_ENDPOINT}`;
}

/** The command line of `doctor`. */
export interface CliArguments {
  readonly isHelp: boolean;
  readonly url: string | undefined;
  readonly environmentFile: string | undefined;
  readonly signsIn: boolean;
  readonly clientId: string | undefined;
  readonly isJson: boolean;
  readonly isColourOff: boolean;
  /** Time-out of one request. */
  readonly timeoutMs: number;
  /** Time for the person in the browser. */
  readonly signInWaitMs: number;
}

export const usage = `Usage: npx @xmcp-dev/clerk doctor [options]

Checks each step of an MCP client, from the environment to a tool call, and prints what is wrong and how to fix it. The
server must be running.

Options:
  --url <mcp url>      the URL that clients use (default: BASE_URL and /mcp, or the server of npm run
                       dev:local in this folder, or http://127.0.0.1:3001/mcp)
  --env <file>         environment of the server (default: .env, if the file exists); set variables take precedence
  --sign-in            sign in with the browser and call a tool; registers a client at Clerk. BROWSER names a browser
  --client-id <id>     sign in as this client, by its ID or the URL of its metadata document
  --wait <seconds>     for that sign-in (default: 300)
  --timeout <seconds>  for each response (default: 5)
  --json               print the result as JSON
  --no-color           no color, as with NO_COLOR
  --help               print this

Exit code: 0 no check failed, 1 one failed, 2 the doctor could not run.
`;

export function parseArguments(argv: readonly string[]): CliArguments {
  const values = parsedOptions(argv, {
    url: text,
    env: text,
    "sign-in": flag,
    "client-id": text,
    wait: text,
    timeout: text,
    json: flag,
    "no-color": flag,
    help,
  });
  return {
    isHelp: values.help ?? false,
    url: checkedURL(values.url),
    environmentFile: values.env,
    signsIn: values["sign-in"] ?? false,
    clientId: checkedClientId(values["client-id"]),
    isJson: values.json ?? false,
    isColourOff: values["no-color"] ?? false,
    timeoutMs: milliseconds("timeout", values.timeout, 5),
    signInWaitMs: milliseconds("wait", values.wait, 300),
  };
}

function checkedURL(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError("--url must be an absolute http or https URL, e.g. http://127.0.0.1:3001/mcp.");
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    throw new UsageError("--url must not have a user, a password or a fragment.");
  }
  return value;
}

function checkedClientId(value: string | undefined): string | undefined {
  if (value === undefined || /^[\x21-\x7e]+$/.test(value)) return value;
  throw new UsageError("--client-id must be the ID of a client, without spaces.");
}

function milliseconds(name: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback * 1000;
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new UsageError(`--${name} must be seconds, 1 to 9999.`);
  return Number(value) * 1000;
}
