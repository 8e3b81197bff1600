/**
 * For `lru-cache`, which otherwise holds the time for a moment and lets a timer end it: a Worker drops the timer with
 * the request that set it, and nothing would ever expire again.
 */
export const TTL_RESOLUTION = 0;
