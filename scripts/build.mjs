// npm run build: checks the types, lets xmcp build, and checks that something was built – xmcp itself exits 0
// on errors. Arguments go to `xmcp build`: `npm run build -- --vercel`.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";

const args = process.argv.slice(2);
const forVercel = args.includes("--vercel") || process.env.VERCEL === "1";
const artefact = forVercel
  ? ".vercel/output/config.json"
  : args.includes("--cf")
    ? "worker.js"
    : "dist/http.js";

run("tsc", ["-b", "packages"]);
run("tsc", ["--noEmit"]);
rmSync(artefact, { force: true });
run("xmcp", ["build", ...args]);
if (!existsSync(artefact)) fail(`xmcp build did not make ${artefact}; what it printed above says why.`);

/**
 * @param {string} command
 * @param {string[]} commandArgs
 */
function run(command, commandArgs) {
  const { status, error } = spawnSync(command, commandArgs, {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) fail(`${command} cannot be started (${error.message}). Run npm install, then npm run build.`);
  if (status !== 0) fail(`${command} ${commandArgs.join(" ")} failed.`);
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}
