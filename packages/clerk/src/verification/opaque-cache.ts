import { acceptedToken, refusedToken } from "../clerk/cache-policies.js";
import { CachedAnswers } from "../clerk/cached-answer.js";
import { Refusal } from "../errors/refusal.js";
import { digest } from "../runtime/digest.js";
import { deepFreeze, recentlyUsed } from "../runtime/memory.js";
import type { AccessToken } from "./access-token.js";

type Verify = (token: string) => Promise<AccessToken>;

/** Asks Clerk. @param isKnown whether Clerk accepted this credential before */
export type AskClerk = (token: string, isKnown: boolean) => Promise<AccessToken>;

/**
 * Verifies a credential with Clerk once per time, for any number of requests. The cache stores its digest, not the
 * token itself. A token is never accepted past its own expiration.
 *
 * @param ttlSeconds how long Clerk's confirmation is used. 0: every request is verified with Clerk.
 */
export function cachedOpaque(verify: AskClerk, ttlSeconds: number): Verify {
  if (ttlSeconds === 0) return uncached(verify);
  const ttlMs = ttlSeconds * 1000;
  const [accepted, refused] = [acceptedToken(ttlMs), refusedToken(ttlMs)];
  const answers = new CachedAnswers<AccessToken | Refusal>(
    accepted,
    (answer) => (answer instanceof Refusal ? refused : accepted),
    (answer) => !(answer instanceof Refusal),
  );
  return async (token) => {
    const name = digest(token);
    const ask = (): Promise<AccessToken | Refusal> =>
      verify(token, answers.has(name)).then(deepFreeze, refusalOrThrow);
    const answer = await answers.get(name, ask);
    if (answer instanceof Refusal) throw answer;
    if (answer.expiresAt <= Date.now()) throw new Refusal("token_expired");
    return answer;
  };
}

const MAX_ACCEPTED = 10_000;

/**
 * Asks Clerk about every request. Which credentials Clerk accepted is remembered all the same, so that calls about them
 * share no limit with those about what strangers invent.
 */
function uncached(verify: AskClerk): Verify {
  const accepted = recentlyUsed<true>(MAX_ACCEPTED);
  return async (token) => {
    const name = digest(token);
    try {
      const verified = await verify(token, accepted().has(name));
      accepted().set(name, true);
      return verified;
    } catch (error) {
      if (error instanceof Refusal) accepted().delete(name);
      throw error;
    }
  };
}

/** Refusals are cached; outages are thrown. */
function refusalOrThrow(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
