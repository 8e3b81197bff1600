// Builds a server once for everything that needs the build: tests, benchmark, recordings.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const require = createRequire(join(ROOT, "package.json"));
const COMPILED = ["packages/clerk", "packages/clerk-local", "packages/mcp-auth-conformance"];

/** Compiles the packages, as far as they have changed. */
export function compilePackages() {
  run(join(dirname(require.resolve("typescript/package.json")), "bin/tsc"), ["-b", "packages"], ROOT);
}

/**
 * Compiles the packages, and builds the server unless `dist/http.js` is newer than all its inputs. Does not check
 * types: `npm test` and `npm run build` do that.
 *
 * @param {string} [folder] of the app; default: the template
 */
export function buildIfNeeded(folder = ROOT) {
  compilePackages();
  const sources = [join(folder, "src"), ...COMPILED.map((name) => join(ROOT, name, "dist"))].flatMap(
    filesBelow,
  );
  const inputs = [...sources, join(folder, "xmcp.config.ts"), join(ROOT, "package-lock.json")];
  if (Math.max(...inputs.map(changedAt)) < changedAt(join(folder, "dist/http.js"))) return;
  console.log("Building the server …");
  run(join(dirname(require.resolve("xmcp/package.json")), "dist/cli.js"), ["build"], folder);
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 */
function run(program, args, cwd) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed.\n${stdout}${stderr}`);
}

/** @param {string} folder */
function filesBelow(folder) {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name))
    : [];
}

/** @param {string} path */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
