/** Builds the example for Node and for Workers. */
import { cp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildIfNeeded } from "../../../../dev/scripts/build-if-needed.mjs";
import { workers } from "../../../../dev/test/platforms/platform.js";
import { type Server, server } from "../../../../dev/test/support/protected-template.js";
import { buildQuickly, templateCopy } from "../../../../dev/test/support/template.js";

const APP = resolve(import.meta.dirname, "../..");

type Start = (env: object) => Promise<Server>;

export async function onNode(): Promise<Start> {
  buildIfNeeded(APP);
  return (env) => server(env, { cwd: APP });
}

export async function onWorkers(): Promise<Start> {
  const cwd = await templateCopy();
  for (const part of ["src", "xmcp.config.ts"]) {
    await rm(join(cwd, part), { recursive: true });
    await cp(join(APP, part), join(cwd, part), { recursive: true });
  }
  await buildQuickly(cwd);
  return (await workers(cwd)).start;
}
