/** Values that stay in memory between requests. */

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
