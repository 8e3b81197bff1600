// Describes the machine, the versions and the commit of a measurement.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const COMPARED = [
  "mcp-use",
  "@modelcontextprotocol/server",
  "@modelcontextprotocol/express",
  "jose",
  "node",
  "autocannon",
];

/** @returns {Record<string, string>} */
export function machine() {
  return {
    processor: `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${systemName()}, ${platform()} ${release()} ${arch()}`,
    Node: process.version,
    versions: [
      ...["xmcp", "@clerk/backend"].map((name) => `${name} ${versionOf("node_modules", name)}`),
      ...COMPARED.map((name) => `${name} ${versionOf("dev/bench/node_modules", name)}`),
    ].join(", "),
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
  };
}

function systemName() {
  const file = "/etc/os-release";
  const name = existsSync(file) && /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync(file, "utf8"))?.[1];
  return name || "unknown";
}

/**
 * @param {string} folder
 * @param {string} name
 */
function versionOf(folder, name) {
  return JSON.parse(readFileSync(join(ROOT, folder, name, "package.json"), "utf8")).version;
}

function commit() {
  const git = (/** @type {string[]} */ ...args) => spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
  const { status, stdout } = git("rev-parse", "--short", "HEAD");
  if (status !== 0) return "none";
  // Ignores the results, which the benchmark itself writes.
  const changed = git("status", "--porcelain", "--", ".", ":!dev/bench/results.*").stdout.trim() !== "";
  return `${stdout.trim()}${changed ? ", with changes that are not committed" : ""}`;
}
