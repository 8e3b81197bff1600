/** Ways to run the template. What it promises is the same on all of them, and is tested by the same lines. */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../support/program.js";
import { type Server, server } from "../support/protected-template.js";
import { edit, ROOT, templateCopy } from "../support/template.js";

export interface Platform {
  /** Starts the built template, with this added to its environment. */
  start(env: object): Promise<Server>;
  /** How clients reach it, if not as usual. */
  readonly fetch?: typeof globalThis.fetch;
  /** What xmcp lets anybody read there. */
  readonly publicPages: readonly string[];
}

/** A platform that the template is built for in a folder of its own. */
export interface BuiltPlatform extends Platform {
  readonly cwd: string;
  /** The script that serves what was built. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
}

const PAGES = ["/", "/health", "/.well-known/mcp/server-card.json"];

export const node: Platform = { start: server, publicPages: PAGES };

export function vercel(): Promise<BuiltPlatform> {
  return built("--vercel", { entry: "serve-vercel.mjs", env: { VERCEL: "1" }, publicPages: PAGES });
}

/** @param folder a copy of the template, in place of an unchanged one. */
export function workers(folder?: string): Promise<BuiltPlatform> {
  return built("--cf", { entry: "serve-worker.mjs", env: {}, publicPages: [] }, folder);
}

/** xmcp's adapter in an app of that framework: the template with the example's files over its own, and a rule. */
export async function framework(name: "express" | "fastify"): Promise<BuiltPlatform> {
  const cwd = await templateCopy();
  await cp(join(ROOT, "examples", name), cwd, { recursive: true });
  await rm(join(cwd, "src/middleware.ts"));
  const rule = 'export const access = { scopes: ["profile"] };';
  await edit(join(cwd, "src/tools/whoami.ts"), "export const metadata", `${rule}\n\nexport const metadata`);
  const { code, output } = await run("xmcp", ["build"], { cwd });
  if (code !== 0) throw new Error(output);
  return served({ cwd, entry: join(cwd, "server.mjs"), env: { NODE_ENV: "production" }, publicPages: [] });
}

async function built(
  target: string,
  { entry: script, env, publicPages }: Pick<BuiltPlatform, "entry" | "env" | "publicPages">,
  folder?: string,
): Promise<BuiltPlatform> {
  const cwd = folder ?? (await templateCopy());
  const { code, output } = await run("node", ["scripts/build.mjs", target], { cwd });
  if (code !== 0) throw new Error(output);
  return served({ cwd, entry: join(ROOT, "test/platforms", script), env, publicPages });
}

function served(built: Omit<BuiltPlatform, "start">): BuiltPlatform {
  return { ...built, start: (env) => server({ ...built.env, ...env }, built) };
}
