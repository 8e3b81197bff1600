import { LRUCache } from "lru-cache";
import { Refusal } from "../errors/refusal.js";
import type { FailedAttemptsLimit } from "../options/options.js";
import { TTL_RESOLUTION } from "../runtime/memory.js";
import type { AuthRequest } from "./request.js";

const MAX_ADDRESSES = 10_000;

/** Counts tokens that were refused, per address, in windows of fixed length. */
export interface FailedAttempts {
  /** @throws {Refusal} `too_many_failures` while the address has used up its attempts: nothing is verified then. */
  check(address: string | undefined): void;
  record(address: string | undefined, refusal: Refusal): void;
}

interface Window {
  failures: number;
  readonly endsAt: number;
}

const UNLIMITED: FailedAttempts = { check: () => {}, record: () => {} };

export function failedAttempts(limit: FailedAttemptsLimit | undefined): FailedAttempts {
  if (limit === undefined) return UNLIMITED;
  const windowMs = limit.windowSeconds * 1000;
  const windows = new LRUCache<string, Window>({
    max: MAX_ADDRESSES,
    ttl: windowMs,
    ttlResolution: TTL_RESOLUTION,
  });
  return {
    check(address = "") {
      const window = windows.get(address);
      if (window === undefined || window.failures < limit.attempts) return;
      throw new Refusal("too_many_failures", { retryAfterSeconds: (window.endsAt - Date.now()) / 1000 });
    },
    record(address = "", { code }) {
      if (code !== "invalid_token") return;
      const window = windows.get(address);
      if (window === undefined) windows.set(address, { failures: 1, endsAt: Date.now() + windowMs });
      else window.failures += 1;
    },
  };
}

/**
 * The address a request comes from. Each trusted proxy adds one entry at the end of `X-Forwarded-For`; what
 * stands before those entries is the caller's own word.
 */
export function clientAddress(
  { remoteAddress, forwardedFor }: AuthRequest,
  trustedProxies = 0,
): string | undefined {
  if (trustedProxies === 0) return remoteAddress;
  const entries = (forwardedFor ?? "").split(",").map((entry) => entry.trim());
  return entries.at(-trustedProxies) || remoteAddress;
}
