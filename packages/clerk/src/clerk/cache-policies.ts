/** How long Clerk's answers are used. Ages are in milliseconds since the answer. */
export interface CachePolicy {
  /** A younger answer is used without a call; from this age it is refreshed in the background. */
  readonly refreshAfterMs: number;
  /** From this age callers wait for a newer answer, and the old one is used only if the call fails. */
  readonly waitAfterMs: number;
  /** From this age the answer is not used, even if the call fails. */
  readonly keepForMs: number;
  /**
   * The delay after a failed call before the next one. Meanwhile the old answer is used, or the failure is repeated.
   */
  readonly failureCooldownMs: number;
  /** Whether the failure is repeated if no answer is held. Otherwise the next caller tries again. Default: true. */
  readonly repeatsFailure?: boolean;
  /**
   * Whether callers of an answer older than `waitAfterMs` wait for the next call after one that failed. Otherwise they
   * get the old answer at once. Default: false.
   */
  readonly waitsAfterFailure?: boolean;
  /** Shortest time between two renewals that callers request because they miss something in the answer. Default: 0. */
  readonly renewalCooldownMs?: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** How long answers about callers and their tokens are used during an outage. */
const OUTAGE_GRACE_MS = 10 * MINUTE;

/**
 * The JWKS. A key withdrawn at Clerk is trusted for at most `waitAfterMs`, and for `keepForMs` during an outage. A
 * token that names an unknown key triggers a renewal.
 */
export const SIGNING_KEYS: CachePolicy = {
  refreshAfterMs: 5 * MINUTE,
  waitAfterMs: 10 * MINUTE,
  keepForMs: DAY,
  failureCooldownMs: SECOND,
  renewalCooldownMs: 10 * SECOND,
};

export const AUTHORIZATION_SERVER_METADATA: CachePolicy = {
  refreshAfterMs: 5 * MINUTE,
  waitAfterMs: 60 * MINUTE,
  keepForMs: DAY,
  failureCooldownMs: SECOND,
};

/** Organization memberships and public metadata of users. */
export const LOOKUPS: CachePolicy = {
  refreshAfterMs: 30 * SECOND,
  waitAfterMs: MINUTE,
  keepForMs: OUTAGE_GRACE_MS,
  failureCooldownMs: 2 * SECOND,
  waitsAfterFailure: true,
};

/** A credential that Clerk accepted. @param ttlMs `opaqueTokenTtl`: how long a revoked one still works. */
export function acceptedToken(ttlMs: number): CachePolicy {
  return {
    refreshAfterMs: ttlMs,
    waitAfterMs: ttlMs,
    keepForMs: ttlMs + OUTAGE_GRACE_MS,
    failureCooldownMs: SECOND,
    repeatsFailure: false,
    waitsAfterFailure: true,
  };
}

const REFUSED_FOR_MS = 10 * SECOND;

/** A credential that Clerk refused. @param ttlMs as for an accepted one. */
export function refusedToken(ttlMs: number): CachePolicy {
  return { ...acceptedToken(ttlMs), refreshAfterMs: REFUSED_FOR_MS, waitAfterMs: REFUSED_FOR_MS };
}

/** A JWT is verified again after this time at the latest. It is never used past its expiration or without its key. */
export const VERIFIED_JWT_MAX_AGE_MS = 5 * MINUTE;
