/**
 * The MCP Inspector. It requires Node 22.19 and is therefore not a dependency of this repository: its test installs it.
 */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./program.js";
import { ROOT } from "./template.js";

export const INSPECTOR_VERSION = "2.12.0";

/** Installs the Inspector from the npm registry on first use. @returns the path of its program */
export async function installedInspector(): Promise<string> {
  const folder = join(ROOT, "node_modules/.cache", `inspector-${INSPECTOR_VERSION}`);
  const program = join(folder, "node_modules/.bin/mcp-inspector");
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  // Without its own package.json, npm would install into the repository.
  await writeFile(join(folder, "package.json"), '{ "private": true }');
  const inspector = `@modelcontextprotocol/inspector@${INSPECTOR_VERSION}`;
  const args = ["install", "--no-audit", "--no-fund", "--prefer-offline", inspector];
  const { code, output } = await run("npm", args, { cwd: folder });
  if (code !== 0) throw new Error(`${inspector} could not be installed.\n${output}`);
  return program;
}
