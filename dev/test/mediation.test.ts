import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "./support/program.js";
import { server, standIn, tokenFor } from "./support/protected-template.js";
import { edit, ROOT, templateCopy } from "./support/template.js";
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
