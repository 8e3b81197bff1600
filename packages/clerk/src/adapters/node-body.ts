import type { IncomingMessage } from "http";
import { Refusal } from "../errors/refusal.js";
import { Aborted, type BodyHeaders, message, parsedBody, requireJson } from "../request/json-body.js";

/** Node's request, with a `body` if something in front has parsed it. */
type Parsed = IncomingMessage & { body?: unknown };

/**
 * The JSON-RPC message of a request: of the stream, or, if something in front has read the stream, the value that it left
 * in `body`.
 *
 * @throws {Refusal} see `AuthRequest.body`.
 * @throws {Aborted} if the connection closes first.
 */
export async function nodeBody(request: Parsed, maxBytes: number): Promise<object | undefined> {
  const { headers } = request;
  const length = Number(headers["content-length"] ?? 0);
  if (length === 0 && headers["transfer-encoding"] === undefined) return undefined;
  if (length > maxBytes) throw new Refusal("content_too_large");
  const described = { type: headers["content-type"], encoding: headers["content-encoding"] };
  if (request.readableEnded) return bodyReadInFront(request.body, described);
  return parsedBody(await bytesOf(request, maxBytes), described);
}

function bodyReadInFront(body: unknown, headers: BodyHeaders): object | undefined {
  if (body instanceof Uint8Array) return parsedBody(body, headers);
  requireJson({ type: headers.type, encoding: undefined });
  if (typeof body !== "object" || body === null) throw new Refusal("body_not_json");
  return message(body);
}

function bytesOf(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      chunks.length = 0;
      reject(new Refusal("content_too_large"));
    });
    request.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    // An aborted upload emits `error` before `close`.
    request.once("error", () => reject(new Aborted()));
    request.once("close", () => reject(new Aborted()));
  });
}
