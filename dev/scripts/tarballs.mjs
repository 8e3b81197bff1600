/** The plugin and the local Clerk as tarballs: a project can install them although no registry has them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

/** The folder of each package, relative to the root. */
export const PACKAGES = ["packages/clerk", "packages/clerk-local"];

/**
 * Packs both packages, as for publishing.
 *
 * @param {string} folder where to; created if it does not exist
 */
export function pack(folder) {
  mkdirSync(folder, { recursive: true });
  const workspaces = PACKAGES.flatMap((path) => ["-w", path]);
  const { status, stdout, stderr } = spawnSync("npm", ["pack", ...workspaces, "--pack-destination", folder], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0)
    throw new Error(`The packages cannot be packed. Run npm install first.\n${stdout}${stderr}`);
}

/**
 * The name that `npm pack` gives to the tarball of a package.
 *
 * @param {string} path the folder of the package
 */
export function tarballOf(path) {
  const { name, version } = readJson(join(path, "package.json"));
  return `${name.slice(1).replace("/", "-")}-${version}.tgz`;
}

/** @param {string} file relative to the root */
export function readJson(file) {
  return JSON.parse(readFileSync(join(ROOT, file), "utf8"));
}
