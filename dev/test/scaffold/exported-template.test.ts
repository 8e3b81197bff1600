import { join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { start } from "../support/program.js";
import { server, standIn } from "../support/protected-template.js";
import { emptyFolder, ROOT } from "../support/template.js";
import { ENVIRONMENT, expectOk, tarballs, WORKER } from "./fresh-app.js";

const TIMEOUT_MS = 5 * 60_000;

describe("the exported template, in a folder with a space in its name, with packed packages", () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = join(await emptyFolder(), "gallery template");
    await expectOk(ROOT, "node", "dev/scripts/export-template.mjs", cwd);
    const { plugin, standIn } = await tarballs();
    await expectOk(cwd, "npm", "install", plugin, standIn);
  }, TIMEOUT_MS);

  it("demo shows that everything works", { timeout: TIMEOUT_MS }, async () => {
    expect(await expectOk(cwd, "npm", "run", "demo")).toContain("Everything works");
  });

  it("test passes", { timeout: TIMEOUT_MS }, async () => {
    expect(await expectOk(cwd, "npm", "test")).toMatch(/Tests +2 passed/);
  });

  it("dev challenges a request without a token", { timeout: TIMEOUT_MS }, async () => {
    const clerk = await standIn();
    const port = await freePort();
    const BASE_URL = `http://127.0.0.1:${port}`;
    const env = { ...ENVIRONMENT, ...clerk.env, PORT: String(port), BASE_URL };
    const dev = start("npm", ["run", "dev"], { cwd, env });
    await dev.printed(`MCP Server running on ${BASE_URL}/mcp`, TIMEOUT_MS);
    expect((await fetch(`${BASE_URL}/mcp`)).status).toBe(401);
  });

  it("build:cf makes a Worker that challenges", { timeout: TIMEOUT_MS }, async () => {
    await expectOk(cwd, "npm", "run", "build:cf");
    const clerk = await standIn();
    const { url } = await server(clerk.env, { cwd, entry: WORKER });
    expect((await fetch(url)).status).toBe(401);
  });
});
