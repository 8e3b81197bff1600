/** Builds the project under test into a folder of its own, when a source has changed since the last build. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { lock } from "proper-lockfile";

/** Outside `dist`, which `xmcp dev` and `npm run build` write. */
const CACHE = "node_modules/.cache/xmcp-clerk-tests";
const ENTRY = "http.js";
/** What the build was made from: each file with its size and time. */
const INPUTS = "inputs.json";
const LOCK_WAIT = { retries: 1200, factor: 1, minTimeout: 100 };

/**
 * The path of the built server. Builds it with `xmcp build` if a file that the last build contains has changed, or if a
 * file was added to or removed from `src/` or the project's top folder. One build at a time; another process waits for it.
 *
 * @param cwd the project's folder
 * @throws {Error} with the output of `xmcp build`, if it fails
 */
export async function projectBuild(cwd: string): Promise<string> {
  // Projects may share one node_modules.
  const folder = join(cwd, CACHE, createHash("sha256").update(cwd).digest("hex").slice(0, 16));
  mkdirSync(folder, { recursive: true });
  const release = await lock(folder, { retries: LOCK_WAIT });
  try {
    const entry = join(folder, ENTRY);
    if (!existsSync(entry) || isOutdated(cwd, folder)) await build(cwd, folder);
    return entry;
  } finally {
    await release();
  }
}

function isOutdated(cwd: string, folder: string): boolean {
  const inputs = join(folder, INPUTS);
  if (!existsSync(inputs)) return true;
  const built = JSON.parse(readFileSync(inputs, "utf8")) as Record<string, string | null>;
  if (Object.entries(built).some(([file, version]) => versionOf(resolve(cwd, file)) !== version)) return true;
  return projectFiles(cwd).some((file) => !Object.hasOwn(built, file));
}

/** Builds that failed in this process, so that a file of tests waits for one of them only. */
const failures = new Map<string, { readonly files: string; readonly error: unknown }>();

async function build(cwd: string, folder: string): Promise<void> {
  const files = JSON.stringify(versions(cwd, projectFiles(cwd)));
  const known = failures.get(cwd);
  if (known?.files === files) throw known.error;
  console.log("Building the server for the tests …");
  await buildAnew(cwd, folder).catch((error: unknown) => {
    failures.set(cwd, { files, error });
    throw error;
  });
}

async function buildAnew(cwd: string, folder: string): Promise<void> {
  // Read first: a file that changes during the build is built again.
  const before = versions(cwd, projectFiles(cwd));
  const map = join(folder, `${ENTRY}.map`);
  const manifest = createRequire(join(cwd, "package.json")).resolve("xmcp/package.json");
  const program = join(dirname(manifest), "dist/cli.js");
  const output = await run(program, cwd, folder);
  if (!existsSync(join(folder, ENTRY)) || !existsSync(map)) throw new Error(`xmcp build failed.\n${output}`);
  const { sources } = JSON.parse(readFileSync(map, "utf8")) as { sources: string[] };
  const bundled = versions(
    cwd,
    sources.filter((source) => !isGenerated(source)),
  );
  writeFileSync(join(folder, INPUTS), JSON.stringify({ ...bundled, ...before }));
}

async function run(program: string, cwd: string, folder: string): Promise<string> {
  const env = { ...process.env, NODE_ENV: "production", XMCP_CLERK_OUTPUT: folder };
  const child = spawn(process.execPath, [program, "build"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const code = await new Promise<number | null>((done) => child.once("close", done));
  if (code !== 0) throw new Error(`xmcp build failed.\n${withoutStatistics(output)}`);
  return output;
}

/** What the compiler prints from its first error on. */
function withoutStatistics(output: string): string {
  const start = output.search(/^.*\b(?:ERROR|Error)\b/m);
  return (start === -1 ? output : output.slice(start)).trim();
}

function isGenerated(source: string): boolean {
  return /(^|\/)\.xmcp\/|^webpack\/|^external /.test(source);
}

/** The files in the project's top folder, and all below `src/`. */
function projectFiles(cwd: string): string[] {
  // xmcp writes its declarations during the build.
  const isSource = (entry: Dirent) => entry.isFile() && entry.name !== "xmcp-env.d.ts";
  const top = readdirSync(cwd, { withFileTypes: true }).filter(isSource);
  const sources = join(cwd, "src");
  const below = existsSync(sources) ? readdirSync(sources, { recursive: true, encoding: "utf8" }) : [];
  return [...top.map(({ name }) => `./${name}`), ...below.map((name) => `./src/${name}`)];
}

function versions(cwd: string, files: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(files.map((file) => [file, versionOf(resolve(cwd, file))]));
}

/** `null` if there is no such file. */
function versionOf(file: string): string | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined || stats.isDirectory() ? null : `${stats.size} ${stats.mtimeMs}`;
}
