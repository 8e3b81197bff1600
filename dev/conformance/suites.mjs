// Installs the suites into this folder if they are missing, so that `npm install` of the template stays small.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = import.meta.dirname;

/**
 * npm writes this file at the end of an installation. It lists the installed packages, without those for other systems.
 */
const INSTALLED = join(FOLDER, "node_modules/.package-lock.json");

/** The Node that the official suite needs, from the npm package `node`. */
export const NODE = join(FOLDER, "node_modules/node/bin/node");

export const OFFICIAL_SUITE = join(FOLDER, "node_modules/@modelcontextprotocol/conformance/dist/index.js");

/** @returns {Record<string, string>} the exact installed versions */
export function installSuites() {
  const { dependencies } = readJson(join(FOLDER, "package.json"));
  if (!isInstalled(dependencies)) {
    console.log("Installing the suites …");
    const { status } = spawnSync(
      "npm",
      ["ci", "--prefix", FOLDER, "--no-audit", "--no-fund", "--loglevel=error"],
      {
        cwd: FOLDER,
        stdio: "inherit",
        shell: process.platform === "win32",
      },
    );
    if (status !== 0) throw new Error("The suites cannot be installed; npm says why above.");
  }
  return dependencies;
}

/** @param {Record<string, string>} dependencies */
function isInstalled(dependencies) {
  if (!existsSync(INSTALLED) || !existsSync(NODE)) return false;
  const { packages } = readJson(INSTALLED);
  return Object.entries(dependencies).every(
    ([name, version]) => packages[`node_modules/${name}`]?.version === version,
  );
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
