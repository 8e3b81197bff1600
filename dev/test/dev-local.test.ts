import { join } from "node:path";
import { freePort, HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import { expect, it } from "vitest";
import { ADD_MCP } from "./support/downloaded-clients.js";
import { eventually } from "./support/eventually.js";
import { descendants, run, start } from "./support/program.js";
import { connectV2 } from "./support/sdk-clients.js";
import { ROOT, templateCopy } from "./support/template.js";

it("npm run dev:local prints how to connect each client, and leaves no process behind on Ctrl+C", async () => {
  const cwd = await templateCopy();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const local = start("clerk-local", ["--port", "0", "--", "xmcp", "dev"], {
    cwd,
    env: { PORT: String(port) },
  });
  await local.printed("Stop with Ctrl+C");
  const output = local.output();
  expect(output).toContain(`claude mcp add --transport http xmcp-clerk ${url}`);
  expect(output).toContain("claude mcp login xmcp-clerk");
  expect(output).toContain(`codex mcp add xmcp-clerk --url ${url}`);
  expect(output).toContain(`npx -y add-mcp@${ADD_MCP.version} ${url} -n xmcp-clerk`);
  expect(output).toContain(`{"mcpServers": {"xmcp-clerk": {"url": "${url}"}}}`);
  expect(output).toContain(`code --add-mcp '{"name":"xmcp-clerk","type":"http","url":"${url}"}'`);
  expect(output).toContain(`npx @modelcontextprotocol/inspector --transport http --server-url ${url}`);
  const challenged = await fetch(url);
  expect(challenged.status).toBe(401);

  const family = descendants(local.pid);
  expect(family.length).toBeGreaterThan(1);
  local.signal("SIGINT");
  expect(await local.exited).toBe(0);
  await eventually("every process has ended", () => family.every((pid) => !isRunning(pid)));
  await expect(fetch(url)).rejects.toThrow();
});

it("with registration off, a client with a metadata document signs in, and so does the doctor", async () => {
  const cwd = await templateCopy();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const options = ["--port", "0", "--registration", "off"];
  const local = start("clerk-local", [...options, "--", "xmcp", "dev"], { cwd, env: { PORT: String(port) } });
  await local.printed("Stop with Ctrl+C");
  const [, issuer = ""] = /^CLERK_DOMAIN=(.*)$/m.exec(local.output()) ?? [];
  const [, secretKey = ""] = /^CLERK_SECRET_KEY=(.*)$/m.exec(local.output()) ?? [];
  await fetch(`${issuer}/__local/autoApprove`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
    body: JSON.stringify({ approval: { user: "ada" } }),
  });

  const clientMetadataUrl = "https://claude.ai/oauth/claude-code-client-metadata";
  const call = await connectV2(new URL(url), new HeadlessSignIn({ clientMetadataUrl }));
  expect(await call("whoami")).toMatchObject({ clientId: clientMetadataUrl });

  const BROWSER = `${process.execPath} ${join(ROOT, "packages/clerk/test/doctor-scene/browser.mjs")}`;
  const doctor = await run("clerk-mcp", ["doctor", "--url", url, "--sign-in"], { cwd, env: { BROWSER } });
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
