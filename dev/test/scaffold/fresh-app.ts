/** An app made by `create-xmcp-app`, and this repository's packages packed as for publishing. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "vitest";
import { packed } from "../support/packed.js";
import { run } from "../support/program.js";
import { emptyFolder, ROOT } from "../support/template.js";

const CREATE_XMCP_APP = "create-xmcp-app@0.2.1";

/** Serves the `worker.js` of the working directory. */
export const WORKER = join(ROOT, "dev/test/platforms/serve-worker.mjs");

export const ENVIRONMENT = {
  npm_config_prefer_offline: "true",
  npm_config_audit: "false",
  npm_config_fund: "false",
};

/**
 * Runs `create-xmcp-app` with its TypeScript template, and installs these packages. It replaces xmcp 0.2.1 with the
 * version of this repository, which the plugin needs. That version needs a newer zod, a compiler and a folder.
 */
export async function freshApp(...packages: readonly string[]): Promise<string> {
  const folder = await emptyFolder();
  await expectOk(folder, "npx", "--yes", CREATE_XMCP_APP, "app", "--yes", "--http", "--skip-install");
  const app = join(folder, "app");
  const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    dependencies: { xmcp: string; zod: string };
  };
  const newer = [`xmcp@${dependencies.xmcp}`, `zod@${dependencies.zod}`];
  await expectOk(app, "npm", "install", ...newer, `@xmcp-dev/compiler@${dependencies.xmcp}`, ...packages);
  await mkdir(join(app, "src/resources"));
  return app;
}

/** Packs the plugin and the local Clerk. @returns their tarballs, as arguments of `npm install` */
export async function tarballs(): Promise<{ plugin: string; standIn: string }> {
  const folder = await emptyFolder();
  const plugin = await packed("clerk", folder);
  const standIn = await packed("clerk-local", folder);
  return { plugin: plugin.file, standIn: standIn.file };
}

/** Runs a command that must succeed. @returns its output */
export async function expectOk(cwd: string, program: string, ...args: string[]): Promise<string> {
  const { code, output } = await run(program, args, { cwd, env: ENVIRONMENT });
  expect(code, output).toBe(0);
  return stripVTControlCharacters(output);
}
