import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Child processes run what is built: the package is brought up to date first, and the template is there. */
export default function build(): void {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const node = (...args: string[]) =>
    execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  node(tsc, "-b", "packages/clerk", "packages/mcp-auth-conformance");
  if (!existsSync(`${root}dist/http.js`)) node("scripts/build.mjs");
}
