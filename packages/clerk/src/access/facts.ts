import type { ClerkFailure } from "../errors/clerk-failure.js";
import type { OneOf } from "../options/access-rules.js";
import type { Membership } from "../session/memberships.js";
import type { Metadata } from "../session/public-metadata.js";
import type { Session } from "../session/session.js";

/** What is known of a caller when a rule is judged; a failure stands for what Clerk could not be asked. */
export interface Facts {
  readonly session: Session;
  readonly scopes: ReadonlySet<string>;
  /** `null` for somebody who is in no organization, or not in the one that the token names. */
  readonly membership: Membership | null | ClerkFailure;
  /** `null` for a caller that is no user. */
  readonly metadata: Metadata | null | ClerkFailure;
}

export function listOf<T>(value: OneOf<T>): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}
