import type { IncomingMessage, ServerResponse } from "http";
import { type Protection, refusedTwice } from "../protection.js";
import { Aborted } from "../request/json-body.js";
import type { AuthRequest, PlainResponse } from "../request/request.js";
import { decidedBy, isDecided, runAsPublic, runWithContext } from "../session/context.js";
import { nodeBody } from "./node-body.js";

/** Node's request as Express extends it: a parsed body, and `auth` for the MCP SDK. */
export type ExpressRequest = IncomingMessage & {
  body?: unknown;
  auth?: unknown;
  _body?: boolean;
  originalUrl?: string;
};

/** An Express-shaped request handler. On Node and Vercel it stands in front of xmcp. */
export type ExpressMiddleware = (
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

const EXPOSE_HEADERS = "access-control-expose-headers";

/** Default of `maxBodyBytes`. */
const MAX_BODY_BYTES = 256 * 1024;

/** How long a caller that is still sending may take to notice its refusal. */
const LINGER_MS = 1_000;

/**
 * The adapter between Node's requests and the runtime-neutral pipeline. It stands in front of xmcp, or is a middleware of
 * an Express-shaped server. A request that has passed it once passes again. Returns void: some frameworks take a resolved
 * promise for `next()`.
 */
export function expressMiddleware(
  protection: Protection,
  maxBodyBytes: number = MAX_BODY_BYTES,
): ExpressMiddleware {
  return (request, response, next) => {
    if (isDecided()) {
      if (decidedBy() === protection) return next();
      return send(refusedTwice(), request, response);
    }
    void handle(protection, maxBodyBytes, request, response, next);
  };
}

async function handle(
  protection: Protection,
  maxBodyBytes: number,
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
): Promise<void> {
  try {
    const decision = await protection.decide(authRequest(request, maxBodyBytes));
    switch (decision.outcome) {
      case "answered":
        return send(decision.response, request, response);
      case "public":
        return runAsPublic(next, protection);
      case "authenticated": {
        const { context, body, isPrivate, record, stream } = decision;
        request.auth = context.authInfo;
        handOn(request, body);
        withholdToken(request);
        if (isPrivate) keepPrivate(response);
        // The caller has disconnected.
        if (response.destroyed) {
          stream?.close();
          return record?.end("aborted");
        }
        if (stream !== undefined) {
          response.once("close", () => stream.close());
          stream.whenOver(() => response.end());
        }
        if (record !== undefined)
          response.once("close", () =>
            record.end(response.writableFinished ? response.statusCode : "aborted"),
          );
        return runWithContext(context, next, protection);
      }
    }
  } catch (error) {
    if (error instanceof Aborted) return;
    // An unhandled rejection would end the process.
    next(error);
  }
}

function authRequest(request: ExpressRequest, maxBodyBytes: number): AuthRequest {
  const { method = "GET", headers, rawHeaders } = request;
  // Express shortens `url` below a mount path, where `/` would be the endpoint.
  const { originalUrl = request.url ?? "/" } = request;
  const query = originalUrl.indexOf("?");
  return {
    method,
    path: query === -1 ? originalUrl : originalUrl.slice(0, query),
    query: query === -1 ? "" : originalUrl.slice(query + 1),
    host: fieldValues(rawHeaders, "host").join(", "),
    origin: headers.origin,
    remoteAddress: request.socket.remoteAddress,
    forwardedFor: headers["x-forwarded-for"]?.toString(),
    userAgent: headers["user-agent"],
    authorization: fieldValues(rawHeaders, "authorization"),
    ifNoneMatch: headers["if-none-match"],
    isPreflight: method === "OPTIONS" && headers["access-control-request-method"] !== undefined,
    requestedHeaders: headers["access-control-request-headers"],
    body: () => nodeBody(request, maxBodyBytes),
  };
}

/** Every field with this name: `headers` keeps only the first, which would hide a second credential. */
function fieldValues(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (isNamed(rawHeaders[index], name)) values.push(rawHeaders[index + 1] ?? "");
  }
  return values;
}

/** Compares lengths first, since `toLowerCase` allocates. */
function isNamed(field: string | undefined, name: string): boolean {
  return field?.length === name.length && field.toLowerCase() === name;
}

/**
 * Removes the token, since tools see the request's headers (`extra.requestInfo`). Assigns instead of deleting or
 * redefining: V8 would keep the request as a hash table afterwards, which slows down every later access.
 */
function withholdToken(request: ExpressRequest): void {
  const { authorization: _, ...headers } = request.headers;
  const { rawHeaders } = request;
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2)
    if (isNamed(rawHeaders[index], "authorization")) rawHeaders.splice(index, 2);
  request.headers = headers;
  // Node derives it from `rawHeaders` on first use, and relies on their original number.
  request.headersDistinct = distinct(rawHeaders);
}

/** The body that was judged, for the server behind. `_body` keeps body-parser 1.x from reading the stream again. */
function handOn(request: ExpressRequest, body: object | undefined): void {
  request.body = body ?? {};
  request._body = true;
}

function distinct(rawHeaders: readonly string[]): NodeJS.Dict<string[]> {
  const headers = Object.create(null) as NodeJS.Dict<string[]>;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    const values = headers[name];
    if (values === undefined) headers[name] = [value];
    else values.push(value);
  }
  return headers;
}

/**
 * A list that depends on the caller must not reach another caller through a cache. xmcp passes its own headers to `writeHead`,
 * where they take precedence.
 */
function keepPrivate(response: ServerResponse): void {
  const { writeHead } = response;
  response.writeHead = ((status: number, headers: object = {}) =>
    writeHead.call(response, status, {
      ...headers,
      "cache-control": "private, no-cache",
    })) as typeof writeHead;
}

/** Their length would be that of another answer, or none (RFC 9110 section 8.6). */
const WITHOUT_BODY = new Set([204, 304]);

function send(
  { status, headers, body }: PlainResponse,
  request: ExpressRequest,
  response: ServerResponse,
): void {
  for (const [name, value] of Object.entries(headers)) {
    if (name === EXPOSE_HEADERS) exposeHeaders(response, value);
    else response.setHeader(name, value);
  }
  response.statusCode = status;
  if (!WITHOUT_BODY.has(status)) response.setHeader("content-length", Buffer.byteLength(body));
  const content = request.method === "HEAD" ? undefined : body;
  if (request.complete) response.end(content);
  else endSlowly(request, response, content);
}

/**
 * Sends the response before the request is complete. Node may close the connection with the end of a response, and a
 * caller that is still sending would then lose it. So the response ends when the request does, or after a second.
 */
function endSlowly(request: ExpressRequest, response: ServerResponse, content: string | undefined): void {
  if (content === undefined || content === "") response.flushHeaders();
  else response.write(content);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once("close", end).resume();
}

/** Adds a header to those that the server already exposes to browsers. */
function exposeHeaders(response: ServerResponse, name: string): void {
  const exposed = String(response.getHeader(EXPOSE_HEADERS) ?? "").split(/\s*,\s*/);
  const known = exposed.some((other) => other.toLowerCase() === name.toLowerCase());
  if (!known) response.setHeader(EXPOSE_HEADERS, [...exposed, name].filter(Boolean).join(", "));
}
