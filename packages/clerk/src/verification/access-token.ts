import type { CallerKind } from "../identity.js";

/** Checks a credential. A refusal is a rejection, never thrown at once. */
export type Verify = (credential: string) => AccessToken | Promise<AccessToken>;

/** A credential after every check: what the rest of the pipeline may rely on. */
export interface AccessToken {
  readonly caller: CallerKind;
  /** `user_…`; for an API key also `org_…`; for a machine `mch_…`. */
  readonly subject: string;
  /** The OAuth client; for an API key its id, for a machine the machine's. */
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** `oat_…`, `ak_…` or `mt_…`: names the token in records, and is not a credential. */
  readonly tokenId: string | undefined;
  readonly organizationId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The verified JWT payload, or the answer of Clerk's verification of an opaque token. */
  readonly claims: Readonly<Record<string, unknown>>;
}
