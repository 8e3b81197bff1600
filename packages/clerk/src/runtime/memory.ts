/** For what stays in memory from one request to the next. */

/**
 * Freezes a value and all that it contains, since tools of many requests receive it: a change by one of them would
 * reach the others.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}

/**
 * For `lru-cache`, which otherwise keeps the time for a moment and lets a timer end that. A Worker drops the timer
 * together with the request that set it, and nothing would expire any more.
 */
export const TTL_RESOLUTION = 0;
