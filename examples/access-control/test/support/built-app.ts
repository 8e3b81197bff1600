/** Before the tests: the app is built. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

export default function setUp(): void {
  const cwd = resolve(import.meta.dirname, "../..");
  const { status, stdout, stderr } = spawnSync("node", ["scripts/build.mjs"], { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(stdout + stderr);
}
