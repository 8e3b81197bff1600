/** Describes how to make a token, as data, so that a token command in any language can follow it. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface TokenRecipe {
  /** Unique name, passed to a token command as its argument. */
  readonly kind: string;
  /** Header members to add or replace. */
  readonly header?: Readonly<Record<string, Json>>;
  /** Claims to add or replace. `{"now": 60}` means the time in 60 seconds. */
  readonly claims?: Readonly<Record<string, Json>>;
  /** Claims to omit, and header members as `header.name`. */
  readonly omit?: readonly string[];
  /** The whole header as text, instead of `header`. */
  readonly headerText?: string;
  /** The whole payload as text, instead of `claims`. `{claims}` is replaced by the members of a valid payload. */
  readonly payloadText?: string;
  /** The signing key. It signs with the algorithm of `signAs` or of the header. Default: `issuer`. */
  readonly key?: SigningKey;
  /** Algorithm of the signature, if it differs from the header's. */
  readonly signAs?: string;
  /** Changes to the finished token. */
  readonly deform?: Deformation;
  /** A text instead of a JWT. `{random}` is replaced by random letters. */
  readonly text?: string;
  /** An opaque token that the authority knows, in the given state. */
  readonly opaque?: OpaqueState;
}

export type SigningKey =
  /** The key that the authority publishes. */
  | "issuer"
  /** The previous key, after a rotation. The header's `kid` names it. */
  | "previous"
  /** A key that the authority does not publish. */
  | "stranger"
  /** A P-256 key that the authority does not publish. */
  | "stranger-ec"
  /** No signature. */
  | "none"
  /** HMAC keys that an attacker knows. */
  | { readonly secret: "public-pem" | "public-der" | "public-jwk" | "modulus" | "kid" | "empty" | "word" };

export type OpaqueState = "active" | "expired" | "revoked" | "inactive" | "other-audience" | "machine";

export type Deformation =
  | "no-signature"
  | "two-segments"
  | "fourth-segment"
  | "empty-header"
  | "empty-payload"
  | "flipped-signature-bit"
  | "flipped-payload-bit"
  | "short-signature"
  | "long-signature"
  | "zero-signature"
  | "padded-base64"
  | "standard-base64"
  | "signature-of-another"
  | "leading-dot"
  | "trailing-dot"
  | "encrypted"
  | "json-serialization"
  | "twice-encoded"
  | "upper-case"
  | "reversed";

export const VALID: TokenRecipe = { kind: "valid" };

/** The source of tokens: the suite's own authorization server, or the user's token command. */
export interface TokenSource {
  /** Returns `undefined` if it cannot make this kind of token. */
  token(recipe: TokenRecipe): Promise<string | undefined>;
}
