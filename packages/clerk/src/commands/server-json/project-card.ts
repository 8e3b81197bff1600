import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { vercelOrigin } from "../../options/environment-variables.js";
import { schema, withoutTrailingSlash } from "../../options/schema.js";
import { type ServerCard, type ServerInfo, serverCard } from "../../response/discovery/server-card.js";
import { type Environment, variable } from "../../runtime/platform.js";
import { isComputed, type Members, membersOf, type Source, sourceReader } from "./literals.js";
import { CannotDescribe } from "./registry-entry.js";

const CONFIG = "xmcp.config.ts";
const MIDDLEWARE = "src/middleware.ts";
const ASK_IT = "Start the server, and name it with --url.";

const checked = schema.pick({ baseURL: true, endpoint: true, docsURL: true, serverCard: true });

/**
 * The card that the server of a project would serve in this environment, by what the project's files state.
 *
 * @throws {CannotDescribe}
 */
export function projectCard(folder: string, environment: Environment): ServerCard {
  const read = (file: string): string => {
    if (existsSync(join(folder, file))) return readFileSync(join(folder, file), "utf8");
    throw new CannotDescribe(
      `There is no ${file} here. Run this in the folder of the project, or: ${ASK_IT}`,
    );
  };
  const version = versionIn(read("package.json"));
  const reader = sourceReader(folder);
  if (reader === undefined)
    throw new CannotDescribe(`TypeScript is not installed here. Install it, or: ${ASK_IT}`);
  const config = reader(read(CONFIG));
  const info = chosen(config.property("template") ?? {}, ["name", "description", "icons"], CONFIG);
  const http = membersOf(config.property("http")) ?? {};
  const options = optionsIn(reader(read(MIDDLEWARE)));
  const result = checked.safeParse({
    ...chosen(http, ["endpoint"], CONFIG),
    ...options,
    baseURL: options.baseURL ?? variable(environment, "BASE_URL") ?? vercelOrigin(environment),
  });
  if (!result.success) throw new CannotDescribe(result.error.issues.map(problem).join("\n"));
  const { baseURL, endpoint } = result.data;
  const settings = { ...result.data, resource: `${baseURL}${withoutTrailingSlash(endpoint)}` };
  if (settings.serverCard === false)
    throw new CannotDescribe(`serverCard is false in ${MIDDLEWARE}, so no one can find this server.`);
  const card = serverCard(settings, { ...(info as ServerInfo), version });
  if (card === undefined) throw new CannotDescribe('package.json has no version. Add "version": "1.0.0".');
  return card;
}

/** The options of `clerkProvider()` that a card depends on. */
function optionsIn(middleware: Source): Members {
  const given = middleware.argument("clerkProvider") ?? {};
  const baseURL = membersOf(given)?.baseURL;
  return {
    ...chosen(given, ["endpoint", "docsURL", "serverCard"], MIDDLEWARE),
    // As in the template, it may be read from the environment.
    ...(typeof baseURL === "string" && { baseURL }),
  };
}

/** @throws {CannotDescribe} if one of these members is computed. */
function chosen(value: unknown, names: readonly string[], file: string): Members {
  const members = membersOf(value);
  if (members === undefined) throw new CannotDescribe(`${file} computes what the card depends on. ${ASK_IT}`);
  const entries = names.map((name) => [name, members[name]] as const);
  const computed = entries.find(([, member]) => isComputed(member));
  if (computed !== undefined) throw new CannotDescribe(`${file} computes ${computed[0]}. ${ASK_IT}`);
  return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
}

function problem({
  path,
  message,
}: {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}): string {
  return path[0] === "baseURL"
    ? "BASE_URL is missing, or is not an https origin. Set it to the public URL of the server: BASE_URL=https://mcp.example.com"
    : `${path.join(" → ")} in ${MIDDLEWARE}: ${message}`;
}

function versionIn(manifest: string): string | undefined {
  try {
    return (JSON.parse(manifest) as { version?: string }).version;
  } catch {
    throw new CannotDescribe("package.json is not valid JSON. Correct it first.");
  }
}
