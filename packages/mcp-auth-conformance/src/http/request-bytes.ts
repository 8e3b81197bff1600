/** Serializes a request exactly as the case states it: nothing is corrected, escaped or added. */
import type { Json } from "../tokens/recipe.js";

/** A request with its placeholders filled in. */
export interface PlainRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

/** Header fields are latin1, as in HTTP; the body is UTF-8. */
export function requestBytes(request: PlainRequest, connection: "close" | "keep-alive"): Buffer {
  const { method, target, version, body, trailers } = request;
  const content = Buffer.from(body ?? "", "utf8");
  const isChunked = trailers.length > 0;
  const lines = [
    `${method} ${target} ${version}`,
    ...request.fields.map(([name, value]) => `${name}: ${value}`),
    `Connection: ${connection}`,
    ...(body === undefined
      ? []
      : isChunked
        ? ["Transfer-Encoding: chunked"]
        : [`Content-Length: ${content.byteLength}`]),
  ];
  const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  return Buffer.concat([head, isChunked ? chunked(content, trailers) : content]);
}

function chunked(content: Buffer, trailers: PlainRequest["trailers"]): Buffer {
  const tail = trailers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([
    Buffer.from(`${content.byteLength.toString(16)}\r\n`),
    content,
    Buffer.from(`\r\n0\r\n${tail}\r\n`, "latin1"),
  ]);
}

/** An MCP request that every server implements and must not answer without a token. */
export const INITIALIZE: Json = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "mcp-auth-conformance", version: "1" },
  },
};
