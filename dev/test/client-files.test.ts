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

it.each(Object.entries(FILES))("%s names this server and Clerk's documentation", (file, member) => {
  const content = JSON.parse(readFileSync(join(ROOT, file), "utf8")) as Record<string, Record<string, Entry>>;
  expect(Object.keys(content)).toEqual([member]);
  const { "xmcp-clerk": server, "clerk-docs": documentation, ...others } = content[member] ?? {};
  const { host, port, endpoint } = config.http as { host: string; port: number; endpoint: string };
  expect(server?.url).toBe(`http://${host}:${port}${endpoint}`);
  expect(documentation?.url).toBe("https://mcp.clerk.com/mcp");
  expect(others).toEqual({});
});
