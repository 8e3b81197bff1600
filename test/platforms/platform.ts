/** Ways to run the template. What it promises is the same on all of them, and is tested by the same lines. */
import { join } from "node:path";
import { run } from "../support/program.js";
import { type Server, server } from "../support/protected-template.js";
import { ROOT, templateCopy } from "../support/template.js";

export interface Platform {
  /** Starts the built template, with this added to its environment. */
  start(env: object): Promise<Server>;
  /** What xmcp lets anybody read there. */
  readonly publicPages: readonly string[];
}

const PAGES = ["/", "/health", "/.well-known/mcp/server-card.json"];

export const node: Platform = { start: server, publicPages: PAGES };

/** @param cwd a copy of the template; built here. */
export async function vercel(cwd?: string): Promise<Platform> {
  const where = { cwd: await built("--vercel", cwd), entry: join(ROOT, "test/platforms/serve-vercel.mjs") };
  return { start: (env) => server({ VERCEL: "1", ...env }, where), publicPages: PAGES };
}

/** @param cwd a copy of the template; built here. */
export async function workers(cwd?: string): Promise<Platform> {
  const where = { cwd: await built("--cf", cwd), entry: join(ROOT, "test/platforms/serve-worker.mjs") };
  return { start: (env) => server(env, where), publicPages: [] };
}

async function built(target: string, given?: string): Promise<string> {
  const cwd = given ?? (await templateCopy());
  const { code, output } = await run("node", ["scripts/build.mjs", target], { cwd });
  if (code !== 0) throw new Error(output);
  return cwd;
}
