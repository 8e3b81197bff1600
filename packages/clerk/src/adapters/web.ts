import { type IsShown, withoutHidden } from "../mcp/lists.js";
import { visitMessages } from "../mcp/messages.js";
import type { Protection } from "../protection.js";
import { type ToolRecord, toolRecord } from "../record/tool-record.js";
import type { AuthRequest, PlainResponse } from "../request/request.js";
import { misconfiguredAnswer } from "../response/refusal-response.js";
import { readLimited, TooLarge } from "../runtime/read-limited.js";
import { runWithContext } from "../session/context.js";
import { rewrittenBody, watchedBody } from "./web-response.js";

export interface WebRequestLimits {
  readonly maxBodyBytes: number;
}

/** The protected server. */
export type Next = (request: Request) => Promise<Response>;

/**
 * Handles a request of the Fetch API. `remoteAddress` is the address at the other end of the connection, if known.
 */
export type WebMiddleware = (request: Request, next: Next, remoteAddress?: string) => Promise<Response>;

/** The response of a server whose configuration is unusable. */
export async function misconfigured(request: Request): Promise<Response> {
  return answer(misconfiguredAnswer(), request);
}

/** The adapter between a server based on the Fetch API and the runtime-neutral pipeline. */
export function webMiddleware(
  { decide, recording }: Protection,
  { maxBodyBytes }: WebRequestLimits,
): WebMiddleware {
  return async (request, next, remoteAddress) => {
    const read = await readLimited(request.body, maxBodyBytes).catch(ifTooLarge);
    const text = read ?? "";
    const isTooLarge = read === undefined;
    const decision = await decide({ ...authRequest(request, text, remoteAddress), isTooLarge });
    switch (decision.outcome) {
      case "answered":
        return answer(decision.response, request);
      case "public":
        return next(forwarded(request, text));
      case "authenticated": {
        const { context, isShown } = decision;
        const go = async () => {
          const passed = await runWithContext(context, () => next(forwarded(request, text)));
          return isShown === undefined ? passed : withoutHiddenEntries(passed, isShown);
        };
        const record = toolRecord(decision, recording);
        return record === undefined ? go() : watchedAnswer(go, record);
      }
    }
  };
}

/** A rejected handler is recorded as an error. */
async function watchedAnswer(go: () => Promise<Response>, record: ToolRecord): Promise<Response> {
  const response = await go().catch((error: unknown) => {
    record.end(500);
    throw error;
  });
  return watchedBody(response, record);
}

function ifTooLarge(error: unknown): undefined {
  if (!(error instanceof TooLarge)) throw error;
}

/** Fetch joins fields with the same name by a comma. This separates a second credential again. */
const SECOND_CREDENTIAL = /,\s*(?=bearer(?:\s|$))/i;

function authRequest(request: Request, text: string, remoteAddress: string | undefined): AuthRequest {
  const { method, headers } = request;
  const { pathname, search, host } = new URL(request.url);
  const authorization = headers.get("authorization");
  return {
    method,
    path: pathname,
    query: search.slice(1),
    host: headers.get("host") ?? host,
    origin: headers.get("origin") ?? undefined,
    remoteAddress,
    forwardedFor: headers.get("x-forwarded-for") ?? undefined,
    authorization: authorization?.split(SECOND_CREDENTIAL) ?? [],
    isPreflight: isPreflight(request),
    body: parsed(text),
    hasUnreadBody: text !== "" && !isJson(headers.get("content-type") ?? ""),
  };
}

export function isPreflight({ method, headers }: Request): boolean {
  return method === "OPTIONS" && headers.has("access-control-request-method");
}

/** Invalid JSON: the protected server rejects it too, so there is nothing to authorize. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isJson(contentType: string): boolean {
  return contentType.split(";", 1)[0]?.trim().toLowerCase() === "application/json";
}

/** The request with exactly the body that was authorized, and without the token, since tools see the headers. */
function forwarded(request: Request, text: string): Request {
  const headers = new Headers(request.headers);
  headers.delete("authorization");
  return new Request(request.url, {
    method: request.method,
    headers,
    signal: request.signal,
    ...(text !== "" && { body: text }),
  });
}

/** A list that depends on the caller must not reach another caller through a cache. */
async function withoutHiddenEntries(response: Response, isShown: IsShown): Promise<Response> {
  const visit = withoutHidden(isShown);
  const rewritten = await rewrittenBody(response, (body) => visitMessages(body, visit));
  rewritten.headers.set("cache-control", "private, no-cache");
  return rewritten;
}

function answer({ status, headers, body }: PlainResponse, { method }: Request): Response {
  return new Response(method === "HEAD" || status === 204 ? null : body, { status, headers });
}
