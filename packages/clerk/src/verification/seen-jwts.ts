import { LRUCache } from "lru-cache";
import type { AccessToken } from "./access-token.js";
import { digest } from "./digest.js";
import type { SigningKeys } from "./signing-keys.js";

/** A JWT after every check, and the key that its signature was checked with. */
export interface VerifiedJwt {
  readonly token: AccessToken;
  readonly keyId: unknown;
  readonly key: CryptoKey;
}

const MAX_TOKENS = 10_000;
/** After this long a token is verified anew, whatever happens. */
const MAX_AGE_MS = 5 * 60_000;

interface Seen extends VerifiedJwt {
  /** When it ceases to be believed, in ms: its expiration or its age, whichever is first. */
  readonly until: number;
}

/**
 * Verifies a JWT once, and knows it again by its digest. It is believed no longer than it lives, than a few minutes,
 * and than the key that signed it is among the instance's keys: those are asked for each time.
 */
export function rememberingJwts(
  verify: (token: string) => Promise<VerifiedJwt>,
  keys: SigningKeys,
): (token: string) => Promise<AccessToken> {
  const tokens = new LRUCache<string, Seen>({ max: MAX_TOKENS });
  return async (token) => {
    const name = digest(token);
    const seen = tokens.get(name);
    if (seen !== undefined && Date.now() < seen.until) {
      const key = keys.held(seen.keyId) ?? (await keys.get(seen.keyId));
      if (key === seen.key) return seen.token;
    }
    tokens.delete(name);
    const verified = await verify(token);
    const until = Math.min(verified.token.expiresAt.getTime(), Date.now() + MAX_AGE_MS);
    tokens.set(name, { ...verified, until });
    return verified.token;
  };
}
