import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { run, start } from "./support/program.js";
import { server, standIn } from "./support/protected-template.js";
import { buildQuickly, edit, templateCopy } from "./support/template.js";

const MIDDLEWARE = `import { clerkProvider } from "@xmcp-dev/clerk";

export default clerkProvider({ access: JSON.parse(process.env.ACCESS ?? "{}") });
`;

const clerk = await standIn();
const cwd = await templateCopy();
/** `xmcp dev` replaces the build. */
const ofDevelopment = await templateCopy();
for (const folder of [cwd, ofDevelopment]) await writeFile(join(folder, "src/middleware.ts"), MIDDLEWARE);
await edit(join(cwd, "src/tools/greet.ts"), "export const metadata", ownRule('["documents:read"]'));
await buildQuickly(cwd);
const built = await run("xmcp", ["build"], { cwd });
if (built.code !== 0) throw new Error(built.output);

/** Code for a rule in the tool's own file. */
function ownRule(scopes: string): string {
  return `export const access = { scopes: ${scopes} };\n\nexport const metadata`;
}

/** The environment of a server with these rules. */
function withRules(access: object, env: object = clerk.env): Record<string, string> {
  return { ...env, ACCESS: JSON.stringify(access) };
}

const ADDRESS = { BASE_URL: "http://127.0.0.1:3001", PORT: "0" };

const UNKNOWN_TOOL = { tools: { gret: { scopes: ["profile"] } } };
const UNKNOWN_SCOPE = { tools: { whoami: { scopes: ["documents:raed"] } } };

describe("a built server does not start", () => {
  it.each([
    [
      "a tool that does not exist",
      UNKNOWN_TOOL,
      /access → tools → gret: this name does not exist.* get-user-info, greet, whoami/,
    ],
    ["a pattern that matches no tool", { tools: { "old-*": "deny" } }, /access → tools → old-\*/],
    ["a prompt that does not exist", { prompts: { plan: {} } }, /access → prompts → plan/],
    ["a scope that Clerk does not advertise", UNKNOWN_SCOPE, /access → scope documents:raed: Clerk does not/],
    ["an unknown member", { tools: { greet: { permision: "a" } } }, /tools → greet: .*permision/],
  ])("with a rule for %s, and its last output is one message about it", async (_, access, problem) => {
    const { code, output } = await run("node", ["dist/http.js"], {
      cwd,
      env: withRules(access, { ...clerk.env, ...ADDRESS }),
    });
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringMatching(problem) });
    expect(output.trim().split("\n").at(-1)).toMatch(/^Correct it in src\/middleware\.ts, .* and restart\.$/);
  });

  it("with several mistakes, and lists them all", async () => {
    const both = { tools: { ...UNKNOWN_TOOL.tools, ...UNKNOWN_SCOPE.tools } };
    const { output } = await run("node", ["dist/http.js"], {
      cwd,
      env: withRules(both, { ...clerk.env, ...ADDRESS }),
    });
    expect(output).toMatch(/gret/);
    expect(output).toMatch(/documents:raed/);
    expect(output.match(/Invalid config/g)).toHaveLength(1);
  });
});

describe("a built server starts", () => {
  it("with rules for tools that exist, including patterns and tools' own rules", async () => {
    const rules = { tools: { whoami: { scopes: ["documents:read"] }, "get-*": { organization: true } } };
    const mcp = await server(withRules(rules), { cwd });
    expect((await fetch(mcp.url)).status).toBe(401);
    expect(mcp.output()).not.toMatch(/config|checked/);
  });

  it("with a warning if unknownNames is warn", async () => {
    const mcp = await server(withRules({ ...UNKNOWN_TOOL, unknownNames: "warn" }), { cwd });
    expect((await fetch(mcp.url)).status).toBe(401);
    await expect.poll(() => mcp.output()).toMatch(/access → tools → gret/);
  });

  it("without output if unknownNames is ignore, and without asking Clerk", async () => {
    clerk.requests({ reset: true });
    const mcp = await server(withRules({ ...UNKNOWN_SCOPE, unknownNames: "ignore" }), { cwd });
    expect((await fetch(mcp.url)).status).toBe(401);
    expect(mcp.output()).not.toMatch(/documents:raed/);
    expect(clerk.requests()).toEqual([]);
  });

  it("while Clerk is unreachable, and says that scopes were not checked", async () => {
    const away = await standIn();
    await away.close();
    const mcp = await server(withRules(UNKNOWN_SCOPE, away.env), { cwd });
    await expect.poll(() => mcp.output(), { timeout: 15_000 }).toMatch(/scopes .* were not checked/);
    expect((await fetch(mcp.url)).status).toBe(401);
  });
});

it("in development a mistake is a warning, and the server runs", async () => {
  const port = String(await freePort());
  const env = withRules(
    { ...UNKNOWN_TOOL, tools: { ...UNKNOWN_TOOL.tools, ...UNKNOWN_SCOPE.tools } },
    { ...clerk.env, ...ADDRESS, PORT: port },
  );
  const dev = start("xmcp", ["dev"], { cwd: ofDevelopment, env });
  await dev.printed("MCP Server running on");
  await dev.printed("access → tools → gret");
  await dev.printed("access → scope documents:raed");
  expect((await fetch(`http://127.0.0.1:${port}/mcp`)).status).toBe(401);
});
