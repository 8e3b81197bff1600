import type { Refusal, RefusalCode } from "../errors/refusal.js";
import type { Asked } from "../mcp/asked.js";
import { asText, type PageToOpen, type Question } from "../mcp/url-elicitation.js";
import type { Settings } from "../options/settings.js";
import type { PlainResponse } from "../request/request.js";
import { type ChallengeError, challenge } from "./challenge.js";
import { readsOnlyResults, signInResult } from "./sign-in-result.js";

interface Wire {
  readonly status: number;
  readonly description: string;
  /** The `error` member of the body. Default: the code. */
  readonly error?: string;
  /** `null`: no challenge. `undefined`: a challenge without an error. */
  readonly challenge: ChallengeError | undefined | null;
  /** Code of a JSON-RPC error (JSON-RPC 2.0 section 5.1), which is then the body. */
  readonly rpcCode?: number;
}

const WIRE: Readonly<Record<RefusalCode, Wire>> = {
  unauthorized: { status: 401, description: "Missing or invalid bearer token", challenge: undefined },
  token_expired: { status: 401, description: "Token has expired", challenge: "invalid_token" },
  invalid_token: { status: 401, description: "Token verification failed", challenge: "invalid_token" },
  invalid_request: {
    status: 400,
    description: "Send exactly one credential, in the Authorization header",
    challenge: "invalid_request",
  },
  insufficient_scope: {
    status: 403,
    description: "The token lacks a scope that is needed here",
    challenge: "insufficient_scope",
  },
  access_denied: { status: 403, description: "You may not do this", challenge: null },
  forbidden: {
    status: 403,
    description: "This origin or host may not call this server; its operator can add it to allowedOrigins",
    challenge: null,
  },
  content_too_large: {
    status: 413,
    description: "The request body is too large",
    challenge: null,
    error: "invalid_request",
  },
  unsupported_media_type: {
    status: 415,
    description: "Send the message as application/json in UTF-8, uncompressed",
    challenge: null,
  },
  parse_error: {
    status: 400,
    description: "The body is not valid JSON in UTF-8",
    challenge: null,
    rpcCode: -32700,
  },
  invalid_message: {
    status: 400,
    description: "The body is not a JSON-RPC message or batch",
    challenge: null,
    rpcCode: -32600,
  },
  unanswerable_batch: {
    status: 400,
    description: "The batch requests a list in which you may see nothing",
    challenge: null,
    rpcCode: -32600,
  },
  method_not_allowed: {
    status: 405,
    description: "This server does not support the method",
    challenge: null,
  },
  too_many_requests: {
    status: 429,
    description: "Too many requests from this address; wait before the next",
    challenge: null,
  },
  server_error: { status: 500, description: "Authentication service misconfigured", challenge: null },
  temporarily_unavailable: {
    status: 503,
    description: "The authentication service cannot be reached; try again shortly",
    challenge: null,
  },
};

const DEFAULT_RETRY_AFTER_SECONDS = 2;
const MAX_RETRY_AFTER_SECONDS = 60;

/** The request that is refused, as far as the form of the answer depends on it. */
export interface RefusedRequest {
  /** `undefined`: the body was not read, or is no single request. */
  readonly asked: Asked | undefined;
  readonly userAgent: string | undefined;
  /** How the client can be asked to open a page. */
  readonly question: (page: PageToOpen) => Question;
}

/** Code of a JSON-RPC error that the server defines (JSON-RPC 2.0 section 5.1). */
const SERVER_ERROR = -32000;

const UNREAD: RefusedRequest = { asked: undefined, userAgent: undefined, question: () => undefined };

/** Turns a refusal into an HTTP response. The response repeats nothing of the request or its token but the JSON-RPC id. */
export function refusalResponse(
  refusal: Refusal,
  settings: Settings,
  { asked, userAgent, question }: RefusedRequest = UNREAD,
): PlainResponse {
  const wire = WIRE[refusal.code];
  const { status } = wire;
  if (refusal.page !== undefined && asked !== undefined)
    return json(200, pageAnswer(asked, refusal.page, question(refusal.page)), {
      "cache-control": "no-store",
    });
  // A missing scope always leads to `insufficient_scope`, whatever the code.
  const error = refusal.scopes === undefined ? wire.challenge : "insufficient_scope";
  const headers: Record<string, string> = { "cache-control": "no-store" };
  if (error !== null) {
    headers["www-authenticate"] = challenge(settings, error, refusal.scopes);
    headers["access-control-expose-headers"] = "WWW-Authenticate";
  }
  if (status === 503 || status === 429) {
    headers["retry-after"] = String(retryAfterSeconds(refusal));
    headers["access-control-expose-headers"] = "Retry-After";
  }
  const needs = refusal.needs.length === 0 ? "" : `: this needs ${refusal.needs.join(", and ")}`;
  if (status === 405)
    headers.allow =
      refusal.reason === "stream_anonymous" ? "POST, OPTIONS" : "GET, HEAD, POST, DELETE, OPTIONS";
  const description = `${wire.description}${needs}`;
  const challenged = headers["www-authenticate"];
  if (challenged !== undefined && asked?.method === "tools/call" && readsOnlyResults(userAgent))
    return json(200, signInResult(asked, challenged, description), { "cache-control": "no-store" });
  const oauthError = { error: wire.error ?? refusal.code, error_description: description };
  // Some clients wait for an answer with the id of their request, whatever the status.
  if (refusal.reason === "credential_missing" && asked !== undefined)
    return json(
      status,
      rpcError(asked.id, { code: SERVER_ERROR, message: description, data: oauthError }),
      headers,
    );
  // The id of the request is unknown, since it could not be read as a message.
  if (wire.rpcCode !== undefined)
    return json(status, rpcError(null, { code: wire.rpcCode, message: description }), headers);
  return json(status, oauthError, headers);
}

/** Asks the client to open a page. No status of HTTP's says that, and 401 or 403 would make it sign in again. */
function pageAnswer({ id, method, isModern }: Asked, page: PageToOpen, question: Question): object {
  if (question !== undefined && "input" in question) return { jsonrpc: "2.0", id, result: question.input };
  if (question !== undefined) return rpcError(id, question.error);
  const text = asText(page);
  if (method !== "tools/call") return rpcError(id, { code: SERVER_ERROR, message: text });
  const result = { content: [{ type: "text", text }], isError: true };
  return { jsonrpc: "2.0", id, result: { ...result, ...(isModern && { resultType: "complete" }) } };
}

function rpcError(id: string | number | null, error: object): object {
  return { jsonrpc: "2.0", id, error };
}

function json(status: number, body: object, headers: Readonly<Record<string, string>>): PlainResponse {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

function retryAfterSeconds({ retryAfterSeconds: asked = DEFAULT_RETRY_AFTER_SECONDS }: Refusal): number {
  return Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(1, Math.ceil(asked)));
}

/** The response to every request of a server whose configuration is unusable. */
export function misconfiguredAnswer(): PlainResponse {
  const { status, description } = WIRE.server_error;
  return json(
    status,
    { error: "server_error", error_description: description },
    { "cache-control": "no-store" },
  );
}
