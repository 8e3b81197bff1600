import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { buildImage } from "../support/image.js";
import { start } from "../support/program.js";
import { server, standIn } from "../support/protected-template.js";
import { emptyFolder, ROOT } from "../support/template.js";
import { ENVIRONMENT, expectOk, WORKER } from "./fresh-app.js";

const TIMEOUT_MS = 5 * 60_000;

describe("the exported template, in a folder with a space in its name, after npm install alone", () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = join(await emptyFolder(), "my server");
    await expectOk(ROOT, "npm", "run", "export-template", "--", cwd);
    await expectOk(cwd, "npm", "install");
  }, TIMEOUT_MS);

  it("has the plugin and the local Clerk from its own folder, and nothing from this repository", async () => {
    const { packages } = JSON.parse(await readFile(join(cwd, "package-lock.json"), "utf8")) as {
      packages: Record<string, { resolved?: string; link?: boolean }>;
    };
    const ours = Object.entries(packages).filter(([path]) => /@xmcp-dev\/clerk(-local)?$/.test(path));
    expect(ours).toHaveLength(2);
    for (const [, { resolved }] of ours)
      expect(resolved).toMatch(/^file:vendor\/xmcp-dev-clerk[\w.-]+\.tgz$/);
    expect(Object.values(packages).filter(({ link }) => link)).toEqual([]);
  });

  it("demo shows that everything works", { timeout: TIMEOUT_MS }, async () => {
    expect(await expectOk(cwd, "npm", "run", "demo")).toContain("Everything works");
  });

  it("test passes", { timeout: TIMEOUT_MS }, async () => {
    expect(await expectOk(cwd, "npm", "test")).toMatch(/Tests +3 passed/);
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

  it("build makes a server for Node that challenges", { timeout: TIMEOUT_MS }, async () => {
    await expectOk(cwd, "npm", "run", "build");
    const clerk = await standIn();
    const { url } = await server(clerk.env, { cwd });
    expect((await fetch(url)).status).toBe(401);
  });

  it("build:cf makes a Worker that challenges", { timeout: TIMEOUT_MS }, async () => {
    await expectOk(cwd, "npm", "run", "build:cf");
    const clerk = await standIn();
    const { url } = await server(clerk.env, { cwd, entry: WORKER });
    expect((await fetch(url)).status).toBe(401);
  });

  it("its Dockerfile makes an image with the built server", { timeout: TIMEOUT_MS }, async () => {
    const image = await buildImage(cwd, { installs: true });
    const clerk = await standIn();
    const { url } = await server(clerk.env, { cwd: image.root, entry: join(image.root, "app/http.js") });
    expect((await fetch(url)).status).toBe(401);
  });

  it("npx finds the plugin's command in the folder", async () => {
    expect(await expectOk(cwd, "npx", "@xmcp-dev/clerk", "doctor", "--help")).toContain("Usage:");
  });
});
