import type { JWK } from "jose";
import type { Answer } from "./ask.js";

/** The RSA keys of a JWKS (RFC 7517 section 5); none, when the answer is something else. */
export function signingKeysIn({ json }: Answer): JWK[] {
  const { keys } = (json ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) return [];
  return keys.filter((key: JWK | null) => key?.kty === "RSA" && Boolean(key.n) && Boolean(key.e));
}
