import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import config from "../../xmcp.config.js";
import { ROOT } from "./support/template.js";

interface Entry {
  readonly type?: string;
  readonly url: string;
}

/** The file that each client reads, and the member that lists the servers. */
const FILES = { ".mcp.json": "mcpServers", ".cursor/mcp.json": "mcpServers", ".vscode/mcp.json": "servers" };

it.each(Object.entries(FILES))("%s connects a client to this server, and to no other", (file, member) => {
  const content = contentOf(file) as Record<string, Record<string, Entry>>;
  const servers = content[member] ?? {};
  const { host, port, endpoint } = config.http as { host: string; port: number; endpoint: string };
  expect(Object.keys(servers)).toEqual(["xmcp-clerk"]);
  expect(servers["xmcp-clerk"]?.url).toBe(`http://${host}:${port}${endpoint}`);
  const comments = Object.keys(content).filter((name) => name !== member);
  expect(comments.filter((name) => !name.startsWith("//"))).toEqual([]);
});

it.each(Object.keys(FILES))("%s says what Clerk's own server does, without connecting to it", (file) => {
  const [line] = readFileSync(join(ROOT, file), "utf8")
    .split("\n")
    .filter((text) => text.includes("clerk-account"));
  expect(line?.trim()).toMatch(/^(\/\/ |"\/\/)clerk-account.*not connected: https:\/\/mcp\.clerk\.com\/mcp/i);
  expect(line).toContain("manages your Clerk account");
});

it("the documentation says what an assistant can do with Clerk's own server", () => {
  const page = readFileSync(join(ROOT, "docs/start/connect-clerk.md"), "utf8");
  const [, section = ""] = page.split("## Clerk's own MCP server\n");
  for (const power of ["create applications", "change the settings", "create users", "set up production"])
    expect(section.replaceAll("\n", " ")).toContain(power);
});

/** VS Code's file may have comments (JSONC). */
function contentOf(file: string): unknown {
  const text = readFileSync(join(ROOT, file), "utf8");
  return JSON.parse(file.startsWith(".vscode") ? text.replace(/^\s*\/\/.*$/gm, "") : text);
}
