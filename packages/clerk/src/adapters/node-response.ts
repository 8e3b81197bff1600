import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "http";
import type { Socket } from "net";
import type { AnswerWatcher } from "../record/tool-record.js";

/** Reports each part of a response to the watcher, and then how it ended. */
export function watchAnswer(response: ServerResponse, watcher: AnswerWatcher): void {
  const watched = response as unknown as { write: Send<boolean>; end: Send<ServerResponse> };
  const { write, end } = watched;
  const read = (chunk: unknown): void => {
    if (isChunk(chunk)) watcher.read(textOf(chunk));
  };
  watched.write = (chunk, encoding, callback) => {
    read(chunk);
    return write.call(response, chunk, encoding, callback);
  };
  const pending = pendingOf(response.socket);
  watched.end = (chunk, encoding, callback) => {
    read(chunk);
    // The response is already destroyed if its connection closed before it was watched.
    if (pending.delete(watcher)) watcher.end(response.destroyed ? "aborted" : response.statusCode);
    return end.call(response, chunk, encoding, callback);
  };
  pending.add(watcher);
}

const pendings = new WeakMap<Socket, Set<AnswerWatcher>>();

/** The watchers of the pending responses on a connection. If it closes first, each gets `aborted`. */
function pendingOf(socket: Socket | null): Set<AnswerWatcher> {
  const known = socket === null ? undefined : pendings.get(socket);
  if (known !== undefined) return known;
  const pending = new Set<AnswerWatcher>();
  if (socket === null) return pending;
  pendings.set(socket, pending);
  socket.once("close", () => {
    for (const watcher of pending) watcher.end("aborted");
    pending.clear();
  });
  return pending;
}

/** Buffers the body of a response and sends the result of `rewrite` instead. */
export function rewriteBody(response: ServerResponse, rewrite: (body: string) => string): void {
  const { writeHead, write, end } = response;
  const chunks: Uint8Array[] = [];
  const keep = ([chunk, encoding]: readonly unknown[]): void => {
    if (typeof chunk === "string") chunks.push(Buffer.from(chunk, encodingOf(encoding)));
    else if (chunk instanceof Uint8Array) chunks.push(chunk);
  };
  Object.assign(response, {
    // Delays the head: the handler's content-length is that of the original body.
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
      // Node's own `end` calls `writeHead`.
      Object.assign(response, { writeHead, write, end });
      response.removeHeader("content-length");
      return response.end(rewrite(Buffer.concat(chunks).toString()), callbackIn(args));
    },
  });
}

type Send<T> = (chunk?: unknown, encoding?: unknown, callback?: unknown) => T;

function isChunk(value: unknown): value is string | Uint8Array {
  return typeof value === "string" || value instanceof Uint8Array;
}

const decoder = new TextDecoder();

function textOf(chunk: string | Uint8Array): string {
  return typeof chunk === "string" ? chunk : decoder.decode(chunk);
}

function callbackIn(args: readonly unknown[]): (() => void) | undefined {
  return args.find((value): value is () => void => typeof value === "function");
}

function encodingOf(value: unknown): BufferEncoding | undefined {
  return typeof value === "string" && Buffer.isEncoding(value) ? value : undefined;
}

/** The headers among the arguments of `writeHead`: an object, or alternating names and values. */
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
