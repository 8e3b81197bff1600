/** Calls tools with plain HTTP, for tests that need no client. */
export const HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
} as const;

export interface ToolResult {
  isError?: boolean;
  content: { type: string; text: string }[];
  structuredContent?: Record<string, unknown>;
}

/** Body of a `tools/call`. */
export function toolCall(name: string, args: object = {}, id = 1) {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args } };
}

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: "POST", headers: { ...HEADERS, ...headers }, body: JSON.stringify(body) });
}

export async function callTool(
  url: string,
  token: string,
  name: string,
  args: object = {},
): Promise<ToolResult> {
  return (await rpc(url, token, toolCall(name, args))) as ToolResult;
}

/** The `result` of a JSON-RPC request. Its answer is one server-sent event. */
export async function rpc(url: string, token: string, request: object): Promise<unknown> {
  const response = await post(url, request, { authorization: `Bearer ${token}` });
  const text = await response.text();
  const data = /^data: (.*)$/m.exec(text)?.[1];
  if (!response.ok || data === undefined) throw new Error(`HTTP ${response.status}: ${text}`);
  const { result, error } = JSON.parse(data) as { result?: unknown; error?: unknown };
  if (error !== undefined) throw new Error(JSON.stringify(error));
  return result;
}
