import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "http";

/** Shows each part of an answer's body on its way out. */
export function watchBody(response: ServerResponse, watch: (part: string) => void): void {
  const write = response.write.bind(response) as Send<boolean>;
  const end = response.end.bind(response) as Send<ServerResponse>;
  const seen =
    <T>(send: Send<T>): Send<T> =>
    (chunk, ...rest) => {
      if (isChunk(chunk)) watch(textOf(chunk));
      return send(chunk, ...rest);
    };
  Object.assign(response, { write: seen(write), end: seen(end) });
}

/** Holds an answer's body back, and sends in its place what `rewrite` makes of it. */
export function rewriteBody(response: ServerResponse, rewrite: (body: string) => string): void {
  const { writeHead, write, end } = response;
  const chunks: Uint8Array[] = [];
  const keep = (chunk: unknown): void => {
    if (isChunk(chunk)) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  };
  Object.assign(response, {
    // Sent as it is given, the head would say how long the body was before.
    writeHead: (status: number, ...rest: readonly unknown[]): ServerResponse => {
      response.statusCode = status;
      for (const [name, value] of headersIn(rest)) response.setHeader(name, value);
      return response;
    },
    write: (chunk: unknown): boolean => {
      keep(chunk);
      return true;
    },
    end: (chunk?: unknown): ServerResponse => {
      keep(chunk);
      // Node's own `end` writes the head by `writeHead`.
      Object.assign(response, { writeHead, write, end });
      response.removeHeader("content-length");
      return response.end(rewrite(Buffer.concat(chunks).toString()));
    },
  });
}

type Send<T> = (...args: readonly unknown[]) => T;

function isChunk(value: unknown): value is string | Uint8Array {
  return typeof value === "string" || value instanceof Uint8Array;
}

function textOf(chunk: string | Uint8Array): string {
  return typeof chunk === "string"
    ? chunk
    : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString();
}

/** The headers among the arguments of `writeHead`: an object, or names and values in turn. */
function headersIn(args: readonly unknown[]): readonly (readonly [string, OutgoingHttpHeader])[] {
  const headers = args.find((value) => typeof value === "object" && value !== null) as
    | OutgoingHttpHeaders
    | readonly OutgoingHttpHeader[]
    | undefined;
  if (headers === undefined) return [];
  if (!isList(headers))
    return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return headers.flatMap((name, index) =>
    index % 2 === 0 ? [[String(name), headers[index + 1] as OutgoingHttpHeader] as const] : [],
  );
}

function isList(value: object): value is readonly OutgoingHttpHeader[] {
  return Array.isArray(value);
}
