/** Interprets an HTTP response as MCP: was the request served? */
import { field, isEventStream, type RawResponse } from "../http/response-parser.js";

/** The JSON-RPC messages of a response, from JSON or SSE. Empty if there are none. */
export function jsonRpcMessages({ fields, body }: RawResponse): Record<string, unknown>[] {
  const texts = isEventStream(fields) ? eventData(body) : [body];
  return texts.flatMap(parsed).filter(isMessage);
}

/** Whether the request was served: with a result, a stream, or an accepted notification. */
export function isServed(response: RawResponse): boolean {
  if (response.status < 200 || response.status > 299) return hasResult(response);
  return response.status === 202 || isEventStream(response.fields) || jsonRpcMessages(response).length > 0;
}

export function hasResult(response: RawResponse): boolean {
  return jsonRpcMessages(response).some((message) => "result" in message);
}

/** Whether something ran: there is a result other than a tool's error. */
export function hasRun(response: RawResponse): boolean {
  return jsonRpcMessages(response).some(({ result }) => result !== undefined && !isToolError(result));
}

/** The first JSON-RPC response. */
export function jsonRpcResponse(response: RawResponse): Record<string, unknown> | undefined {
  return jsonRpcMessages(response).find((message) => "result" in message || "error" in message);
}

function isToolError(result: unknown): boolean {
  return typeof result === "object" && result !== null && "isError" in result && result.isError === true;
}

export function jsonBody({ fields, body }: RawResponse): unknown {
  return /\bjson\b/i.test(field(fields, "content-type") ?? "") ? parsed(body)[0] : undefined;
}

function eventData(stream: string): string[] {
  return stream.split(/\r?\n\r?\n/).map((event) =>
    event
      .split(/\r?\n/)
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice("data:".length).trimStart())
      .join("\n"),
  );
}

/** Returns the messages of a batch as separate entries. */
function parsed(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return [];
  }
}

function isMessage(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && "jsonrpc" in value;
}
