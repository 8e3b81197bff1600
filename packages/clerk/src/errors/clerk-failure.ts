/**
 * Why a call to Clerk's Backend API failed.
 * - `unavailable`: unreachable, too slow, 429 or 5xx; a later call may succeed.
 * - `misconfigured`: Clerk does not accept our secret key.
 * - `rejected`: Clerk rejected the call, e.g. 404 for something that does not exist.
 */
export type ClerkFailureKind = "unavailable" | "misconfigured" | "rejected";

const SENTENCES: Readonly<Record<ClerkFailureKind, string>> = {
  unavailable: "Clerk cannot be reached right now. Your sign-in is still valid; try again in a minute.",
  misconfigured:
    "This server cannot talk to Clerk: its secret key is not accepted. Ask its operator to check CLERK_SECRET_KEY.",
  rejected: "Clerk could not answer this request. It may concern something that no longer exists.",
};

export interface ClerkFailureDetails {
  /** HTTP status of Clerk's answer, if there was one. */
  readonly status?: number | undefined;
  /** Seconds to wait before another call. */
  readonly retryAfterSeconds?: number | undefined;
  /** For a person. Default: a sentence for the kind of failure. */
  readonly message?: string;
}

/**
 * A failed call to Clerk, with a message that may be shown to a person: xmcp sends the message of an error thrown by a
 * tool to the client. The original error is the `cause`.
 */
export class ClerkFailure extends Error {
  override readonly name = "ClerkFailure";
  readonly kind: ClerkFailureKind;
  /** HTTP status of Clerk's answer, if there was one. */
  readonly status: number | undefined;
  /** Seconds to wait before another call, if Clerk or the circuit breaker set a time. */
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: ClerkFailureKind, cause: unknown, details: ClerkFailureDetails = {}) {
    const { status, retryAfterSeconds, message = `[Clerk] ${SENTENCES[kind]}` } = details;
    super(message, { cause });
    this.kind = kind;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Whether Clerk says that there is no such thing. Any other answer leaves that open. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ClerkFailure && error.kind === "rejected" && error.status === 404;
}

/** For a look-up about a verified caller, which Clerk has no reason to reject. */
export function unavailableIfRejected(error: unknown): unknown {
  return error instanceof ClerkFailure && error.kind === "rejected"
    ? new ClerkFailure("unavailable", error)
    : error;
}

/** The kind of failure for an HTTP status; `undefined`: Clerk did not answer. */
export function failureKind(status: number | undefined): ClerkFailureKind {
  if (status === undefined || status === 408 || status === 429 || status >= 500) return "unavailable";
  return status === 401 || status === 403 ? "misconfigured" : "rejected";
}
