/** The names of the tools that a JSON-RPC body calls, a batch included. Headers that claim a name are not read. */
export function calledTools(body: unknown): readonly string[] {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body];
  return messages.filter(isToolCall).map((message) => message.params.name);
}

/** Names are recorded, and a caller without a token may send any: only what can be a tool's name is believed. */
const TOOL_NAME = /^[\w./-]{1,128}$/;

interface ToolCall {
  readonly params: { readonly name: string };
}

function isToolCall(message: unknown): message is ToolCall {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: { name?: unknown } | null };
  return method === "tools/call" && typeof params?.name === "string" && TOOL_NAME.test(params.name);
}
