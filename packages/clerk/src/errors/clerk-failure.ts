/**
 * Why a call to Clerk's Backend API failed.
 * - `unavailable`: unreachable, too slow, 429 or 5xx; a later call may succeed.
 * - `misconfigured`: Clerk does not accept our secret key.
 * - `rejected`: Clerk understood and said no, e.g. 404 for something that does not exist.
 */
export type ClerkFailureKind = "unavailable" | "misconfigured" | "rejected";

const SENTENCES: Readonly<Record<ClerkFailureKind, string>> = {
  unavailable:
    "Clerk cannot be reached right now. Nothing is wrong with your sign-in; try again in a minute.",
  misconfigured:
    "This server cannot talk to Clerk: its secret key is not accepted. Ask its operator to check CLERK_SECRET_KEY.",
  rejected: "Clerk could not answer this request. It may concern something that no longer exists.",
};

/**
 * A failed call to Clerk, with a message that may be shown to a person: xmcp sends the message of what a tool
 * throws to the client. The original error is the `cause`.
 */
export class ClerkFailure extends Error {
  override readonly name = "ClerkFailure";
  readonly kind: ClerkFailureKind;
  /** HTTP status of Clerk's answer, if there was one. */
  readonly status: number | undefined;
  /** Seconds that Clerk asked to wait, if it did. */
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: ClerkFailureKind, cause: unknown, message = `[Clerk] ${SENTENCES[kind]}`) {
    super(message, { cause });
    this.kind = kind;
    this.status = numberMember(cause, "status");
    this.retryAfterSeconds = numberMember(cause, "retryAfter");
  }

  /** Classifies what `@clerk/backend` threw. Without a status there was no answer. */
  static from(error: unknown): ClerkFailure {
    return error instanceof ClerkFailure
      ? error
      : new ClerkFailure(kindOf(numberMember(error, "status")), error);
  }
}

function kindOf(status: number | undefined): ClerkFailureKind {
  if (status === undefined || status === 408 || status === 429 || status >= 500) return "unavailable";
  return status === 401 || status === 403 ? "misconfigured" : "rejected";
}

function numberMember(value: unknown, name: string): number | undefined {
  const member = (value as Record<string, unknown> | null | undefined)?.[name];
  return typeof member === "number" ? member : undefined;
}
