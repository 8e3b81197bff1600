/** An app as `create-xmcp-app` makes it, and the packages of this repository as they would be published. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { packed } from "../support/packed.js";
import { run } from "../support/program.js";
import { emptyFolder, ROOT } from "../support/template.js";

const CREATE_XMCP_APP = "create-xmcp-app@0.2.1";

export const ENVIRONMENT = {
  npm_config_prefer_offline: "true",
  npm_config_audit: "false",
  npm_config_fund: "false",
};

/** `create-xmcp-app` with its typescript template; nothing is installed yet. */
export async function freshApp(): Promise<string> {
  const folder = await emptyFolder();
  await expectOk(folder, "npx", "--yes", CREATE_XMCP_APP, "app", "--yes", "--http", "--skip-install");
  const app = join(folder, "app");
  const file = join(app, "package.json");
  // It asks for the latest xmcp, whatever that is when this runs; here it is the one of this repository.
  const text = await readFile(file, "utf8");
  const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    dependencies: { xmcp: string };
  };
  await writeFile(file, text.replace('"xmcp": "latest"', `"xmcp": "${dependencies.xmcp}"`));
  return app;
}

/** Tarballs of the plugin and the stand-in, as arguments of `npm install`. */
export async function tarballs(): Promise<{ plugin: string; standIn: string }> {
  const folder = await emptyFolder();
  const plugin = await packed("clerk", folder);
  const standIn = await packed("clerk-local", folder);
  return { plugin: plugin.file, standIn: standIn.file };
}

/** Runs a command that has to succeed. @returns what it printed. */
export async function expectOk(cwd: string, program: string, ...args: string[]): Promise<string> {
  const { code, output } = await run(program, args, { cwd, env: ENVIRONMENT });
  expect(code, output).toBe(0);
  return output;
}
