import type { PageToOpen } from "../mcp/url-elicitation.js";
import { ClerkFailure } from "./clerk-failure.js";

/**
 * The `error` member of the body, which is all that a refused caller sees. `content_too_large` is sent as
 * `invalid_request`, `parse_error` as the JSON-RPC error -32700, `invalid_message` and `unanswerable_batch` as -32600.
 */
export type RefusalCode =
  | "unauthorized"
  | "token_expired"
  | "invalid_token"
  | "invalid_request"
  | "insufficient_scope"
  | "access_denied"
  | "forbidden"
  | "content_too_large"
  | "unsupported_media_type"
  | "parse_error"
  | "invalid_message"
  | "unanswerable_batch"
  | "method_not_allowed"
  | "too_many_requests"
  | "server_error"
  | "temporarily_unavailable";

/**
 * Why a request is refused, for the event hook only. Each reason maps to one code in the response, which is
 * deliberately less specific.
 */
const CODE_OF_REASON = {
  credential_missing: "unauthorized",
  credential_duplicated: "invalid_request",
  token_malformed: "invalid_token",
  token_too_long: "invalid_token",
  token_kind: "invalid_token",
  token_header: "invalid_token",
  key_unknown: "invalid_token",
  signature_invalid: "invalid_token",
  issuer_mismatch: "invalid_token",
  claims_invalid: "invalid_token",
  token_expired: "token_expired",
  token_not_yet_valid: "invalid_token",
  token_revoked: "invalid_token",
  token_unknown: "invalid_token",
  token_inactive: "invalid_token",
  subject_not_a_user: "invalid_token",
  audience_missing: "invalid_token",
  audience_mismatch: "invalid_token",
  sender_constrained: "invalid_token",
  scope_insufficient: "insufficient_scope",
  organization_missing: "access_denied",
  role_missing: "access_denied",
  permission_missing: "access_denied",
  metadata_mismatch: "access_denied",
  caller_not_allowed: "access_denied",
  connection_missing: "access_denied",
  access_closed: "access_denied",
  content_too_large: "content_too_large",
  body_not_json: "unsupported_media_type",
  body_malformed: "parse_error",
  body_not_a_message: "invalid_message",
  list_in_batch: "unanswerable_batch",
  method_not_supported: "method_not_allowed",
  stream_anonymous: "method_not_allowed",
  origin_not_allowed: "forbidden",
  host_not_allowed: "forbidden",
  too_many_failures: "too_many_requests",
  too_many_anonymous: "too_many_requests",
  clerk_misconfigured: "server_error",
  clerk_unavailable: "temporarily_unavailable",
  unexpected: "server_error",
} as const satisfies Record<string, RefusalCode>;

export type DenyReason = keyof typeof CODE_OF_REASON;

export interface RefusalDetails {
  readonly cause?: unknown;
  /** Every scope that the operation needs, if a new sign-in can grant them. */
  readonly scopes?: readonly string[];
  /** Other requirements, as text for a person. Used for `access_denied`. */
  readonly needs?: readonly string[];
  /** A page that the user has to open first. The answer is then no error of HTTP's, if the request has an id. */
  readonly page?: PageToOpen;
  /** How to fix it, as text. It goes into the event, never into the response. */
  readonly fix?: string;
  /** Seconds until a retry may succeed, for `temporarily_unavailable` and `too_many_requests`. */
  readonly retryAfterSeconds?: number;
}

/** The error that every step of the pipeline throws to refuse a request. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: DenyReason;
  readonly scopes: readonly string[] | undefined;
  readonly needs: readonly string[];
  readonly page: PageToOpen | undefined;
  readonly fix: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: DenyReason, details: RefusalDetails = {}) {
    super(reason, { cause: details.cause });
    this.reason = reason;
    this.scopes = details.scopes;
    this.needs = details.needs ?? [];
    this.page = details.page;
    this.fix = details.fix;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  get code(): RefusalCode {
    return CODE_OF_REASON[this.reason];
  }

  /**
   * Turns any error into a refusal. An error that is neither a refusal nor a `ClerkFailure` is a defect of the plugin.
   */
  static from(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    if (!(error instanceof ClerkFailure)) return new Refusal("unexpected", { cause: error });
    const { kind, retryAfterSeconds } = error;
    return new Refusal(kind === "misconfigured" ? "clerk_misconfigured" : "clerk_unavailable", {
      cause: error,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
}
