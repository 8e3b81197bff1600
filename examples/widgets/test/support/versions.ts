/** Sends single messages in a version of MCP, with plain HTTP. */
import { post } from "../../../../dev/test/support/tool-call.js";

type Send = (method: string, params?: { readonly name?: string; readonly uri?: string }) => Promise<Response>;

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

export function inVersion(version: "2025-11-25" | "2026-07-28", url: string, token: string): Send {
  const headers = { authorization: `Bearer ${token}`, "mcp-protocol-version": version };
  if (version === "2025-11-25")
    return (method, params = {}) => post(url, { jsonrpc: "2.0", id: 1, method, params }, headers);
  return (method, params = {}) => {
    const { name = params.uri } = params;
    const latest = { ...headers, "mcp-method": method, ...(name !== undefined && { "mcp-name": name }) };
    return post(url, { jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: META } }, latest);
  };
}
