/** Ways to run the template. The same tests check its promises on each of them. */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { atEnd } from "../support/at-end.js";
import { run } from "../support/program.js";
import { protectedTemplate, type Server, server } from "../support/protected-template.js";
import { keepServerOutput } from "../support/server-output.js";
import { buildQuickly, edit, ROOT, templateCopy } from "../support/template.js";
import { addClosedThings, CLOSED_TOOL } from "./closed-things.js";

export interface Platform {
  /** Starts the built template with these additional variables. */
  start(env: object): Promise<Server>;
  /** A running server, for promises that leave it as it was. Default: each of them starts its own. */
  readonly template?: Awaited<ReturnType<typeof protectedTemplate>>;
  /** The fetch of its clients. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** Paths that xmcp serves without a token. */
  readonly publicPages: readonly string[];
  /** The status that the app around the template answers if it has no route for the request. Default: none. */
  withoutRoute?(method: string, path: string): 404 | 405 | undefined;
}

/** A platform for which the template is built in its own folder. */
export interface BuiltPlatform extends Platform {
  readonly cwd: string;
  /** The script that serves the build. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** Default: it has none. */
  readonly closedTool?: string;
}

/** The platform with one server for all promises that leave it as it was. Call it outside of `describe`. */
export async function withServer<P extends Platform>(platform: P): Promise<P> {
  return { ...platform, template: await protectedTemplate({}, platform.start) };
}

const PAGES = [
  ...["/", "/health", "/mcp/server-card", "/.well-known/mcp/server-card.json"],
  ...["/.well-known/ai-catalog.json", "/.well-known/ard.json"],
];

export const node: Platform = { start: server, publicPages: PAGES };

/** @param folder a copy of the template. Default: an unchanged copy. */
export function vercel(folder?: string): Promise<BuiltPlatform> {
  return built("--vercel", { entry: "serve-vercel.mjs", env: { VERCEL: "1" }, publicPages: PAGES }, folder);
}

/** @param folder a copy of the template. Default: an unchanged copy. */
export async function workers(folder?: string): Promise<BuiltPlatform> {
  const platform = await built("--cf", { entry: "serve-worker.mjs", env: {}, publicPages: PAGES }, folder);
  return { ...platform, start: (env) => workerServer(platform.cwd, env) };
}

/** The same build with another compatibility date, `2026-04-21` for example. */
export function workersOf({ cwd }: BuiltPlatform, date: string): Platform {
  return { start: (env) => workerServer(cwd, env, date), publicPages: PAGES };
}

/** xmcp's adapter in an app of that framework. */
export async function framework(name: "express" | "fastify"): Promise<BuiltPlatform> {
  const cwd = await templateCopy();
  await becomeExample(name, cwd);
  await addClosedThings(cwd);
  await buildQuickly(cwd);
  await expectBuilt(cwd, "xmcp", "build");
  return served({
    cwd,
    entry: join(cwd, "server.mjs"),
    env: { NODE_ENV: "production" },
    publicPages: [],
    closedTool: CLOSED_TOOL,
  });
}

/** withClerk with the handler of xmcp's adapter for Next.js, bundled as Next.js would, and without Next.js. */
export async function webHandler(): Promise<Platform> {
  const cwd = await templateCopy();
  await becomeExample("nextjs", cwd);
  await addClosedThings(cwd);
  await buildQuickly(cwd);
  await expectBuilt(cwd, "xmcp", "build");
  const { build } = await import("vite");
  await build({
    root: cwd,
    configFile: false,
    logLevel: "error",
    resolve: { alias: { "@xmcp/adapter": join(cwd, ".xmcp/adapter/index.js") } },
    ssr: { noExternal: true, external: ["ajv", "ajv-formats"] },
    build: { ssr: "app/clerk.ts", outDir: "out", commonjsOptions: { include: [/./] } },
  });
  return webServer(join(cwd, "out/clerk.mjs"));
}

/** withClerk with the MCP SDK's own Web transport, and two of the closed things: `closed` and `marked`. */
export function sdkHandler(): Platform {
  return webServer(join(ROOT, "dev/test/platforms/sdk-handler.mjs"));
}

function webServer(handler: string): Platform {
  return served({
    cwd: ROOT,
    entry: join(ROOT, "dev/test/platforms/serve-web.mjs"),
    env: { HANDLER: handler, NODE_ENV: "production" },
    publicPages: [],
  });
}

/** @param cwd a copy of the template in which Next.js is installed */
export async function nextjs(cwd: string): Promise<BuiltPlatform> {
  await becomeExample("nextjs", cwd);
  await addClosedThings(cwd);
  await expectBuilt(cwd, "npx", "xmcp", "build");
  await expectBuilt(cwd, "npx", "next", "build");
  return served({
    cwd,
    entry: join(ROOT, "dev/test/platforms/serve-next.mjs"),
    env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    publicPages: [],
    closedTool: CLOSED_TOOL,
    withoutRoute: nextWithoutRoute,
  });
}

/** The example has two routes with some methods each. Next.js removes surplus slashes. */
function nextWithoutRoute(method: string, path: string): 404 | 405 | undefined {
  const { pathname } = new URL(`http://app${path}`);
  const route = pathname.replace(/\/+/g, "/").replace(/\/$/, "");
  const reads = ["GET", "HEAD"];
  if (route === "/mcp") return [...reads, "POST", "DELETE"].includes(method) ? undefined : 405;
  if (route.startsWith("/.well-known/") || route === "/mcp/server-card")
    return reads.includes(method) ? undefined : 405;
  return 404;
}

/** Copies the example's files over the template's, and adds a rule to one of its tools. */
export async function becomeExample(name: string, cwd: string): Promise<void> {
  await cp(join(ROOT, "examples", name), cwd, { recursive: true });
  await rm(join(cwd, "src/middleware.ts"));
  const rule = 'export const access = { scopes: ["profile"] };';
  // Types are checked with those of the tests.
  await edit(join(cwd, "xmcp.config.ts"), "  bundler:", "  typescript: { skipTypeCheck: true },\n  bundler:");
  await edit(join(cwd, "src/tools/whoami.ts"), "export const metadata", `${rule}\n\nexport const metadata`);
}

/** The template with things that a rule in their file closes, built for Node. */
export async function nodeWithClosedThings(): Promise<BuiltPlatform> {
  const cwd = await templateCopy();
  await addClosedThings(cwd);
  await expectBuilt(cwd, "xmcp", "build");
  const platform = { cwd, entry: join(cwd, "dist/http.js"), env: {}, publicPages: PAGES };
  return { ...platform, closedTool: CLOSED_TOOL, start: (env) => server(env, { cwd }) };
}

async function built(
  target: string,
  { entry: script, env, publicPages }: Pick<BuiltPlatform, "entry" | "env" | "publicPages">,
  folder?: string,
): Promise<BuiltPlatform> {
  const cwd = folder ?? (await templateCopy());
  if (folder === undefined) {
    await addClosedThings(cwd);
    await buildQuickly(cwd);
  }
  await expectBuilt(cwd, "xmcp", "build", target);
  const platform = { cwd, entry: join(ROOT, "dev/test/platforms", script), env, publicPages };
  return served(folder === undefined ? { ...platform, closedTool: CLOSED_TOOL } : platform);
}

/** In this process: `platform.entry` loads Miniflare again for each server, which takes longer than most tests. */
async function workerServer(cwd: string, env: object, compatibilityDate?: string): Promise<Server> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  let output = "";
  // Loading Miniflare takes seconds, and most test files need no Worker.
  const { createWorker } = await import("./worker.mjs");
  const worker = createWorker({
    cwd,
    port,
    ...(compatibilityDate !== undefined && { compatibilityDate }),
    env: { ...process.env, BASE_URL: origin, ...env },
    print: (text) => {
      output += text;
    },
  });
  let ended: (code: number) => void;
  const exited = new Promise<number>((resolve) => {
    ended = resolve;
  });
  const stop = async () => {
    await worker.dispose();
    ended(0);
    return 0;
  };
  atEnd(async () => {
    await stop();
    keepServerOutput(output);
  });
  await worker.ready;
  return { origin, url: `${origin}/mcp`, output: () => output, exited, stop };
}

export async function expectBuilt(cwd: string, program: string, ...args: string[]): Promise<void> {
  const { code, output } = await run(program, args, { cwd, env: { NEXT_TELEMETRY_DISABLED: "1" } });
  if (code !== 0) throw new Error(output);
}

function served(built: Omit<BuiltPlatform, "start">): BuiltPlatform {
  return { ...built, start: (env) => server({ ...built.env, ...env }, built) };
}
