/** Builds the project under test into a folder of its own, when a source has changed since the last build. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { lock } from "proper-lockfile";

/** Outside `dist`, which `xmcp dev` and `npm run build` write. */
const CACHE = "node_modules/.cache/xmcp-clerk-tests";
const ENTRY = "http.js";
/** Written by the plugin's part of the build: the files that it was made from. */
const INPUTS = "inputs.json";
/** The inputs of the last build, each with its size and time. */
const VERSIONS = "versions.json";
/** What else decides about the build, in the project's top folder. */
const CONFIGURATION =
  /^(?:package(?:-lock)?\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|tsconfig.*\.json|xmcp\.config\.\w+)$/;

const LOCK = { stale: 5_000, retries: { retries: 1200, factor: 1, minTimeout: 100, maxTimeout: 100 } };
const LONG_MS = 2_000;

/**
 * The path of the built server. Builds it with `xmcp build` if a file that the last build was made from has changed, or if
 * a file was added to `src/`. One build at a time; another process waits for it.
 *
 * @param cwd the project's folder
 * @throws {Error} with the errors of `xmcp build`, if it fails
 */
export async function projectBuild(cwd: string): Promise<string> {
  const program = compilerOf(cwd);
  // Projects may share one node_modules.
  const folder = join(cwd, CACHE, createHash("sha256").update(cwd).digest("hex").slice(0, 16));
  mkdirSync(folder, { recursive: true });
  const release = await locked(folder);
  try {
    const entry = join(folder, ENTRY);
    if (isOutdated(cwd, folder) || !existsSync(entry)) await build(program, cwd, folder);
    return entry;
  } finally {
    await release();
  }
}

function compilerOf(cwd: string): string {
  try {
    const manifest = createRequire(join(cwd, "package.json")).resolve("xmcp/package.json");
    return join(dirname(manifest), "dist/cli.js");
  } catch (cause) {
    const message = `There is no xmcp project in ${cwd}. Run the test in the project, or give its folder as \`cwd\`.`;
    throw new Error(message, { cause });
  }
}

async function locked(folder: string): Promise<() => Promise<void>> {
  const notice = setTimeout(
    () => console.log("Waiting for another process that builds the server …"),
    LONG_MS,
  );
  try {
    return await lock(folder, LOCK);
  } finally {
    clearTimeout(notice);
  }
}

/** Builds that failed in this process, so that a file of tests waits for one of them only. */
const failures = new Map<string, unknown>();

function isOutdated(cwd: string, folder: string): boolean {
  const file = join(folder, VERSIONS);
  if (!existsSync(file)) return true;
  const built = JSON.parse(readFileSync(file, "utf8")) as Record<string, string | null>;
  if (Object.entries(built).some(([input, version]) => versionOf(input) !== version)) return true;
  return sources(cwd).some((input) => !Object.hasOwn(built, input));
}

async function build(program: string, cwd: string, folder: string): Promise<void> {
  if (!isOutdated(cwd, folder) && failures.has(folder)) throw failures.get(folder);
  console.log("Building the server for the tests …");
  // Read first: a file that changes during the build is built again.
  const before = versions(sources(cwd));
  try {
    await run(program, cwd, folder);
    failures.delete(folder);
  } catch (error) {
    failures.set(folder, error);
    throw error;
  } finally {
    const inputs = join(folder, INPUTS);
    const listed = existsSync(inputs) ? (JSON.parse(readFileSync(inputs, "utf8")) as string[]) : [];
    writeFileSync(join(folder, VERSIONS), JSON.stringify({ ...versions(listed), ...before }));
  }
}

async function run(program: string, cwd: string, folder: string): Promise<void> {
  rmSync(join(folder, ENTRY), { force: true });
  const env = { ...process.env, NODE_ENV: "production", XMCP_CLERK_OUTPUT: folder };
  const child = spawn(process.execPath, [program, "build"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const code = await new Promise<number | null>((done) => child.once("close", done));
  if (code !== 0 || !existsSync(join(folder, ENTRY)))
    throw new Error(`xmcp build failed.\n${withoutStatistics(output)}`);
}

/** What the compiler prints from its first error on. */
function withoutStatistics(output: string): string {
  const start = output.search(/^.*\b(?:ERROR|Error)\b/m);
  return (start === -1 ? output : output.slice(start)).trim();
}

/** The files below `src/`, and the project's configuration. */
function sources(cwd: string): string[] {
  const top = readdirSync(cwd).filter((name) => CONFIGURATION.test(name));
  const folder = join(cwd, "src");
  const below = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return [...top, ...below.map((name) => join("src", name))].map((name) => resolve(cwd, name));
}

function versions(files: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(files.map((file) => [file, versionOf(file)]));
}

/** `null` if there is no such file. */
function versionOf(file: string): string | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined || stats.isDirectory() ? null : `${stats.size} ${stats.mtimeMs}`;
}
