import type { IncomingMessage, ServerResponse } from "http";
import type { Authenticator, Decision } from "./authenticator.js";
import type { EventSink } from "./events.js";
import { misconfiguredAnswer } from "./refusal-response.js";
import type { AuthRequest, PlainResponse } from "./request.js";
import { type RequestContext, runWithContext } from "./session/context.js";
import { calledTools } from "./tool-calls.js";

/** A request as Express shapes it: Node's, with a parsed body, and `auth` for the MCP SDK. */
export type ExpressRequest = IncomingMessage & { body?: unknown; auth?: unknown };

/** An Express-shaped request handler, which xmcp runs before every MCP request on Node and Vercel. */
export type ExpressMiddleware = (
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

const EXPOSE_HEADERS = "access-control-expose-headers";

/** The adapter between an Express-shaped server and the runtime-neutral pipeline. */
export function expressMiddleware(authenticate: Authenticator, onEvent: EventSink): ExpressMiddleware {
  return (request, response, next) => {
    const proceed = (decision: Decision) => {
      switch (decision.outcome) {
        case "answered":
          return send(decision.response, request, response);
        case "public":
          return next();
        case "authenticated":
          request.auth = decision.authInfo;
          withholdToken(request);
          recordToolCalls(request, response, decision.context, onEvent);
          return runWithContext(decision.context, next);
      }
    };
    // An error left unhandled here would end the process.
    authenticate(authRequest(request)).then(proceed).catch(next);
  };
}

/** For a server that cannot start without its platform masking the reason. */
export const answerMisconfigured: ExpressMiddleware = (request, response) =>
  send(misconfiguredAnswer(), request, response);

function authRequest(request: ExpressRequest): AuthRequest {
  const { method = "GET", url = "/", headers } = request;
  const [path = "/", ...query] = url.split("?");
  return {
    method,
    path,
    query: query.join("?"),
    host: fieldValues(request.rawHeaders, "host").join(", "),
    origin: headers.origin,
    remoteAddress: request.socket.remoteAddress,
    forwardedFor: headers["x-forwarded-for"]?.toString(),
    authorization: fieldValues(request.rawHeaders, "authorization"),
    isPreflight: method === "OPTIONS" && headers["access-control-request-method"] !== undefined,
    body: request.body,
  };
}

/** Every field of that name: `headers` keeps only the first, and would hide a second credential. */
function fieldValues(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

/** Tools see the request's headers (`extra.requestInfo`); the token has done its work. */
function withholdToken(request: ExpressRequest): void {
  delete request.headers.authorization;
  // Node derives this one from `rawHeaders` on first use, and counts on their number.
  delete request.headersDistinct.authorization;
  request.rawHeaders = request.rawHeaders.filter((_, index, all) => {
    const name = all[index % 2 === 0 ? index : index - 1];
    return name?.toLowerCase() !== "authorization";
  });
}

function recordToolCalls(
  request: ExpressRequest,
  response: ServerResponse,
  { session }: RequestContext,
  onEvent: EventSink,
): void {
  const tools = calledTools(request.body);
  if (tools.length === 0) return;
  const started = performance.now();
  response.once("close", () => {
    const outcome = !response.writableFinished ? "aborted" : response.statusCode >= 400 ? "error" : "ok";
    for (const name of tools) {
      onEvent({
        type: "tool",
        time: new Date(),
        name,
        userId: session.userId,
        clientId: session.clientId,
        ...(session.organizationId !== undefined && { organizationId: session.organizationId }),
        durationMs: Math.round(performance.now() - started),
        outcome,
      });
    }
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

/** Adds to what the server already exposes to browsers. */
function exposeHeaders(response: ServerResponse, name: string): void {
  const exposed = String(response.getHeader(EXPOSE_HEADERS) ?? "").split(/\s*,\s*/);
  const known = exposed.some((other) => other.toLowerCase() === name.toLowerCase());
  if (!known) response.setHeader(EXPOSE_HEADERS, [...exposed, name].filter(Boolean).join(", "));
}
