import type { OpenStream } from "../access/open-streams.js";
import { Refusal } from "../errors/refusal.js";
import type { Protection } from "../protection.js";
import type { ToolRecord } from "../record/tool-record.js";
import { Aborted, parsedBody } from "../request/json-body.js";
import type { AuthRequest, PlainResponse } from "../request/request.js";
import { misconfiguredAnswer } from "../response/refusal-response.js";
import { keptAlive } from "../runtime/keep-alive.js";
import { readLimited, TooLarge } from "../runtime/read-limited.js";
import { runAsPublic, runWithContext } from "../session/context.js";

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
export function webMiddleware(protection: Protection, { maxBodyBytes }: WebRequestLimits): WebMiddleware {
  return async (request, next, remoteAddress) => {
    const decision = await protection.decide(authRequest(request, maxBodyBytes, remoteAddress));
    switch (decision.outcome) {
      case "answered":
        await drained(request, maxBodyBytes);
        return answer(decision.response, request);
      case "public":
        return runAsPublic(() => next(request), protection);
      case "authenticated": {
        const { context, body, isPrivate, record, stream } = decision;
        const go = async (): Promise<Response> =>
          runWithContext(context, () => next(forwarded(request, body)), protection);
        const answered = stream === undefined ? go : () => bounded(go, stream);
        const response = record === undefined ? await answered() : await recorded(answered, record);
        return isPrivate ? withHeader(response, "cache-control", "private, no-cache") : response;
      }
    }
  };
}

/** workerd does not always cancel the response when a caller disconnects. After this time without a read, it is cancelled. */
const ABANDONED_MS = 5_000;

/** Tells the record how the response ends. A rejected handler is recorded as an error. */
async function recorded(go: () => Promise<Response>, record: ToolRecord): Promise<Response> {
  let over = (): void => {};
  // A Worker's work stops when the caller hangs up, and the call would not be recorded.
  void keptAlive(
    new Promise<void>((resolve) => {
      over = resolve;
    }),
  );
  const end = (ending: number | "aborted"): void => {
    record.end(ending);
    over();
  };
  const response = await go().catch((error: unknown) => {
    end(500);
    throw error;
  });
  const { body, status } = response;
  if (body === null) {
    end(status);
    return response;
  }
  const reader = body.getReader();
  let abandoned: ReturnType<typeof setTimeout> | undefined;
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      clearTimeout(abandoned);
      const { done, value } = await reader.read();
      if (done) {
        end(status);
        return controller.close();
      }
      abandoned = setTimeout(() => end("aborted"), ABANDONED_MS);
      controller.enqueue(value);
    },
    cancel(reason) {
      clearTimeout(abandoned);
      end("aborted");
      return reader.cancel(reason);
    },
  });
  return new Response(watched, response);
}

/** Ends the response when its stream is over. */
async function bounded(go: () => Promise<Response>, stream: OpenStream): Promise<Response> {
  const response = await go().catch((error: unknown) => {
    stream.close();
    throw error;
  });
  if (response.body === null) {
    stream.close();
    return response;
  }
  const reader = response.body.getReader();
  const ending = new ReadableStream<Uint8Array>({
    start(controller) {
      stream.whenOver(() => {
        stream.close();
        controller.close();
        void reader.cancel().catch(() => {});
      });
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
      stream.close();
      controller.close();
    },
    cancel(reason) {
      stream.close();
      return reader.cancel(reason);
    },
  });
  return new Response(ending, response);
}

function withHeader(response: Response, name: string, value: string): Response {
  const headers = new Headers(response.headers);
  headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

/** Reads the rest of a refused body: workerd closes a connection whose request was not read to its end. */
async function drained({ body, bodyUsed }: Request, maxBodyBytes: number): Promise<void> {
  if (!bodyUsed) await readLimited(body, maxBodyBytes).catch(() => {});
}

async function bodyOf({ body, headers }: Request, maxBodyBytes: number): Promise<object | undefined> {
  const bytes = await readLimited(body, maxBodyBytes).catch((error: unknown): never => {
    throw error instanceof TooLarge ? new Refusal("content_too_large") : new Aborted();
  });
  const field = (name: string): string | undefined => headers.get(name) ?? undefined;
  return parsedBody(bytes, { type: field("content-type"), encoding: field("content-encoding") });
}

/** Fetch joins fields with the same name by a comma. This separates a second credential again. */
const SECOND_CREDENTIAL = /,\s*(?=bearer(?:\s|$))/i;

function authRequest(request: Request, maxBodyBytes: number, remoteAddress: string | undefined): AuthRequest {
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
    userAgent: headers.get("user-agent") ?? undefined,
    authorization: authorization?.split(SECOND_CREDENTIAL) ?? [],
    ifNoneMatch: headers.get("if-none-match") ?? undefined,
    isPreflight: isPreflight(request),
    requestedHeaders: headers.get("access-control-request-headers") ?? undefined,
    body: () => bodyOf(request, maxBodyBytes),
  };
}

function isPreflight({ method, headers }: Request): boolean {
  return method === "OPTIONS" && headers.has("access-control-request-method");
}

/** The request with the message that was judged, and without the token, since tools see the headers. */
function forwarded({ url, method, headers: sent, signal }: Request, body: object | undefined): Request {
  const headers = new Headers(sent);
  for (const name of ["authorization", "content-length", "transfer-encoding"]) headers.delete(name);
  return new Request(url, {
    method,
    headers,
    signal,
    // The Fetch API allows no body there.
    ...(body !== undefined && method !== "GET" && method !== "HEAD" && { body: JSON.stringify(body) }),
  });
}

/** The Fetch API allows no body with these. */
const WITHOUT_BODY = new Set([204, 304]);

function answer({ status, headers, body }: PlainResponse, { method }: Request): Response {
  return new Response(method === "HEAD" || WITHOUT_BODY.has(status) ? null : body, { status, headers });
}
