// npm run add-to -- <folder> [options of add]: adds the plugin to an xmcp project, from this repository. The project
// gets the plugin and the local Clerk as tarballs.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pack, ROOT } from "./tarballs.mjs";

const [folder, ...options] = process.argv.slice(2);
if (folder === undefined || folder.startsWith("-") || !existsSync(folder)) {
  console.error("Usage: npm run add-to -- <folder of an xmcp project> [--yes] [--dry-run] [--install]");
  process.exit(2);
}
const tarballs = mkdtempSync(join(tmpdir(), "xmcp-clerk-"));
try {
  pack(tarballs);
  const command = join(ROOT, "packages/clerk/bin/clerk-mcp.js");
  const { status } = spawnSync(process.execPath, [command, "add", "--tarballs", tarballs, ...options], {
    cwd: resolve(folder),
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(tarballs, { recursive: true });
}
