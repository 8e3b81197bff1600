/** Values that stay in memory between requests. */

import { LRUCache } from "lru-cache";

/**
 * A map of bounded size that drops what was used longest ago. It takes memory for its bound, so it is made on the first
 * use: most servers never need most of them, and a cold start pays for none.
 */
export function recentlyUsed<T extends object | true>(max: number): () => LRUCache<string, T> {
  let made: LRUCache<string, T> | undefined;
  return () => {
    made ??= new LRUCache<string, T>({ max });
    return made;
  };
}

/**
 * Freezes a value and everything it contains. Tools of many requests receive the value, so a change by one of them
 * would reach the others.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}

/**
 * `ttlResolution` for `lru-cache`. By default it caches the time for a moment, until a timer fires. A Worker drops the
 * timer together with the request that set it, and entries would never expire.
 */
export const TTL_RESOLUTION = 0;
