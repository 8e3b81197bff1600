/**
 * Freezes a value and all that it holds. What is remembered is handed to the tools of many requests: what one of them
 * did to it, by mistake even, would be so for the next.
 */
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) frozen(member);
  return value;
}

/**
 * For `lru-cache`, which otherwise holds the time for a moment and lets a timer end it: a Worker drops the timer with
 * the request that set it, and nothing would ever expire again.
 */
export const TTL_RESOLUTION = 0;
