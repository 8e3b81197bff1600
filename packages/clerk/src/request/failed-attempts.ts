import { LRUCache } from "lru-cache";
import { Refusal } from "../errors/refusal.js";
import type { FailedAttemptsLimit } from "../options/options.js";
import { TTL_RESOLUTION } from "../runtime/memory.js";
import type { AuthRequest } from "./request.js";

const MAX_ADDRESSES = 10_000;

interface Window {
  failures: number;
  readonly endsAt: number;
}

type Verify<Token> = (credential: string) => Token | Promise<Token>;

/**
 * Verifies credentials, and counts refused ones per address in windows of fixed length. An address that has used up
 * its attempts is refused with `too_many_failures`, without verification.
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

  function check(address: string): void {
    const window = windows.get(address);
    if (window === undefined || window.failures < attempts) return;
    throw new Refusal("too_many_failures", { retryAfterSeconds: (window.endsAt - Date.now()) / 1000 });
  }

  function record(address: string, { code }: Refusal): void {
    if (code !== "invalid_token") return;
    const window = windows.get(address);
    if (window === undefined) windows.set(address, { failures: 1, endsAt: Date.now() + windowMs });
    else window.failures += 1;
  }

  return async (credential, request) => {
    const address = clientAddress(request, trustedProxies) ?? "";
    check(address);
    try {
      return await verify(credential);
    } catch (error) {
      const refusal = Refusal.from(error);
      record(address, refusal);
      throw refusal;
    }
  };
}

/**
 * The address of the caller. Each trusted proxy appends one entry to `X-Forwarded-For`; earlier entries come from the
 * caller and are not trusted.
 */
function clientAddress({ remoteAddress, forwardedFor }: AuthRequest, trustedProxies = 0): string | undefined {
  if (trustedProxies === 0) return remoteAddress;
  const entries = (forwardedFor ?? "").split(",").map((entry) => entry.trim());
  return entries.at(-trustedProxies) || remoteAddress;
}
