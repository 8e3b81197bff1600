import { LRUCache } from "lru-cache";
import { Refusal } from "../errors/refusal.js";
import type { FailedAttemptsLimit } from "../options/options.js";
import { digest } from "../runtime/digest.js";
import { recentlyUsed, TTL_RESOLUTION } from "../runtime/memory.js";
import { clientAddress } from "./client-address.js";
import type { AuthRequest } from "./request.js";

const MAX_ADDRESSES = 10_000;
const MAX_ACCEPTED = 10_000;

/** How long a request waits for others from its address to be verified, before it is refused. */
const WAIT_MS = 5_000;
const MAX_WAITING = 100;

interface Window {
  failures: number;
  /** Credentials that are being verified: each may become a failure. */
  running: number;
  readonly waiting: (() => void)[];
  readonly endsAt: number;
}

type Verify<Token> = (credential: string) => Token | Promise<Token>;

/**
 * Verifies credentials, and counts refused ones per address in windows of fixed length. An attempt is reserved before its
 * verification and settled after it, so that no more credentials are verified at once than the address has attempts left;
 * others wait. An address that has used up its attempts is refused with `too_many_failures`, without verification.
 *
 * A credential that was accepted before needs no attempt: addresses are shared, and strangers must not keep out a verified
 * caller.
 */
export function rateLimited<Token>(
  verify: Verify<Token>,
  limit: FailedAttemptsLimit | undefined,
): (credential: string, request: AuthRequest) => Token | Promise<Token> {
  if (limit === undefined) return verify;
  const { attempts, trustedProxies } = limit;
  const windowMs = limit.windowSeconds * 1000;
  const windows = new LRUCache<string, Window>({
    max: MAX_ADDRESSES,
    ttl: windowMs,
    ttlResolution: TTL_RESOLUTION,
  });

  function windowOf(address: string): Window {
    const known = windows.get(address);
    if (known !== undefined) return known;
    const opened: Window = { failures: 0, running: 0, waiting: [], endsAt: Date.now() + windowMs };
    windows.set(address, opened);
    return opened;
  }

  async function reserve(window: Window): Promise<void> {
    const since = Date.now();
    for (;;) {
      if (window.failures >= attempts) throw tooMany((window.endsAt - Date.now()) / 1000);
      if (window.failures + window.running < attempts) {
        window.running += 1;
        return;
      }
      if (window.waiting.length >= MAX_WAITING || Date.now() - since > WAIT_MS) throw tooMany(1);
      await new Promise<void>((resolve) => window.waiting.push(resolve));
    }
  }

  function settle(window: Window, isFailure: boolean, wasReserved: boolean): void {
    if (wasReserved) window.running -= 1;
    if (isFailure) window.failures += 1;
    for (const wake of window.waiting.splice(0)) wake();
  }

  const accepted = recentlyUsed<true>(MAX_ACCEPTED);

  return async (credential, request) => {
    const name = digest(credential);
    const window = windowOf(clientAddress(request, trustedProxies) ?? "");
    const needsAttempt = !accepted().has(name);
    if (needsAttempt) await reserve(window);
    let isFailure = false;
    try {
      const verified = await verify(credential);
      accepted().set(name, true);
      return verified;
    } catch (error) {
      const refusal = Refusal.from(error);
      isFailure = refusal.code === "invalid_token";
      if (isFailure) accepted().delete(name);
      throw refusal;
    } finally {
      settle(window, isFailure, needsAttempt);
    }
  };
}

function tooMany(retryAfterSeconds: number): Refusal {
  return new Refusal("too_many_failures", { retryAfterSeconds });
}
