/** Messages to the MCP endpoint, as a client sends them. */
import type { Question } from "./ask.js";

export function mcpMessage(
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Question {
  return {
    method: "POST",
    headers: { "content-type": "application/json", "mcp-protocol-version": "2025-06-18", ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  };
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
