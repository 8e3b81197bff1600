/** How a token is made, as data, so that a token command in any language can follow it. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface TokenRecipe {
  /** Unique name: the argument of a token command. */
  readonly kind: string;
  /** Members to add to the header of a right token, or to replace. */
  readonly header?: Readonly<Record<string, Json>>;
  /** Claims to add or replace. `{"now": 60}` stands for the time in 60 seconds. */
  readonly claims?: Readonly<Record<string, Json>>;
  /** Claims, and `header.name` members, to leave out. */
  readonly omit?: readonly string[];
  /** Header as JSON text, instead. */
  readonly headerText?: string;
  /** Payload as text, instead; `{claims}` stands for the members of a right one. */
  readonly payloadText?: string;
  /** What signs, with the algorithm of `signAs` or of the header. Default: `issuer`. */
  readonly key?: SigningKey;
  /** Algorithm of the signature where it is not the one that the header names. */
  readonly signAs?: string;
  /** Changes to the finished token. */
  readonly deform?: Deformation;
  /** Not a JWT but this text; `{random}` stands for random letters. */
  readonly text?: string;
  /** An opaque token that the authority knows, in this state. */
  readonly opaque?: OpaqueState;
}

export type SigningKey =
  /** The key that the authority publishes. */
  | "issuer"
  /** The key before it, after a change of keys; its kid goes with it. */
  | "previous"
  /** A key that it does not publish. */
  | "stranger"
  /** A P-256 key that it does not publish. */
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

/** Where tokens come from: the suite's own authorization server, or the user's token command. */
export interface TokenSource {
  /** `undefined`: it cannot make tokens of this kind. */
  token(recipe: TokenRecipe): Promise<string | undefined>;
}
