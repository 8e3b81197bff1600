import { VERIFIED_JWT_MAX_AGE_MS } from "../clerk/cache-policies.js";
import { digest } from "../runtime/digest.js";
import { deepFreeze, recentlyUsed } from "../runtime/memory.js";
import type { AccessToken, Verify } from "./access-token.js";
import type { SigningKeys } from "./signing-keys.js";

/** A verified JWT, and the key that verified its signature. */
export interface VerifiedJwt {
  readonly token: AccessToken;
  readonly keyId: unknown;
  readonly key: CryptoKey;
}

const MAX_TOKENS = 10_000;

interface Seen extends VerifiedJwt {
  /** End of use, in milliseconds since the epoch: the expiration or the maximum age, whichever comes first. */
  readonly until: number;
}

/**
 * Verifies a JWT once and caches it by its digest. Cached until it expires, at most 5 minutes, and only while its key
 * is in the JWKS (checked on every hit).
 *
 * @returns the token itself on a cache hit, instead of a promise, so that nothing has to be awaited.
 */
export function cachedJwts(verify: (token: string) => Promise<VerifiedJwt>, keys: SigningKeys): Verify {
  const tokens = recentlyUsed<Seen>(MAX_TOKENS);

  async function verifyAnew(token: string, name: string, seen: Seen | undefined): Promise<AccessToken> {
    if (seen !== undefined && (await keys.get(seen.keyId)) === seen.key) return seen.token;
    tokens().delete(name);
    const { token: verified, keyId, key } = await verify(token);
    const until = Math.min(verified.expiresAt, Date.now() + VERIFIED_JWT_MAX_AGE_MS);
    tokens().set(name, { token: deepFreeze(verified), keyId, key, until });
    return verified;
  }

  return (token) => {
    const name = digest(token);
    const found = tokens().get(name);
    const seen = found !== undefined && Date.now() < found.until ? found : undefined;
    if (seen !== undefined && keys.held(seen.keyId) === seen.key) return seen.token;
    return verifyAnew(token, name, seen);
  };
}
