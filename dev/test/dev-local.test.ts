import { freePort } from "@xmcp-dev/clerk-local/testing";
import { expect, it } from "vitest";
import { ADD_MCP } from "./support/downloaded-clients.js";
import { eventually } from "./support/eventually.js";
import { descendants, start } from "./support/program.js";
import { templateCopy } from "./support/template.js";

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

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
