import type { IncomingMessage, ServerResponse } from "http";
import { type IsShown, withoutHidden } from "../mcp/lists.js";
import { visitMessages } from "../mcp/messages.js";
import type { Protection } from "../protection.js";
import { toolRecord } from "../record/tool-record.js";
import type { AuthRequest, PlainResponse } from "../request/request.js";
import { runWithContext } from "../session/context.js";
import { rewriteBody, watchAnswer } from "./node-response.js";

/** Node's request as Express extends it: a parsed body, and `auth` for the MCP SDK. */
export type ExpressRequest = IncomingMessage & { body?: unknown; auth?: unknown };

/** An Express-shaped request handler, which xmcp runs before every MCP request on Node and Vercel. */
export type ExpressMiddleware = (
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

const EXPOSE_HEADERS = "access-control-expose-headers";

/**
 * The adapter between an Express-shaped server and the runtime-neutral pipeline. Returns void: some frameworks take a
 * resolved promise for `next()`.
 */
export function expressMiddleware(protection: Protection): ExpressMiddleware {
  return (request, response, next) => {
    void handle(protection, request, response, next);
  };
}

async function handle(
  { decide, recording }: Protection,
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
): Promise<void> {
  try {
    const decision = await decide(authRequest(request));
    switch (decision.outcome) {
      case "answered":
        return send(decision.response, request, response);
      case "public":
        return next();
      case "authenticated": {
        request.auth = decision.context.authInfo;
        withholdToken(request);
        if (decision.isShown !== undefined) filterLists(response, decision.isShown);
        const record = toolRecord(decision, recording);
        if (record !== undefined) watchAnswer(response, record);
        return runWithContext(decision.context, next);
      }
    }
  } catch (error) {
    // An unhandled rejection would end the process.
    next(error);
  }
}

function authRequest(request: ExpressRequest): AuthRequest {
  const { method = "GET", url = "/", headers, rawHeaders } = request;
  const query = url.indexOf("?");
  return {
    method,
    path: query === -1 ? url : url.slice(0, query),
    query: query === -1 ? "" : url.slice(query + 1),
    host: fieldValues(rawHeaders, "host").join(", "),
    origin: headers.origin,
    remoteAddress: request.socket.remoteAddress,
    forwardedFor: headers["x-forwarded-for"]?.toString(),
    authorization: fieldValues(rawHeaders, "authorization"),
    isPreflight: method === "OPTIONS" && headers["access-control-request-method"] !== undefined,
    body: request.body,
    hasUnreadBody: hasUnreadBody(request),
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

/** An unparsed body (not application/json) cannot be authorized, so it is refused. */
function hasUnreadBody(request: ExpressRequest): boolean {
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  if (length === "0" && encoding === undefined) return false;
  return !request.readableEnded || typeof request.body === "string" || request.body instanceof Uint8Array;
}

/** A list that depends on the caller must not reach another caller through a cache. */
function filterLists(response: ServerResponse, isShown: IsShown): void {
  const visit = withoutHidden(isShown);
  rewriteBody(response, (body) => {
    response.setHeader("cache-control", "private, no-cache");
    return visitMessages(body, visit);
  });
}

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
  if (status !== 204) response.setHeader("content-length", Buffer.byteLength(body));
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Adds a header to those that the server already exposes to browsers. */
function exposeHeaders(response: ServerResponse, name: string): void {
  const exposed = String(response.getHeader(EXPOSE_HEADERS) ?? "").split(/\s*,\s*/);
  const known = exposed.some((other) => other.toLowerCase() === name.toLowerCase());
  if (!known) response.setHeader(EXPOSE_HEADERS, [...exposed, name].filter(Boolean).join(", "));
}
