/** The command line of `mcp-auth-conformance`. */
import { parseArgs } from "node:util";
import { PROFILES, type ProfileName } from "../authorization-server/profiles.js";
import type { Discovery } from "../run/test-run.js";

export interface CliArguments {
  readonly mode: "help" | "list" | "list-tokens" | "run";
  readonly profile: ProfileName;
  readonly url: string | undefined;
  /** Starts the target. Empty: the target is already running. */
  readonly command: readonly string[];
  readonly resource: string | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly requiredScopes: readonly string[];
  readonly closedTool: string | undefined;
  readonly closedPage: string | undefined;
  readonly publicTool: string | undefined;
  readonly discovery: Discovery | undefined;
  readonly authorityPort: number | undefined;
  readonly tokenCommand: string | undefined;
  readonly opaque: boolean | undefined;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly strict: boolean;
  readonly concurrency: number;
  readonly timeoutMs: number;
  /** File for the report as JSON. With `list` and `list-tokens`, any value selects JSON output. */
  readonly json: string | undefined;
  readonly isQuiet: boolean;
}

export const usage = `Usage: mcp-auth-conformance [options] -- command ...
       mcp-auth-conformance --url <mcp url> --authority-port <port> [options]
       mcp-auth-conformance --url <mcp url> --token-command "<command>" [options]

Checks an OAuth-protected MCP server from outside.

With a command, it starts an authorization server on a free port, and runs the command with PORT, HOST, MCP_AUTH_ISSUER,
MCP_AUTH_JWKS_URI, MCP_AUTH_INTROSPECTION_ENDPOINT, MCP_AUTH_RESOURCE, MCP_AUTH_SCOPES and MCP_AUTH_REQUIRED_SCOPES.
The server must trust that issuer. The profile clerk also sets BASE_URL and CLERK_*.

Options:
  --url <url>              MCP endpoint; {port} is a free port (default with a command: http://127.0.0.1:{port}/mcp)
  --profile <name>         tokens as in RFC 9068 (rfc9068, the default) or as Clerk issues them (clerk)
  --authority-port <port>  port of the authorization server, for a running server
  --token-command "<cmd>"  creates the tokens: gets the kind as argument, prints the token, or exits with 3
  --resource <uri>         resource identifier (default: the URL)
  --scopes "<a b>"         scopes of valid tokens
  --required-scopes "<a>"  scopes that every call to the server needs
  --closed-tool <name>     a tool without arguments that no caller may use
  --closed-page <uri>      a page or resource of that tool (default: ui://app/NAME.html)
  --public-tool <name>     a tool without arguments that runs without a token
  --discovery <position>   what is answered without a token: signed-in (nothing, the default), lists, or everyone
                           (lists and connecting)
  --opaque                 the server accepts opaque tokens (default in the profile clerk)
  --only <id prefix>       run only these cases; may be repeated
  --skip <id prefix>       skip these cases; may be repeated
  --strict                 a violated "should" fails
  --concurrency <number>   requests at a time (default: 4)
  --timeout <seconds>      for each response (default: 10)
  --json <file>            write the report as JSON
  --quiet                  print the totals alone
  --list                   print the cases (--json -: as JSON)
  --list-tokens            print the kinds of token (--json -: as JSON)
  --help                   print this

Exit code: 0 all cases that were run passed, 1 a case failed, 2 it could not be run.
`;

/** The command line is invalid. The message says why. */
export class UsageError extends Error {}

export function parseArguments(argv: readonly string[]): CliArguments {
  const end = argv.indexOf("--");
  const command = end === -1 ? [] : argv.slice(end + 1);
  const values = parsedOptions([...(end === -1 ? argv : argv.slice(0, end))]);
  const profile = values.profile ?? "rfc9068";
  if (!Object.hasOwn(PROFILES, profile)) throw new UsageError(`--profile must be rfc9068 or clerk.`);
  const mode = values.help ? "help" : values.list ? "list" : values["list-tokens"] ? "list-tokens" : "run";
  const authorityPort = wholeNumber("authority-port", values["authority-port"]);
  if (mode === "run") checkSource(command, values);
  if (values["closed-page"] !== undefined && values["closed-tool"] === undefined) {
    throw new UsageError("--closed-page is the page of a tool: add --closed-tool.");
  }
  return {
    mode,
    profile: profile as ProfileName,
    url: values.url,
    command,
    resource: values.resource,
    scopes: values.scopes === undefined ? undefined : words(values.scopes),
    requiredScopes: words(values["required-scopes"] ?? ""),
    closedTool: values["closed-tool"],
    closedPage: values["closed-page"],
    publicTool: values["public-tool"],
    discovery: position(values.discovery),
    authorityPort,
    tokenCommand: values["token-command"],
    opaque: values.opaque,
    only: values.only ?? [],
    skip: values.skip ?? [],
    strict: values.strict ?? false,
    concurrency: Math.max(1, wholeNumber("concurrency", values.concurrency) ?? 4),
    timeoutMs: (wholeNumber("timeout", values.timeout) ?? 10) * 1000,
    json: values.json,
    isQuiet: values.quiet ?? false,
  };
}

type Values = ReturnType<typeof parsedOptions>;

function checkSource(command: readonly string[], values: Values): void {
  const url = values.url?.replace("{port}", "1");
  if (url !== undefined && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) {
    throw new UsageError(`--url must be an absolute http or https URL, not "${values.url}".`);
  }
  if (command.length > 0) return;
  if (url === undefined) throw new UsageError("Pass a command after --, or --url.");
  if (values["authority-port"] === undefined && values["token-command"] === undefined) {
    throw new UsageError("A running server needs --authority-port or --token-command.");
  }
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,5}$/.test(value)) throw new UsageError(`--${name} must be a whole number, not "${value}".`);
  return Number(value);
}

function position(value: string | undefined): Discovery | undefined {
  if (value === undefined || value === "signed-in" || value === "lists" || value === "everyone") return value;
  throw new UsageError(`--discovery must be signed-in, lists or everyone, not "${value}".`);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function parsedOptions(args: string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args,
      options: {
        url: text,
        profile: text,
        "authority-port": text,
        "token-command": text,
        resource: text,
        scopes: text,
        "required-scopes": text,
        "closed-tool": text,
        "closed-page": text,
        "public-tool": text,
        discovery: text,
        opaque: flag,
        only: { type: "string", multiple: true },
        skip: { type: "string", multiple: true },
        strict: flag,
        concurrency: text,
        timeout: text,
        json: text,
        quiet: flag,
        list: flag,
        "list-tokens": flag,
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    // Only the first sentence of parseArgs names the problem; the rest explains its syntax.
    throw new UsageError(
      (error as Error).message.split(". ")[0]?.concat(".") ?? "The options cannot be read.",
    );
  }
}
