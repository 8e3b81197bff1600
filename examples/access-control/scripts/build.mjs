// npm run build: compiles the packages that this app links to, checks the types, lets xmcp build, and checks that
// something was built – xmcp itself exits 0 on errors.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";

const ARTEFACT = "dist/http.js";

run("tsc", ["-b", "../../packages"]);
run("tsc", ["--noEmit"]);
rmSync(ARTEFACT, { force: true });
run("xmcp", ["build"]);
if (!existsSync(ARTEFACT)) fail(`xmcp build did not make ${ARTEFACT}; what it printed above says why.`);

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) {
    fail(
      `${command} cannot be started (${error.message}). Run npm install in the repository's root, then npm run build here.`,
    );
  }
  if (status !== 0) fail(`${command} ${args.join(" ")} failed.`);
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}
