// Builds xmcp apps next to each other in one folder: xmcp as it comes, and the template with the plugin.
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { filler } from "./variants/filler.mjs";

const ROOT = resolve(import.meta.dirname, "../..");
const VARIANTS = join(import.meta.dirname, "variants");
const TOOLS = join(ROOT, "src/tools");

/** xmcp as it comes starts its own listener, on 3001 or, if that is taken, on another port. */
const PLAIN_CONFIG = `import type { XmcpConfig } from "xmcp";

const config: XmcpConfig = {
  http: { endpoint: "/mcp", host: "127.0.0.1", bodySizeLimit: 256 * 1024 },
  paths: { tools: "./src/tools", prompts: false, resources: false },
  typescript: { skipTypeCheck: true },
};

export default config;
`;

/**
 * @param {string} folder that contains all apps
 * @param {"xmcp" | "ours"} kind
 * @param {number} tools
 * @returns {string} the folder that `dist/http.js` is in
 */
export function appFolder(folder, kind, tools) {
  return join(folder, `${kind}-${tools}`);
}

/**
 * Builds all apps, two at a time.
 *
 * @param {string} folder
 * @param {readonly number[]} toolCounts
 */
export async function buildApps(folder, toolCounts) {
  const waiting = toolCounts
    .flatMap((tools) => [writeApp(folder, "xmcp", tools), writeApp(folder, "ours", tools)])
    .values();
  const worker = async () => {
    for (const app of waiting) await build(app);
  };
  await Promise.all([worker(), worker()]);
}

/**
 * @param {string} folder
 * @param {"xmcp" | "ours"} kind
 * @param {number} tools
 */
function writeApp(folder, kind, tools) {
  const app = appFolder(folder, kind, tools);
  mkdirSync(join(app, "src/tools"), { recursive: true });
  for (const file of ["package.json", "tsconfig.json"]) cpSync(join(ROOT, file), join(app, file));
  symlinkSync(join(ROOT, "node_modules"), join(app, "node_modules"), "junction");
  if (kind === "xmcp") {
    writeFileSync(join(app, "xmcp.config.ts"), PLAIN_CONFIG);
    cpSync(join(VARIANTS, "fixed-caller.ts"), join(app, "src/fixed-caller.ts"));
  } else {
    cpSync(join(ROOT, "xmcp.config.ts"), join(app, "xmcp.config.ts"));
    cpSync(join(VARIANTS, "ours.ts"), join(app, "src/middleware.ts"));
  }
  const write = (/** @type {string} */ name, /** @type {string} */ text) => {
    const own = kind === "xmcp" ? text.replace('"@xmcp-dev/clerk"', '"../fixed-caller"') : text;
    writeFileSync(join(app, "src/tools", name), own);
  };
  for (const name of readdirSync(TOOLS)) write(name, readFileSync(join(TOOLS, name), "utf8"));
  for (let number = 5; number <= tools; number += 1) write(`filler-${number}.ts`, filler(number));
  return app;
}

/** @param {string} app */
async function build(app) {
  const child = spawn(process.execPath, [join(ROOT, "node_modules/xmcp/dist/cli.js"), "build"], { cwd: app });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  await once(child, "close");
  if (!existsSync(join(app, "dist/http.js"))) throw new Error(`xmcp could not build ${app}:\n${output}`);
}
