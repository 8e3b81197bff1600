/** The command line of `clerk-local`. */
import { parseArgs } from "node:util";
import { namedProfiles, type ProfileName } from "../named-profiles.js";

export interface CliArguments {
  help: boolean;
  /** Default: 4400, or the next one that is free. */
  port?: number;
  seedFile?: string;
  state?: string;
  profile?: ProfileName;
  tokenFormat?: "jwt" | "opaque";
  registration?: boolean;
  clientIdMetadata?: boolean;
  loopbackClientIds: boolean;
  defaultScopes?: string[];
  rateLimit: "off" | "development" | "production";
  /** Command to run next to the local Clerk, with its arguments. Empty: none. */
  command: string[];
}

export const usage = `Usage: clerk-local [options] [-- command ...]

A local Clerk, for development and tests only.

Options:
  --port <number>              port to listen on, 0 for any free one (default: CLERK_LOCAL_PORT, or 4400 or the
                               next free one)
  --seed <file.json>           users, organizations, roles and scopes to start with
  --state <directory>          store registrations, tokens and keys there across restarts
  --profile <name>             state of the Clerk instance, as defaults for the options below: newest,
                               mcp-server-added, fresh-instance or captured-2026 (default: newest)
  --token-format <jwt|opaque>  format of access tokens (default: jwt)
  --registration <on|off>      dynamic client registration (default: on)
  --client-id-metadata <on|off>
                               client IDs that are the URL of a metadata document (default: on)
  --loopback-client-ids <on|off>
                               also documents at http://127.0.0.1 (default: on)
  --default-scopes <"a b">     scopes of a client that registers none, or has a document
                               (default: "profile email")
  --rate-limit <off|development|production>
                               Backend API requests in 10 seconds: any, 100 or 1000 (default: off)
  --help                       print this help

Runs the command with CLERK_SECRET_KEY, CLERK_DOMAIN, CLERK_PUBLISHABLE_KEY, CLERK_API_URL and BASE_URL set,
and exits with it and its exit code. Unless PORT or BASE_URL is set, PORT is 3001 or the next free port.
`;

/** The command line is invalid. The message says why. */
export class UsageError extends Error {}

export function parseArguments(argv: readonly string[], environment: NodeJS.ProcessEnv): CliArguments {
  const end = argv.indexOf("--");
  const own = end === -1 ? argv : argv.slice(0, end);
  const command = end === -1 ? [] : argv.slice(end + 1);
  const values = parsedOptions([...own]);

  const port =
    portIn("--port", values.port) ?? portIn("CLERK_LOCAL_PORT", environment.CLERK_LOCAL_PORT || undefined);
  // The command next to the local Clerk reads it.
  portIn("PORT", environment.PORT || undefined);
  const tokenFormat = oneOf("token-format", values["token-format"], ["jwt", "opaque"]);
  const profile = oneOf("profile", values.profile, Object.keys(namedProfiles) as ProfileName[]);
  const registration = oneOf("registration", values.registration, SWITCH);
  const clientIdMetadata = oneOf("client-id-metadata", values["client-id-metadata"], SWITCH);
  const rateLimit = oneOf("rate-limit", values["rate-limit"], ["off", "development", "production"]) ?? "off";
  const { "default-scopes": defaultScopes } = values;
  if (end !== -1 && command.length === 0) throw new UsageError("The command after -- is missing.");
  return {
    help: values.help ?? false,
    ...(port !== undefined && { port }),
    ...(values.seed !== undefined && { seedFile: values.seed }),
    ...(values.state !== undefined && { state: values.state }),
    ...(profile !== undefined && { profile }),
    ...(tokenFormat !== undefined && { tokenFormat }),
    ...(registration !== undefined && { registration: registration === "on" }),
    ...(clientIdMetadata !== undefined && { clientIdMetadata: clientIdMetadata === "on" }),
    loopbackClientIds: oneOf("loopback-client-ids", values["loopback-client-ids"], SWITCH) !== "off",
    ...(defaultScopes !== undefined && { defaultScopes: defaultScopes.split(/\s+/).filter(Boolean) }),
    rateLimit,
    command,
  };
}

function portIn(name: string, value: string | undefined): number | undefined {
  if (value === undefined || (/^\d+$/.test(value) && Number(value) <= 65_535))
    return value === undefined ? undefined : Number(value);
  throw new UsageError(`${name} must be a number from 0 to 65535, not "${value}".`);
}

const SWITCH = ["on", "off"] as const;

function oneOf<Value extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly Value[],
): Value | undefined {
  const found = allowed.find((entry) => entry === value);
  if (value === undefined || found !== undefined) return found;
  const list = `${allowed.slice(0, -1).join(", ")} or ${allowed.at(-1)}`;
  throw new UsageError(`--${name} must be ${list}, not "${value}".`);
}

function parsedOptions(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string" },
        seed: { type: "string" },
        state: { type: "string" },
        profile: { type: "string" },
        "token-format": { type: "string" },
        registration: { type: "string" },
        "client-id-metadata": { type: "string" },
        "loopback-client-ids": { type: "string" },
        "default-scopes": { type: "string" },
        "rate-limit": { type: "string" },
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
