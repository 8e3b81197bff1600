/** Before the tests: the app is built. After them: what its servers have printed is searched. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { collectServerOutput, searchServerOutput } from "../../../../test/support/server-output.js";

export default function setUp(): () => void {
  const cwd = resolve(import.meta.dirname, "../..");
  const { status, stdout, stderr } = spawnSync("node", ["scripts/build.mjs"], { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(stdout + stderr);
  collectServerOutput();
  return searchServerOutput;
}
