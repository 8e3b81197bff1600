/** Serializes a request exactly as the case states it: nothing is corrected, escaped or added. */
import { gzipSync } from "node:zlib";
import type { BodyEncoding } from "../case.js";
import type { Json } from "../tokens/recipe.js";

/** A request with its placeholders filled in. */
export interface PlainRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  /** Default: UTF-8. */
  readonly encoding?: BodyEncoding | undefined;
  /** Default: whether there are trailers. */
  readonly chunked?: boolean | undefined;
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

const ENCODERS: Readonly<Record<BodyEncoding, (text: string) => Buffer>> = {
  "utf-8": (text) => Buffer.from(text, "utf8"),
  "utf-16le": (text) => Buffer.from(text, "utf16le"),
  "latin-1": (text) => Buffer.from(text, "latin1"),
  gzip: (text) => gzipSync(text),
};

/** Header fields are latin1, as in HTTP. */
export function requestBytes(request: PlainRequest, connection: "close" | "keep-alive"): Buffer {
  const { method, target, version, body, encoding = "utf-8", trailers } = request;
  const content = ENCODERS[encoding](body ?? "");
  const isChunked = request.chunked ?? trailers.length > 0;
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
  const chunk = [Buffer.from(`${content.byteLength.toString(16)}\r\n`), content, Buffer.from("\r\n")];
  // A chunk of no length would be the end.
  return Buffer.concat([...(content.byteLength > 0 ? chunk : []), Buffer.from(`0\r\n${tail}\r\n`, "latin1")]);
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
