/** The project that the plugin is added to. */
import { existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The plugin cannot be added here. The message has the reason and the fix. */
export class CannotAdd extends Error {}

export interface Manifest {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

export interface Project {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Text of a file; `undefined` if it does not exist. */
  read(file: string): string | undefined;
}

/** @throws {CannotAdd} if writing one of the files would change something outside the project, through a symbolic link. */
export function expectInside(folder: string, files: readonly string[]): void {
  const leading = files.filter((file) => !isInside(realpathSync(folder), join(folder, file)));
  if (leading.length === 0) return;
  throw new CannotAdd(
    `${leading.join(" and ")} would be written outside this folder, through a symbolic link. Nothing was changed. Replace the ` +
      "link with a file or folder, or run this in the folder that it leads to.",
  );
}

function isInside(project: string, path: string): boolean {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return isInside(project, dirname(path));
  // Not to be followed: what is written to a link without a target is created there.
  if (entry.isSymbolicLink() && !existsSync(path)) return false;
  return !/^\.\.(?:[\\/]|$)/.test(relative(project, realpathSync(path)));
}

/** Version ranges that are too old. */
const TOO_OLD = {
  // xmcp 1.0 calls a middleware before it has read the request body, which the plugin has to authorize.
  xmcp: /^[\^~]?(0\.|1\.0\.)/,
  // xmcp 1.1 requires 3.25.76, which the caret allows.
  zod: /^~?3\.(1?\d|2[0-4])\./,
};

const NEW_ENOUGH =
  "the plugin needs xmcp 1.1 or newer, which needs zod 3.25.76 or newer, @xmcp-dev/compiler, and a folder src/resources " +
  "(or paths: { resources: false } in xmcp.config.ts): " +
  "npm install xmcp@latest zod@latest @xmcp-dev/compiler@latest && mkdir -p src/resources";

/** @throws {CannotAdd} */
export function projectIn(folder: string): Project {
  const read = (file: string): string | undefined => {
    const path = join(folder, file);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  const manifest = parsedManifest(read("package.json"));
  const all: Record<string, string> = { ...manifest.devDependencies, ...manifest.dependencies };
  if (all.xmcp === undefined) {
    throw new CannotAdd(
      "This is not an xmcp project: package.json does not depend on xmcp. To create one: npx create-xmcp-app",
    );
  }
  const tooOld = Object.entries(TOO_OLD)
    .filter(([name, ranges]) => ranges.test(all[name] ?? ""))
    .map(([name]) => `${name} ${all[name]}`);
  if (tooOld.length > 0) {
    throw new CannotAdd(`This project uses ${tooOld.join(" and ")}, and ${NEW_ENOUGH}`);
  }
  return { folder, manifest, read };
}

function parsedManifest(text: string | undefined): Manifest {
  if (text === undefined) {
    throw new CannotAdd("There is no package.json here. Run this in the folder of an xmcp project.");
  }
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    throw new CannotAdd("package.json is not valid JSON. Correct it first.");
  }
}

export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

const LOCK_FILES: Readonly<Record<string, PackageManager>> = {
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
  "bun.lock": "bun",
  "bun.lockb": "bun",
  "package-lock.json": "npm",
};

/** By the nearest lock file: in a workspace it is in a parent folder. */
export function packageManagerOf(folder: string): PackageManager {
  const found = Object.entries(LOCK_FILES).find(([file]) => existsSync(join(folder, file)));
  if (found !== undefined) return found[1];
  const parent = dirname(folder);
  return parent === folder ? "npm" : packageManagerOf(parent);
}
