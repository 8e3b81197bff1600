// Runs the server part of @modelcontextprotocol/conformance and reads its results.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NODE, OFFICIAL_SUITE } from "./suites.mjs";

/** The revisions of the specification whose scenarios are run. */
export const REVISIONS = /** @type {const} */ (["2025-11-25", "2026-07-28"]);

/**
 * One check. If an id occurs more than once in a scenario, its worst occurrence counts.
 *
 * @typedef {object} Check
 * @property {string} id `scenario:check-id`
 * @property {"SUCCESS" | "WARNING" | "FAILURE" | "SKIPPED" | "INFO"} status
 * @property {string} message why it did not succeed
 * @property {boolean} isScored whether the revision requires the scenario
 */

const SEVERITY = ["INFO", "SKIPPED", "SUCCESS", "WARNING", "FAILURE"];

/**
 * @param {string} url
 * @param {string} revision
 * @returns {Promise<Check[]>}
 */
export async function runOfficialSuite(url, revision) {
  const results = await mkdtemp(join(tmpdir(), "xmcp-conformance-results-"));
  try {
    const args = ["server", "--url", url, "--requirements", revision, "--output-dir", results];
    const suite = spawn(NODE, [OFFICIAL_SUITE, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [suite.stdout, suite.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    // The exit code only says that something failed; the files contain the details.
    await once(suite, "close");
    const announced = /Running requirements .* \((\d+) scenarios\)/.exec(output)?.[1];
    const folders = await readdir(results);
    if (Number(announced) !== folders.length) throw new Error(`The suite did not finish:\n${output}`);
    const notScored = new Set([...output.matchAll(/^ {2}. (\S+) \([\w-]+\)$/gm)].map(([, name]) => name));
    const checks = await Promise.all(folders.map((folder) => readScenario(results, folder, notScored)));
    return checks.flat().sort((a, b) => a.id.localeCompare(b.id));
  } finally {
    await rm(results, { recursive: true, force: true });
  }
}

/**
 * @param {string} results
 * @param {string} folder `server-<scenario>-<time>`
 * @param {ReadonlySet<string | undefined>} notScored
 * @returns {Promise<Check[]>}
 */
async function readScenario(results, folder, notScored) {
  const scenario = folder.replace(/^server-/, "").replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, "");
  const file = join(results, folder, "checks.json");
  // A scenario that is aborted writes no file.
  /** @type {{ id: string, status: Check["status"], errorMessage?: string }[]} */
  const found = existsSync(file)
    ? JSON.parse(await readFile(file, "utf8"))
    : [{ id: "broken-off", status: "FAILURE", errorMessage: "The scenario broke off" }];
  /** @type {Map<string, Check>} */
  const worst = new Map();
  for (const { id, status, errorMessage: message = "" } of found) {
    const before = worst.get(id);
    if (before && SEVERITY.indexOf(before.status) >= SEVERITY.indexOf(status)) continue;
    worst.set(id, { id: `${scenario}:${id}`, status, message, isScored: !notScored.has(scenario) });
  }
  return [...worst.values()];
}
