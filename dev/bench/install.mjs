// Installs the benchmark's own dependencies into its folder, on first use.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

export function installIfNeeded() {
  const installed = join(import.meta.dirname, "node_modules/.package-lock.json");
  const wanted = join(import.meta.dirname, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  console.log("Installing what is compared with …");
  const { status, stdout, stderr } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: import.meta.dirname,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0)
    throw new Error(`npm ci in dev/bench/ failed; it needs a package registry.\n${stdout}${stderr}`);
}
