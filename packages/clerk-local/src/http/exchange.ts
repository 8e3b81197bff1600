/** One HTTP request and its response. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  method: string;
  url: URL;
  path: string;
}

/** Answers the request and returns true, or leaves it untouched and returns false. */
export type Handler = (exchange: Exchange) => Promise<boolean> | boolean;

export type Headers = Record<string, string>;

/** Largest request body that is read, in bytes. */
const MAX_BODY = 64 * 1024;

export class BodyTooLarge extends Error {
  constructor() {
    super(`The request body is larger than ${MAX_BODY} bytes.`);
  }
}

export async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The body as JSON; `undefined` if it is not JSON. An empty body counts as `{}`. */
export async function readJson(req: IncomingMessage): Promise<unknown> {
  const text = await readBody(req);
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function sendJson(exchange: Exchange, status: number, body: unknown, headers: Headers = {}): true {
  // Clerk's SDK parses JSON only with exactly this content type.
  return send(exchange, status, JSON.stringify(body), { "content-type": "application/json", ...headers });
}

export function send({ req, res }: Exchange, status: number, body: string, headers: Headers = {}): true {
  res.writeHead(status, { "content-length": String(Buffer.byteLength(body)), ...headers });
  res.end(req.method === "HEAD" ? undefined : body);
  return true;
}

export function redirect({ res }: Exchange, location: string): true {
  res.writeHead(303, { location, "content-length": "0", "cache-control": "no-store" });
  res.end();
  return true;
}

/** The bearer token of a request, RFC 6750 §2.1. */
export function bearerToken({ req }: Exchange): string | undefined {
  return /^Bearer +([^ ]+)$/i.exec(req.headers.authorization ?? "")?.[1];
}

/** Whether the request has the secret key as bearer token. */
export function hasSecretKey(exchange: Exchange, secretKey: string): boolean {
  return isSecret(bearerToken(exchange) ?? "", secretKey);
}

/** Whether `text` is the secret. Compares in constant time. */
export function isSecret(text: string, secret: string): boolean {
  const digest = (value: string) => createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(text), digest(secret));
}
