/** The command `clerk-local`: starts the local Clerk and, if given, a command next to it. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import type { ClerkLocal } from "../control/clerk-local.js";
import { createClerkLocal } from "../create-clerk-local.js";
import { PortTaken } from "../http/server.js";
import { profileOf, unlikeFreshInstance } from "../options.js";
import type { SeedInput } from "../seed/seed.js";
import { type CliArguments, parseArguments, UsageError, usage } from "./arguments.js";
import { runCommand } from "./child-process.js";
import { connectInstructions } from "./connect-instructions.js";
import { onParentEnd } from "./parent-process.js";
import { baseURL, onFreePort, serverAddress } from "./ports.js";
import { writeServerFile } from "./server-file.js";
import { expectUnused, StateInUse } from "./state-in-use.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const args = parseArguments(argv, process.env);
    if (args.help) {
      process.stdout.write(usage);
      return 0;
    }
    return await serve(args);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`clerk-local: ${error.message} See clerk-local --help.`);
      return 2;
    }
    if ([PortTaken, StateInUse, TypeError].some((type) => error instanceof type)) {
      const { message } = error as Error;
      console.error(`clerk-local: ${message}`);
      return 1;
    }
    throw error;
  }
}

async function serve(args: CliArguments): Promise<number> {
  const { help: _, port, seedFile, state, command, ...options } = args;
  const seed = seedFile === undefined ? undefined : readSeed(seedFile);
  if (state !== undefined) await expectUnused(state);
  const local = await onFreePort(port, (port) =>
    createClerkLocal({
      ...options,
      port,
      ...(seed !== undefined && { seed }),
      ...(state !== undefined && { state }),
    }),
  );
  const address = command.length > 0 ? await serverAddress(process.env, local.issuer) : undefined;
  // Register before printing: a reader of the announcement may send a signal at once.
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of SIGNALS) process.on(name, resolve);
  });
  onParentEnd(() => process.kill(process.pid, "SIGTERM"));
  process.stdout.write(
    `${announcement(local, address === undefined, unlikeFreshInstance(profileOf(options)))}\n`,
  );
  const removeServerFile = address && state ? writeServerFile(state, address.BASE_URL) : undefined;
  const code = await (address !== undefined
    ? commandEnded(command, { ...process.env, ...local.env, ...address }, local.issuer)
    : signalled.then(() => 0));
  removeServerFile?.();
  await local.close();
  return code;
}

/** Runs the command, forwards every signal to it, and returns its exit code. Ctrl+C counts as success. */
async function commandEnded(
  argv: readonly string[],
  env: NodeJS.ProcessEnv & { BASE_URL: string },
  issuer: string,
): Promise<number> {
  const command = runCommand(argv, env);
  const waiting = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      waiting.abort();
      command.signal(name);
    });
  }
  const connected = connectInstructions(env.BASE_URL, issuer, argv.includes("dev"), waiting.signal);
  connected.then((text) => text !== undefined && console.log(text));
  const code = await command.ended;
  // Developers stop it with Ctrl+C, and npm reports any code but 0 as an error.
  if (code === 128 + constants.signals.SIGINT && waiting.signal.aborted) return 0;
  waiting.abort();
  return code;
}

function readSeed(path: string): SeedInput {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new TypeError(`The seed file cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text) as SeedInput;
  } catch (error) {
    throw new TypeError(`The seed file ${path} is not JSON: ${(error as Error).message}`);
  }
}

/** @param withVariables prints what a server needs to know; a command gets it without */
function announcement(local: ClerkLocal, withVariables: boolean, unlikeFresh: string[]): string {
  const variables = Object.entries({ ...local.env, BASE_URL: baseURL(process.env) });
  const people = local.users.list().map((user) => {
    const places = local.users
      .memberships(user.id)
      .map(({ organizationId, role }) => `${local.organizations.get(organizationId).name} (${role})`);
    return `  ${user.username.padEnd(12)} ${user.banned ? "banned, cannot sign in" : places.join(", ") || "no organization"}`;
  });
  return [
    "clerk-local, a local Clerk for development only",
    `Open ${local.issuer}/ to see and change users, tokens, requests and faults.`,
    "",
    ...(withVariables ? [...variables.map(([name, value]) => `${name}=${value}`), ""] : []),
    "Users who can sign in, without a password:",
    ...people.slice(0, 20),
    ...(people.length > 20 ? [`  and ${people.length - 20} more`] : []),
    "",
    ...(unlikeFresh.length > 0
      ? [`On here, but off by default in a new Clerk application: ${unlikeFresh.join(", ")}.`, ""]
      : []),
  ].join("\n");
}
