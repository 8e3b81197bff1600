import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const SOURCES = ["src", "packages/clerk/src", "packages/clerk-local/src"];
const FILES = ["xmcp.config.ts", "package-lock.json"];
const ARTEFACT = "dist/http.js";

/** Runs `npm run build` unless the built server is newer than everything it is made of. */
export function buildIfNeeded() {
  const builtAt = statSync(ARTEFACT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = SOURCES.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const changedAt = [...sources, ...FILES].map(
    (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  if (Math.max(...changedAt) < builtAt) return;
  console.log("Building the server …");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.mjs"], { encoding: "utf8" });
  if (status === 0) return;
  console.error(stdout + stderr);
  process.exit(1);
}
