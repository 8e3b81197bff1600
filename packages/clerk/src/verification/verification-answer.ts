import { ClerkFailure } from "../errors/clerk-failure.js";
import { Refusal } from "../errors/refusal.js";
import { instant, nonEmptyString, scopeNames } from "./claims.js";

/** Clerk's description of an opaque credential, after the checks that all kinds share. */
export interface VerificationAnswer {
  readonly tokenId: string;
  readonly subject: unknown;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The answer itself. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The expiration of a credential that never expires. */
const NEVER = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * Checks each member of the answer: Clerk's SDK reports every HTTP 200 as verified, even `revoked: true` and
 * `{"active": false}`.
 *
 * @throws {Refusal}
 */
export function verificationAnswer(answer: unknown, { mayNeverExpire = false } = {}): VerificationAnswer {
  if (!isRecord(answer)) throw new ClerkFailure("unavailable", new Error("the answer is not a JSON object"));
  if (answer.active === false) throw new Refusal("token_inactive");
  if (answer.expired === true) throw new Refusal("token_expired");
  if (answer.revoked !== false) throw new Refusal("token_revoked");
  const expiresAt = mayNeverExpire && answer.expiration === null ? NEVER : instantOf(answer.expiration);
  if (expiresAt <= Date.now()) throw new Refusal("token_expired");
  return {
    tokenId: nonEmptyString(answer.id),
    subject: answer.subject,
    scopes: scopeNames(answer.scopes),
    issuedAt: instantOf(answer.createdAt),
    expiresAt,
    claims: answer,
  };
}

/** `rejected` means the token is unknown; anything else is an outage and is rethrown. */
export function refuseRejected(failure: unknown): never {
  if (failure instanceof ClerkFailure && failure.kind === "rejected") {
    throw new Refusal("token_unknown", { cause: failure });
  }
  throw failure;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Clerk has sent both seconds and milliseconds. A smaller value is seconds: 1e11 is the year 5138 in seconds, 1973 in
 * milliseconds.
 */
const SECONDS_BELOW = 1e11;

function instantOf(value: unknown): number {
  if (typeof value !== "number") throw new Refusal("claims_invalid");
  return instant(value < SECONDS_BELOW ? value * 1000 : value);
}
