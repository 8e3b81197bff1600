/** An access token of a user after every check: what the rest of the pipeline may rely on. */
export interface AccessToken {
  readonly kind: "jwt" | "opaque";
  /** `user_…` */
  readonly userId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** `oat_…`: names the token in records, and is not a credential. */
  readonly tokenId: string | undefined;
  readonly organizationId: string | undefined;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** The verified JWT payload, or the answer of Clerk's verification of an opaque token. */
  readonly claims: Readonly<Record<string, unknown>>;
}
