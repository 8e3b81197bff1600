/** The command `server-json`: describes the server for the MCP registry. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerCard } from "../../response/discovery/server-card.js";
import { CannotAdd, expectInside } from "../add/project.js";
import { flag, help, parsedOptions, text, UsageError } from "../command-line.js";
import { asking, Unanswered } from "../doctor/ask.js";
import { redacted } from "../doctor/text-report.js";
import { serverEnvironment } from "../env-file.js";
import { projectCard } from "./project-card.js";
import { CannotDescribe, registryEntry } from "./registry-entry.js";

const FILE = "server.json";
const TIME_OUT_MS = 5_000;

/** @returns the exit code. */
export async function serverJson(argv: readonly string[], folder = process.cwd()): Promise<number> {
  try {
    const values = parsedOptions(argv, { url: text, env: text, write: flag, help });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    const { url } = values;
    const card =
      url === undefined ? projectCard(folder, serverEnvironment(values.env, process.env)) : await cardOf(url);
    const entry = registryEntry(card);
    if (values.write) write(folder, entry);
    else process.stdout.write(`${JSON.stringify(entry, null, 2)}\n`);
    process.stderr.write(nextSteps(card, values.write ?? false));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`server-json: ${error.message}\n\n${usage}`);
      return 2;
    }
    const isExpected =
      error instanceof CannotDescribe || error instanceof CannotAdd || error instanceof Unanswered;
    if (!isExpected) throw error;
    process.stderr.write(`${redacted(error.message, [])}\n`);
    return 1;
  }
}

async function cardOf(url: string): Promise<ServerCard> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError("--url must be an absolute http or https URL, e.g. https://mcp.example.com/mcp.");
  const { status, json } = await asking(TIME_OUT_MS)(`${url.replace(/\/$/, "")}/server-card`, {
    headers: { accept: "application/mcp-server-card+json" },
  });
  if (status !== 200 || typeof json !== "object" || json === null) {
    throw new CannotDescribe(
      `${url}/server-card has no card (${status}). Is --url the MCP endpoint, and serverCard on?`,
    );
  }
  return json as ServerCard;
}

/** Keeps what others have added to the file, e.g. `packages`. */
function write(folder: string, entry: object): void {
  expectInside(folder, [FILE]);
  const path = join(folder, FILE);
  const before = written(path) as { name?: unknown };
  const { name } = entry as { name?: unknown };
  if (before.name !== undefined && before.name !== name) {
    throw new CannotDescribe(
      `${FILE} names the server ${before.name}, and its card ${name}. A name cannot change: set it as serverCard.name in src/middleware.ts, ` +
        `or correct ${FILE}.`,
    );
  }
  writeFileSync(path, `${JSON.stringify({ ...before, ...entry }, null, 2)}\n`);
  process.stdout.write(`✔ ${FILE}\n`);
}

function written(path: string): object {
  if (!existsSync(path)) return {};
  try {
    const before: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof before === "object" && before !== null && !Array.isArray(before)) return before;
  } catch {
    // Not JSON.
  }
  throw new CannotDescribe(`${FILE} exists, but is not a JSON object. Move it first.`);
}

function nextSteps({ name }: ServerCard, isWritten: boolean): string {
  const [namespace = ""] = name.split("/");
  const domain = namespace.split(".").reverse().join(".");
  const login = namespace.startsWith("io.github.")
    ? "mcp-publisher login github"
    : `mcp-publisher login dns --domain ${domain} --private-key …`;
  return `
Next, with the registry's own command (https://modelcontextprotocol.io/registry/quickstart):
  ${isWritten ? "" : `save this as ${FILE} (--write does), then\n  `}${login}
  mcp-publisher publish
The registry requires proof that the name ${name} is yours. A published version cannot be changed: raise it in package.json,
then run this again.
`;
}

export const usage = `Usage: npx @xmcp-dev/clerk server-json [options]

Prints the server.json that publishes a server in the MCP registry. Its content is that of the server's card: from BASE_URL,
package.json, xmcp.config.ts and the options in src/middleware.ts.

Options:
  --url <mcp url>   use the card of the server that runs there, e.g. if the options are computed
  --env <file>      environment of the server (default: .env, if the file exists); set variables take precedence
  --write           write server.json, and keep its other members
  --help            print this

Exit code: 0 printed or written, 1 the server cannot be published yet, 2 the command line is wrong.
`;
