/** A server with every kind of thing that xmcp serves, to compare its answers with and without the plugin. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildQuickly, edit, templateCopy } from "../support/template.js";

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** They import nothing from `xmcp` itself, which a Worker cannot load: what its functions return is written out. */
const FILES: Readonly<Record<string, string>> = {
  "src/tools/add.ts": `
    import { z } from "zod";
    export const schema = {
      a: z.number().int().min(0).describe("The first number"),
      b: z.number().default(1),
      how: z.enum(["exactly", "roughly"]).optional(),
    };
    export const outputSchema = { sum: z.number(), how: z.string().nullable() };
    export const metadata = {
      name: "add",
      title: "Addition",
      description: "Adds numbers \u2028 and says “how”",
      annotations: { title: "Add", readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      _meta: { "example.com/kind": { deep: ["a", 1, null] } },
    };
    export default ({ a, b, how = null }) => {
      const structuredContent = { sum: a + b, how };
      return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
    };`,
  "src/tools/breaks-its-promise.ts": `
    import { z } from "zod";
    export const outputSchema = { sum: z.number() };
    export const metadata = { name: "breaks-its-promise", description: "Returns other content than its schema says" };
    export default () => ({ content: [{ type: "text", text: "no sum" }], structuredContent: { sum: "none" } });`,
  "src/tools/throws.ts": `
    import { z } from "zod";
    export const schema = { what: z.enum(["error", "text", "nothing"]) };
    export const metadata = { name: "throws", description: "Fails" };
    export default async ({ what }) => {
      throw { error: new Error("The disk is full ✗"), text: "a text", nothing: undefined }[what];
    };`,
  "src/tools/says-error.ts": `
    export const metadata = { name: "says-error", description: "Answers that it failed" };
    export default () => ({ isError: true, content: [{ type: "text", text: "It failed" }], _meta: { retry: true } });`,
  "src/tools/page.ts": `
    export const metadata = {
      name: "page",
      description: "Has a page",
      _meta: { ui: { csp: { connectDomains: ["https://example.com"] }, prefersBorder: true } },
    };
    export default () => "<!doctype html><title>Page</title><p>A page</p>";`,
  "src/tools/many-things.ts": `
    export const metadata = { name: "many-things", description: "Answers with every kind of content" };
    export default () => ({
      content: [
        { type: "text", text: "Zoë \\u2028 \\ud83d\\ude00", annotations: { audience: ["user"], priority: 0.5 } },
        { type: "image", data: "${PIXEL}", mimeType: "image/png" },
        { type: "resource_link", uri: "notes://first", name: "first" },
        { type: "resource", resource: { uri: "notes://first", mimeType: "text/plain", text: "A note" } },
      ],
    });`,
  "src/tools/without-metadata.ts": "export default () => 42;",
  "src/tools/returns-nothing.ts": `
    export const metadata = { name: "returns-nothing", description: "" };
    export default () => undefined;`,
  "src/tools/reports-progress.ts": `
    export const metadata = { name: "reports-progress", description: "Sends notifications before its result" };
    export default async (_: unknown, { _meta, sendNotification }) => {
      const progressToken = _meta?.progressToken;
      for (const progress of [1, 2])
        if (progressToken !== undefined)
          await sendNotification({ method: "notifications/progress", params: { progressToken, progress, total: 2 } });
      return "Done";
    };`,
  "src/tools/asks.ts": `
    export const metadata = { name: "asks", description: "Asks its user" };
    const requestedSchema = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };
    const who = { method: "elicitation/create", params: { mode: "form", message: "Who?", requestedSchema } };
    export default (_: unknown, { inputResponses }) => {
      const answer = inputResponses?.who;
      if (answer === undefined) return { resultType: "input_required", inputRequests: { who } };
      return JSON.stringify(answer);
    };`,
  // The length is that of the message, which the plugin writes anew for a Worker.
  "src/tools/seen.ts": `
    import { headers } from "xmcp/headers";
    const fields = (all = {}) => Object.entries(all).filter(([name]) => name !== "content-length").sort();
    export const metadata = { name: "seen", description: "What a tool sees of its request" };
    export default (_: unknown, extra) => {
      const { requestInfo, _meta, clientInfo, sessionId = null } = extra;
      const known = Object.keys(extra).sort();
      return JSON.stringify({ headers: fields(headers()), sent: fields(requestInfo?.headers), _meta, clientInfo, sessionId, known });
    };`,
  "src/prompts/review.ts": `
    import { z } from "zod";
    const language = z.string().describe("A language");
    const complete = (value) => ["typescript", "terraform", "rust"].filter((name) => name.startsWith(value));
    Object.defineProperty(language, Symbol.for("mcp.completable"), { value: { complete } });
    export const schema = {
      language,
      tone: z.string().optional(),
    };
    export const metadata = { name: "review", title: "Review", description: "Reviews code", role: "user" };
    export default ({ language, tone = "kind" }) => \`Review this \${language}, and be \${tone}\`;`,
  "src/prompts/plain.ts": `
    export const metadata = { name: "plain", description: "Takes no arguments" };
    export default () => ({
      messages: [{ role: "assistant", content: { type: "text", text: "Plain" } }],
    });`,
  "src/prompts/throws.ts": `
    export const metadata = { name: "throws", description: "Fails" };
    export default () => { throw new Error("No prompt today"); };`,
  "src/resources/(notes)/first.ts": `
    export const metadata = { name: "first", title: "First", description: "A note", mimeType: "text/plain" };
    export default () => "A note ✓";`,
  "src/resources/(notes)/pixel.ts": `
    export const metadata = { name: "pixel", description: "A picture", mimeType: "image/png" };
    export default () => ({ contents: [{ uri: "notes://pixel", mimeType: "image/png", blob: "${PIXEL}" }] });`,
  "src/resources/(notes)/throws.ts": `
    export const metadata = { name: "throws", description: "Fails" };
    export default () => { throw new Error("No note today"); };`,
  "src/resources/(people)/[id]/profile.ts": `
    import { z } from "zod";
    export const schema = { id: z.string().describe("Whose") };
    export const metadata = { name: "profile", description: "A profile", mimeType: "application/json" };
    export default ({ id }) => JSON.stringify({ id });`,
};

const SERVED_BY_PLUGIN = "serveOnWorkers(serveOnNode(config))";

/** xmcp lists things in the order in which it happens to find their files, which may differ between two builds. */
const IN_ORDER = `
function inOrder(given: object) {
  const fs = process.getBuiltinModule("fs");
  const map = ".xmcp/import-map.js";
  const sorted = (lines: string) => lines.split(/(?<=\\n)/).sort().join("");
  const sort = () => fs.writeFileSync(map, fs.readFileSync(map, "utf8").replace(/(^"src.*\\n)+/gm, sorted));
  const { plugins = [] } = given as { plugins?: object[] };
  type Compiler = { hooks: { beforeCompile: { tap(name: string, listener: () => void): void } } };
  const apply = (compiler: Compiler) => compiler.hooks.beforeCompile.tap("in order", sort);
  return { ...given, plugins: [...plugins, { apply }] };
}

const config: XmcpConfig`;

/** The template with these things in place of its tools. */
export async function withPlugin(): Promise<string> {
  const folder = await templateCopy();
  await rm(join(folder, "src/tools"), { recursive: true });
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const config = join(folder, "xmcp.config.ts");
  await edit(config, "prompts: false", 'prompts: "./src/prompts"');
  await edit(config, "resources: false", 'resources: "./src/resources"');
  await edit(config, "const config: XmcpConfig", IN_ORDER);
  await edit(config, SERVED_BY_PLUGIN, `inOrder(${SERVED_BY_PLUGIN})`);
  await buildQuickly(folder);
  return folder;
}

/** The same as xmcp alone builds and serves it. */
export async function withoutPlugin(): Promise<string> {
  const folder = await withPlugin();
  await rm(join(folder, "src/middleware.ts"));
  const config = join(folder, "xmcp.config.ts");
  await edit(config, 'import { serveOnNode, serveOnWorkers } from "@xmcp-dev/clerk/bundler";\n', "");
  await edit(config, SERVED_BY_PLUGIN, "config");
  // xmcp cannot write this value into the build, which then takes the variable PORT.
  await edit(config, "port: 3001", "port: Number.POSITIVE_INFINITY");
  return folder;
}
