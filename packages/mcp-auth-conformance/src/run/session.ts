/** The MCP session of a case (MCP Transports, Session Management). A server may have none; then a case needs none. */
import { combinedField, type RawResponse } from "../http/response-parser.js";
import { jsonRpcResponse } from "../judge/mcp-answer.js";
import type { Json } from "../tokens/recipe.js";

export type SessionFields = readonly (readonly [name: string, value: string])[];

/** What a client sends after it is connected, before anything else. */
export const INITIALIZED: Json = { jsonrpc: "2.0", method: "notifications/initialized" };

/** The header fields of every later request, by the response to `initialize`. */
export function sessionFields(response: RawResponse): SessionFields {
  const id = combinedField(response.fields, "mcp-session-id");
  const result = jsonRpcResponse(response)?.result as { protocolVersion?: unknown } | undefined;
  const version = result?.protocolVersion;
  return [
    ...(id === undefined ? [] : [["Mcp-Session-Id", id] as const]),
    ...(typeof version === "string" ? [["Mcp-Protocol-Version", version] as const] : []),
  ];
}

/** Whether the server keeps a session, and so wants to be told that the client is ready. */
export function isKept(fields: SessionFields): boolean {
  return fields.some(([name]) => name === "Mcp-Session-Id");
}
