/** The template, and copies of it that a test may change. */
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { atEnd } from "./at-end.js";

export const ROOT = resolve(import.meta.dirname, "../../..");

/** The built server. */
export const SERVER = join(ROOT, "dist/http.js");

/** `PATH` as in an npm script. */
export const PATH = [join(ROOT, "node_modules/.bin"), process.env.PATH].join(delimiter);

const COPIED = ["src", "test", "package.json", "tsconfig.json", "xmcp.config.ts", "xmcp-env.d.ts"];

/** Compiled already, and the same for all copies. */
const LINKED = ["packages", "node_modules"];

/** An empty folder that is removed at the end. */
export async function emptyFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "xmcp-clerk-")));
  atEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A copy of the template without a build. Its packages are already compiled. */
export async function templateCopy(): Promise<string> {
  const folder = await emptyFolder();
  for (const part of COPIED) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true, preserveTimestamps: true });
  }
  for (const part of LINKED) await symlink(join(ROOT, part), join(folder, part), "junction");
  return folder;
}

/** Leaves the code of a copy's builds as it is: shortening it takes longer than the rest of a build. */
export async function buildQuickly(folder: string): Promise<void> {
  await edit(
    join(folder, "xmcp.config.ts"),
    "export default config;",
    `const bundler = config.bundler as (given: object) => { optimization?: object };

export default {
  ...config,
  bundler(given: object) {
    const changed = bundler(given);
    return { ...changed, optimization: { ...changed.optimization, minimize: false } };
  },
};`,
  );
}

/** Replaces a text. Throws if it is missing. */
export async function edit(file: string, before: string, after: string): Promise<void> {
  const text = await readFile(file, "utf8");
  if (!text.includes(before)) throw new Error(`${file} does not contain ${before}`);
  await writeFile(file, text.replace(before, after));
}

/** Copies single files into an empty folder. */
export async function copyInto(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(join(folder, file, ".."), { recursive: true });
    await cp(join(ROOT, file), join(folder, file));
  }
}
