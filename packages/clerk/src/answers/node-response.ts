import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "http";

/** Shows each part of an answer's body on its way out. */
export function watchBody(response: ServerResponse, watch: (part: string) => void): void {
  const watched = response as unknown as { write: Send<boolean>; end: Send<ServerResponse> };
  const { write, end } = watched;
  watched.write = (...args) => {
    if (isChunk(args[0])) watch(textOf(args[0]));
    return write.apply(response, args);
  };
  watched.end = (...args) => {
    if (isChunk(args[0])) watch(textOf(args[0]));
    return end.apply(response, args);
  };
}

/** Holds an answer's body back, and sends in its place what `rewrite` makes of it. */
export function rewriteBody(response: ServerResponse, rewrite: (body: string) => string): void {
  const { writeHead, write, end } = response;
  const chunks: Uint8Array[] = [];
  const keep = ([chunk, encoding]: readonly unknown[]): void => {
    if (typeof chunk === "string") chunks.push(Buffer.from(chunk, encodingOf(encoding)));
    else if (chunk instanceof Uint8Array) chunks.push(chunk);
  };
  Object.assign(response, {
    // Sent as it is given, the head would say how long the body was before.
    writeHead: (status: number, ...rest: readonly unknown[]): ServerResponse => {
      response.statusCode = status;
      for (const [name, value] of headersIn(rest)) response.setHeader(name, value);
      return response;
    },
    write: (...args: readonly unknown[]): boolean => {
      keep(args);
      const taken = callbackIn(args);
      if (taken !== undefined) queueMicrotask(taken);
      return true;
    },
    end: (...args: readonly unknown[]): ServerResponse => {
      keep(args);
      // Node's own `end` writes the head by `writeHead`.
      Object.assign(response, { writeHead, write, end });
      response.removeHeader("content-length");
      return response.end(rewrite(Buffer.concat(chunks).toString()), callbackIn(args));
    },
  });
}

type Send<T> = (...args: unknown[]) => T;

function isChunk(value: unknown): value is string | Uint8Array {
  return typeof value === "string" || value instanceof Uint8Array;
}

function textOf(chunk: string | Uint8Array): string {
  return typeof chunk === "string"
    ? chunk
    : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString();
}

function callbackIn(args: readonly unknown[]): (() => void) | undefined {
  return args.find((value): value is () => void => typeof value === "function");
}

function encodingOf(value: unknown): BufferEncoding | undefined {
  return typeof value === "string" && Buffer.isEncoding(value) ? value : undefined;
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
