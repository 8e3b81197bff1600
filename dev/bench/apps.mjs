// Builds xmcp apps next to each other in one temporary folder. They differ in their middleware, in the caller that they
// report, and in the number of tools.
import { spawnSync } from "node:child_process";
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

const ROOT = resolve(import.meta.dirname, "../..");
const VARIANTS = join(import.meta.dirname, "variants");
const TOOLS = join(ROOT, "src/tools");

/** xmcp by default: it starts its own listener, on 3001 or, if that is taken, on another port. */
const PLAIN_CONFIG = `import type { XmcpConfig } from "xmcp";

const config: XmcpConfig = {
  http: { endpoint: "/mcp", host: "127.0.0.1", bodySizeLimit: 256 * 1024 },
  paths: { tools: "./src/tools", prompts: false, resources: false },
};

export default config;
`;

/** An additional tool, for apps with more than the template's four tools. */
const FILLER = /** @param {number} number */ (number) => `import { getSession } from "../callers/CALLER";
import type { ToolMetadata } from "xmcp";
import { z } from "zod";

export const schema = { name: z.string().describe("A name") };
export const outputSchema = { greeting: z.string() };
export const metadata: ToolMetadata = { name: "filler-${number}", description: "Fills the list" };

export default function filler({ name }: { name: string }) {
  const greeting = \`\${name} \${getSession().userId}\`;
  return { content: [{ type: "text", text: greeting }], structuredContent: { greeting } };
}
`;

/**
 * @typedef {object} App
 * @property {string} [middleware] its file in `variants/`, without the extension. Default: xmcp without a middleware
 * @property {"fixed" | "ours" | "clerk-sdk" | "switched"} caller the module from which tools get the caller
 * @property {number} [tools] number of tools. Default: the template's four
 */

/**
 * Builds the app, unless it is already built.
 *
 * @param {string} folder that contains all apps
 * @param {App} app
 * @returns {string} the folder that `dist/http.js` is in
 */
export function buildApp(folder, { middleware, caller, tools = 4 }) {
  const app = join(folder, `${middleware ?? "plain"}-${tools}`);
  if (existsSync(app)) return app;
  mkdirSync(join(app, "src/tools"), { recursive: true });
  for (const file of ["package.json", "tsconfig.json"]) cpSync(join(ROOT, file), join(app, file));
  symlinkSync(join(ROOT, "node_modules"), join(app, "node_modules"), "junction");
  if (middleware === undefined) {
    writeFileSync(join(app, "xmcp.config.ts"), PLAIN_CONFIG);
  } else {
    cpSync(join(ROOT, "xmcp.config.ts"), join(app, "xmcp.config.ts"));
    cpSync(join(VARIANTS, `${middleware}.ts`), join(app, "src/middleware.ts"));
  }
  cpSync(join(VARIANTS, "callers"), join(app, "src/callers"), { recursive: true });
  for (const name of readdirSync(TOOLS)) {
    const text = readFileSync(join(TOOLS, name), "utf8");
    writeTool(app, name, text.replace('"@xmcp-dev/clerk"', '"../callers/CALLER"'), caller);
  }
  for (let number = 5; number <= tools; number += 1)
    writeTool(app, `filler-${number}.ts`, FILLER(number), caller);
  build(app);
  return app;
}

/**
 * @param {string} app
 * @param {string} name
 * @param {string} text
 * @param {string} caller
 */
function writeTool(app, name, text, caller) {
  writeFileSync(join(app, "src/tools", name), text.replace("CALLER", caller));
}

/** @param {string} app */
function build(app) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "node_modules/xmcp/dist/cli.js"), "build"],
    {
      cwd: app,
      encoding: "utf8",
    },
  );
  if (!existsSync(join(app, "dist/http.js")))
    throw new Error(`xmcp could not build ${app}:\n${stdout}${stderr}`);
}
