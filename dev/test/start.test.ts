import { cp, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { atEnd } from "./support/at-end.js";
import { run, start } from "./support/program.js";
import { server, standIn, tokenFor } from "./support/protected-template.js";
import { buildQuickly, emptyFolder, SERVER, templateCopy } from "./support/template.js";
import { callTool } from "./support/tool-call.js";

const clerk = await standIn();
/** An empty folder, without a developer's `.env`. */
const cwd = await emptyFolder();
const BASE_URL = "http://127.0.0.1:3001";
const COMPLETE = { ...clerk.env, BASE_URL };

describe("PORT and HOST, read when the server starts", () => {
  it.each(["127.0.0.1", "localhost"])("set the address where it listens: %s", async (host) => {
    const port = String(await freePort());
    const mcp = start("node", [SERVER], { cwd, env: { ...COMPLETE, PORT: port, HOST: host } });
    await mcp.printed(`MCP Server running on http://${host}:${port}/mcp`);
    const { status } = await fetch(`http://${host}:${port}/mcp`);
    expect(status).toBe(401);
  });

  it.each<[string, Record<string, string>]>([
    ["PORT must be a number", { PORT: "three" }],
    ["PORT must be a number", { PORT: "70000" }],
    // Reserved for documentation, so no machine has this address.
    ["HOST 192.0.2.1 is not an address of this machine", { PORT: "0", HOST: "192.0.2.1" }],
  ])("stop it with one line if they are invalid: %s", async (message, env) => {
    const { code, output } = await run("node", [SERVER], { cwd, env: { ...COMPLETE, ...env } });
    expect(code).toBe(1);
    expect(output.trim()).toMatch(new RegExp(`^${message}.*$`));
  });

  it("stop it if the port is in use, instead of changing the port", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    atEnd(() => other.close());
    const { port } = other.address() as AddressInfo;
    const { code, output } = await run("node", [SERVER], { cwd, env: { ...COMPLETE, PORT: String(port) } });
    expect(code).toBe(1);
    expect(output.trim()).toMatch(new RegExp(`^Port ${port} is already in use\\..*PORT.*$`));
  });
});

describe("an invalid configuration stops the start with one message, the last output, which", () => {
  it("names every missing value", async () => {
    const message = await refusal({});
    expect(message).toMatch(/^\[Clerk\] Missing required config:\n/);
    for (const name of ["CLERK_SECRET_KEY", "CLERK_DOMAIN", "BASE_URL"])
      expect(message).toContain(`- ${name} `);
  });

  it("names every invalid value, without repeating it", async () => {
    const wrong = {
      CLERK_SECRET_KEY: "pk_test_c2VjcmV0",
      CLERK_DOMAIN: "http://clerk.example.com",
      BASE_URL: "mcp.example.com/path",
    };
    const message = await refusal(wrong);
    expect(message).toMatch(/^\[Clerk\] Invalid config:\n/);
    for (const [name, value] of Object.entries(wrong)) {
      expect(message).toContain(`- ${name} `);
      expect(message).not.toContain(value);
    }
  });

  it.each(
    Object.keys(COMPLETE).filter((name) => name !== "CLERK_PUBLISHABLE_KEY" && name !== "CLERK_API_URL"),
  )("names %s if only this is missing", async (name) => {
    const { CLERK_PUBLISHABLE_KEY, ...others } = COMPLETE;
    const message = await refusal({ ...others, [name]: "" });
    expect(message.match(/^ {2}- .*/gm)).toEqual([expect.stringContaining(`- ${name} `)]);
  });

  async function refusal(env: Record<string, string>): Promise<string> {
    const { code, output } = await run("node", [SERVER], { cwd, env: { PORT: "0", ...env } });
    expect(code).toBe(1);
    expect(output.length).toBeLessThan(2_000);
    expect(output).not.toMatch(/\n\s+at |ClerkConfigError|Node\.js v/);
    expect(output.trimEnd()).toMatch(/restart\. Without a Clerk account: npm run dev:local$/);
    return output;
  }
});

describe("a .env file in the working directory", () => {
  it("gives the variables that the process does not have", async () => {
    const folder = await emptyFolder();
    const lines = Object.entries(clerk.env).map(([name, value]) => `${name}='${value}' # from the file`);
    await writeFile(join(folder, ".env"), `\ufeff${["PORT=1", ...lines].join("\r\n")}`);
    const mcp = await server({}, { cwd: folder, entry: SERVER });
    expect(await callTool(mcp.url, await tokenFor(clerk, mcp), "whoami")).toHaveProperty("structuredContent");
  });

  it("stops the start if it cannot be read", async () => {
    const folder = await emptyFolder();
    await mkdir(join(folder, ".env"));
    const { code, output } = await run("node", [SERVER], { cwd: folder, env: { ...COMPLETE, PORT: "0" } });
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/^The file \.env cannot be read: /),
    });
  });
});

it("dist/http.js runs alone, in a folder without node_modules", async () => {
  const folder = await emptyFolder();
  await cp(SERVER, join(folder, "http.js"));
  const mcp = await server(clerk.env, { cwd: folder, entry: "http.js" });
  const token = await tokenFor(clerk, mcp);
  for (const tool of ["whoami", "get-user-info", "get-my-organizations"]) {
    expect(await callTool(mcp.url, token, tool), tool).toHaveProperty("structuredContent");
  }
});

it.each([
  [
    "a middleware that xmcp would silently drop",
    "export const middleware = clerkProvider();",
    /^There is no middleware, so the server would accept every request\..*$/,
  ],
  [
    "an Express middleware, which would not run,",
    "const log = (_request: unknown, _response: unknown, next: () => void) => next();\nexport default [log, clerkProvider()];",
    /^src\/middleware\.ts exports more than clerkProvider\(\)\..*$/,
  ],
  [
    "an export mcp alone, which xmcp runs after the door,",
    "export const mcp = [(_context: unknown, next: () => unknown) => next()];",
    /^src\/middleware\.ts exports mcp, but no middleware for HTTP.*$/,
  ],
  [
    "a second provider, whose rules would not count,",
    "export default [clerkProvider(), clerkProvider({ access: { default: 'deny' } })];",
    /^More than one clerkProvider\(\) protects the same requests\..*$/,
  ],
])("%s stops the start", async (_, code, message) => {
  const copy = await templateCopy();
  await buildQuickly(copy);
  const source = `import { clerkProvider } from "@xmcp-dev/clerk";\n${code}\n`;
  await writeFile(join(copy, "src/middleware.ts"), source);
  const build = await run("xmcp", ["build"], { cwd: copy });
  expect(build.code, build.output).toBe(0);
  const started = await run("node", ["dist/http.js"], { cwd: copy, env: { ...COMPLETE, PORT: "0" } });
  expect(started.code).toBe(1);
  expect(started.output.trim()).toMatch(message);
});

it("npm start says so if there is no build", async () => {
  const { code, output } = await run("npm", ["start"], { cwd: await templateCopy() });
  expect(code).toBe(1);
  expect(output).toContain("There is no build yet. Run npm run build first.");
  expect(output).not.toMatch(/\n\s+at |MODULE_NOT_FOUND/);
});
