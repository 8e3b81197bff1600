import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import { expect, it } from "vitest";
import { ADD_MCP } from "./support/downloaded-clients.js";
import { eventually } from "./support/eventually.js";
import { descendants, run, start } from "./support/program.js";
import { connectV2 } from "./support/sdk-clients.js";
import { ROOT, templateCopy } from "./support/template.js";

it("npm run dev:local finds free ports, and prints how to connect each client", async () => {
  const cwd = await templateCopy();
  const local = start("clerk-local", ["--state", ".clerk-local", "--", "xmcp", "dev"], { cwd });
  await local.printed("Stop with Ctrl+C");
  const output = local.output();
  const [, issuer = ""] = /^Open (http:\S+)\/ to see/m.exec(output) ?? [];
  const [, url = ""] = /MCP Server running on (.*)$/m.exec(output) ?? [];
  expect(Number(new URL(issuer).port)).toBeGreaterThanOrEqual(4400);
  expect(Number(new URL(url).port)).toBeGreaterThanOrEqual(3001);
  expect(output).not.toMatch(/CLERK_SECRET_KEY|sk_test_/);
  expect(output).toContain(`claude mcp add --transport http xmcp-clerk ${url}`);
  expect(output).toContain("claude mcp login xmcp-clerk");
  expect(output).toContain(`codex mcp add xmcp-clerk --url ${url}`);
  expect(output).toContain(`npx -y add-mcp@${ADD_MCP.version} ${url} -n xmcp-clerk`);
  expect(output).toContain(`{"mcpServers": {"xmcp-clerk": {"url": "${url}"}}}`);
  expect(output).toContain(`code --add-mcp '{"name":"xmcp-clerk","type":"http","url":"${url}"}'`);
  expect(output).toContain(`npx @modelcontextprotocol/inspector --transport http --server-url ${url}`);
  const challenged = await fetch(url);
  expect(challenged.status).toBe(401);

  const other = await run("clerk-local", ["--state", ".clerk-local", "--", "xmcp", "dev"], { cwd });
  expect(other.code).toBe(1);
  expect(other.output).toContain(`Already running at ${issuer} with this state (.clerk-local).`);

  const second = start("clerk-local", ["--", "xmcp", "dev"], { cwd: await templateCopy() });
  await second.printed("Stop with Ctrl+C");
  const [, secondURL = url] = /MCP Server running on (.*)$/m.exec(second.output()) ?? [];
  expect(secondURL).not.toBe(url);
  expect(second.output()).toContain(`Connect a client to ${secondURL}.`);
  expect((await fetch(secondURL)).status).toBe(401);

  const families = [local, second].map(({ pid }) => descendants(pid));
  for (const family of families) expect(family.length).toBeGreaterThan(1);
  local.signal("SIGINT");
  second.signal("SIGINT");
  expect(await Promise.all([local.exited, second.exited])).toEqual([0, 0]);
  await eventually("every process has ended", () => families.flat().every((pid) => !isRunning(pid)));
  await expect(fetch(url)).rejects.toThrow();
});

it("a signal to npm alone ends everything that npm run dev:local has started", async () => {
  const cwd = await templateCopy();
  const env = { CLERK_LOCAL_PORT: "0", PORT: String(await freePort()) };
  const npm = start("npm", ["run", "dev:local"], { cwd, env });
  await npm.printed("Stop with Ctrl+C");
  const family = descendants(npm.pid);
  npm.signal("SIGTERM");
  await npm.exited;
  await eventually("every process has ended", () => family.every((pid) => !isRunning(pid)));
});

it("with registration off, a client with a metadata document signs in, and so does the doctor", async () => {
  const cwd = await templateCopy();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const options = ["--port", "0", "--registration", "off", "--state", "state"];
  const local = start("clerk-local", [...options, "--", "xmcp", "dev"], { cwd, env: { PORT: String(port) } });
  await local.printed("Stop with Ctrl+C");
  const state = JSON.parse(await readFile(join(cwd, "state/clerk-local.json"), "utf8"));
  const { issuer, secretKey } = state as { issuer: string; secretKey: string };
  await fetch(`${issuer}/__local/autoApprove`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
    body: JSON.stringify({ approval: { user: "ada" } }),
  });

  const clientMetadataUrl = "https://claude.ai/oauth/claude-code-client-metadata";
  const call = await connectV2(new URL(url), new HeadlessSignIn({ clientMetadataUrl }));
  expect(await call("whoami")).toMatchObject({ clientId: clientMetadataUrl });

  const BROWSER = `${process.execPath} ${join(ROOT, "packages/clerk/test/doctor-scene/browser.mjs")}`;
  const doctor = await run("clerk-mcp", ["doctor", "--sign-in"], {
    cwd,
    env: { BROWSER, BASE_URL: new URL(url).origin },
  });
  expect(doctor.code, doctor.output).toBe(0);
  expect(doctor.output).toMatch(/✔ Client .*by its metadata document/);
  expect(doctor.output).toMatch(/✔ Tool call/);
  local.signal("SIGINT");
  expect(await local.exited).toBe(0);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
