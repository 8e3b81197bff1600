import type { CallerKind } from "../identity.js";

/** Verifies a credential. Refusals reject the promise; they are never thrown synchronously. */
export type Verify = (credential: string) => AccessToken | Promise<AccessToken>;

/** A credential that passed every check. */
export interface AccessToken {
  readonly caller: CallerKind;
  /** `user_…`; for an API key also `org_…`; for a machine `mch_…`. */
  readonly subject: string;
  /** The OAuth client; for an API key its id, for a machine the machine's. */
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** `oat_…`, `ak_…` or `mt_…`: identifies the token in records, and is not a credential. */
  readonly tokenId: string | undefined;
  readonly organizationId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The verified JWT payload, or Clerk's description of an opaque credential. */
  readonly claims: Readonly<Record<string, unknown>>;
}
