import { LRUCache } from "lru-cache";
import { Refusal } from "../errors/refusal.js";
import { deepFreeze, TTL_RESOLUTION } from "../runtime/memory.js";
import type { AccessToken } from "./access-token.js";
import { digest } from "./digest.js";

/** How long Clerk's answers about opaque tokens are believed. */
export interface MemoryPolicy {
  /** How long a token that Clerk confirmed is accepted without asking again: the longest a revoked one still works. */
  readonly acceptedForMs: number;
  /** How much longer it is accepted while Clerk cannot be asked. */
  readonly graceMs: number;
  /** How long a token that Clerk refused is refused without asking again. */
  readonly refusedForMs: number;
}

type Verify = (token: string) => Promise<AccessToken>;

/** What Clerk said of a token, and when. */
interface Verdict {
  readonly answer: AccessToken | Refusal;
  readonly at: number;
}

const MAX_TOKENS = 10_000;
/** While Clerk cannot be asked: how long until it is tried again about a token that passes by grace. */
const RETRY_AFTER_MS = 1_000;

/**
 * Asks once per token and time, however many requests carry it; what is remembered is found by the token's digest,
 * never the token itself. A token is never accepted past its own expiration.
 */
export function remembered(verify: Verify, policy: MemoryPolicy): Verify {
  if (policy.acceptedForMs === 0) return verify;
  const verdicts = new LRUCache<string, Verdict, string>({
    max: MAX_TOKENS,
    ttl: policy.acceptedForMs,
    ttlResolution: TTL_RESOLUTION,
    noDeleteOnFetchRejection: true,
    fetchMethod: async (_digest, last, { context: token, options }) => {
      const verdict = await ask(token).catch((failure: unknown) => {
        if (last === undefined || Date.now() - last.at > policy.acceptedForMs + policy.graceMs) throw failure;
        options.ttl = RETRY_AFTER_MS;
        return last;
      });
      if (verdict !== last && verdict.answer instanceof Refusal) options.ttl = policy.refusedForMs;
      return verdict;
    },
  });

  async function ask(token: string): Promise<Verdict> {
    const answer = await verify(token).then(deepFreeze, refusalOfToken);
    return { answer, at: Date.now() };
  }

  return async (token) => {
    const { answer } = await verdicts.forceFetch(digest(token), { context: token });
    if (answer instanceof Refusal) throw answer;
    if (answer.expiresAt <= Date.now()) throw new Refusal("token_expired");
    return answer;
  };
}

/** A refusal is an answer too; a failure to answer is not. */
function refusalOfToken(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
