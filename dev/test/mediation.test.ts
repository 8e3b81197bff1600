import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addClosedThings } from "./platforms/closed-things.js";
import { run } from "./support/program.js";
import { server, standIn, tokenFor } from "./support/protected-template.js";
import { buildQuickly, edit, ROOT, templateCopy } from "./support/template.js";
import { post, toolCall } from "./support/tool-call.js";

/** xmcp's own entry instead of the plugin's, and a middleware that lets everybody in. Only the guard is left. */
const WITHOUT_DOOR = `bundler: (config: object) => ({
    ...serveOnNode(serveOnWorkers(config)),
    entry: (config as { entry: object }).entry,
  }),`;

describe("without the door, in a server that lets everybody in", async () => {
  const cwd = await templateCopy();
  await edit(
    join(cwd, "xmcp.config.ts"),
    "bundler: (config: object) => serveOnWorkers(serveOnNode(config)),",
    WITHOUT_DOOR,
  );
  const open = "export default (_request: unknown, _response: unknown, next: () => void) => next();\n";
  await writeFile(join(cwd, "src/middleware.ts"), open);
  await buildQuickly(cwd);
  const built = await run("xmcp", ["build", "--vercel"], { cwd });
  if (built.code !== 0) throw new Error(built.output);
  const clerk = await standIn();
  const entry = join(ROOT, "dev/test/platforms/serve-vercel.mjs");
  const mcp = await server({ ...clerk.env, VERCEL: "1" }, { cwd, entry });

  it.each(["greet", "whoami", "get-user-info", "get-my-organizations"])(
    "the tool %s does not run",
    async (tool) => {
      for (const credential of [{}, { authorization: `Bearer ${await tokenFor(clerk, mcp)}` }]) {
        const text = await (await post(mcp.url, toolCall(tool, { name: "World" }), credential)).text();
        expect(text).toMatch(/"code":-3260[12]/);
        expect(text).not.toMatch(/Hello|structuredContent|user_/);
      }
    },
  );

  it("no list shows a tool", async () => {
    const text = await (await post(mcp.url, { jsonrpc: "2.0", id: 1, method: "tools/list" })).text();
    expect(text).not.toMatch(/whoami|greet/);
  });
});

/** The guard, with a wrapper that lets every request with a session pass. */
async function addOpenGuard(cwd: string): Promise<void> {
  const dist = join(ROOT, "packages/clerk/dist");
  const source = await readFile(join(dist, "adapters/xmcp/guard.js"), "utf8");
  const guard = join(cwd, "open-guard.mjs");
  await writeFile(
    guard,
    source
      .replaceAll('from "../../', `from "${dist}/`)
      .replaceAll('from "./', `from "${dist}/adapters/xmcp/`)
      .concat('\nconsole.log("OPEN GUARD");\n'),
  );
  await edit(guard, "current === undefined || !current.mayRun(kind, name)", "current === undefined");
  await edit(
    join(cwd, "xmcp.config.ts"),
    "bundler: (config: object) => serveOnWorkers(serveOnNode(config)),",
    `bundler: (config: { resolve: object }) => {
    const { resolve, ...rest } = serveOnNode(config) as { resolve: { alias: object } };
    return { ...rest, resolve: { ...resolve, alias: { ...resolve.alias, "@xmcp-dev/clerk/guard": ${JSON.stringify(guard)} } } };
  },`,
  );
}

describe("without the guard, behind the door", async () => {
  const cwd = await templateCopy();
  await addClosedThings(cwd);
  await addOpenGuard(cwd);
  await buildQuickly(cwd);
  const built = await run("xmcp", ["build"], { cwd });
  if (built.code !== 0) throw new Error(built.output);
  const clerk = await standIn();
  const mcp = await server(clerk.env, { cwd });
  const authorization = `Bearer ${await tokenFor(clerk, mcp)}`;
  const send = async (method: string, params: object) =>
    (await post(mcp.url, { jsonrpc: "2.0", id: 1, method, params }, { authorization })).text();

  it("is not the guard that refuses", async () => {
    expect(mcp.output()).toContain("OPEN GUARD");
    expect(await send("tools/call", { name: "marked", arguments: { mark: "1" } })).toContain("RAN 1");
  });

  it.each([
    ["tools/call", { name: "closed", arguments: {} }],
    ["tools/call", { name: "closed-page", arguments: {} }],
    ["prompts/get", { name: "closed", arguments: {} }],
    ["resources/read", { uri: "docs://closed.html" }],
    ["resources/read", { uri: "ui://app/closed-page.html" }],
  ])("nothing closed runs: %s %o", async (method, params) => {
    expect(await send(method, params)).not.toContain("CLOSED RAN");
    expect(mcp.output()).not.toContain("CLOSED RAN");
  });

  it.each(["tools/list", "prompts/list", "resources/list"])("nothing closed is in %s", async (method) => {
    const text = await send(method, {});
    expect(text).toContain('"result"');
    expect(text).not.toContain("closed");
  });

  it("nothing closed is registered for a request that was judged for something open", async () => {
    const open = { name: "marked", arguments: { mark: "2" } };
    const batch = [
      { jsonrpc: "2.0", id: 1, method: "tools/call", params: open },
      { jsonrpc: "2.0", id: 2, method: "tools/list", params: {} },
    ];
    const text = await (await post(mcp.url, batch, { authorization })).text();
    expect(text).toContain("RAN 2");
    expect(text).not.toContain("closed");
  });
});
