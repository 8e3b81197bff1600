import { LRUCache } from "lru-cache";
import { Refusal } from "../errors/refusal.js";
import type { AnonymousRequestsLimit } from "../options/options.js";
import { TTL_RESOLUTION } from "../runtime/memory.js";
import { clientAddress } from "./client-address.js";
import type { AuthRequest } from "./request.js";

const MAX_ADDRESSES = 10_000;

interface Window {
  requests: number;
  readonly endsAt: number;
}

/**
 * Counts requests without a credential per address, in windows of fixed length. Verified callers at the same address are not
 * counted, and not refused. Each message of a batch counts.
 *
 * @throws {Refusal} `too_many_anonymous` (the returned function)
 */
export function anonymousLimit(
  limit: AnonymousRequestsLimit | undefined,
): (request: AuthRequest, messages?: number) => void {
  if (limit === undefined) return () => {};
  const { requests, trustedProxies } = limit;
  const windowMs = limit.windowSeconds * 1000;
  const windows = new LRUCache<string, Window>({
    max: MAX_ADDRESSES,
    ttl: windowMs,
    ttlResolution: TTL_RESOLUTION,
  });
  return (request, messages = 1) => {
    const address = clientAddress(request, trustedProxies) ?? "";
    const window = windows.get(address) ?? { requests: 0, endsAt: Date.now() + windowMs };
    if (window.requests === 0) windows.set(address, window);
    window.requests += messages;
    if (window.requests > requests)
      throw new Refusal("too_many_anonymous", { retryAfterSeconds: (window.endsAt - Date.now()) / 1000 });
  };
}
