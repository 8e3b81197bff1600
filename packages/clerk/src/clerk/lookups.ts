import { LRUCache } from "lru-cache";
import { ClerkFailure } from "../errors/clerk-failure.js";
import { TTL_RESOLUTION } from "../runtime/memory.js";

/** What Clerk knows about something: remembered, or a failure if it cannot be asked and nothing is known. */
export type Lookups<Key, Value> = (key: Key) => Promise<Value | ClerkFailure>;

const MAX_ENTRIES = 10_000;
/** An answer is used this long without asking again. */
const FRESH_MS = 30_000;
/** After that it is used while Clerk is being asked again, until it is this old; then callers wait for the new one. */
const STALE_MS = 60_000;
/** How old an answer may get while Clerk cannot be asked. */
const GRACE_MS = 10 * 60_000;
/** How long it takes until Clerk is asked again after it could not be. */
const FAILURE_TTL_MS = 2_000;

interface Answer<Value> {
  readonly value: Value | ClerkFailure;
  /** When Clerk said so. */
  readonly at: number;
}

interface Asking {
  readonly ask: () => Promise<unknown>;
}

/**
 * Asks once per key and time, however many requests need it. Only a {@link ClerkFailure} other than `rejected` counts
 * as "cannot be asked": what Clerk says no to is for `ask` to interpret.
 *
 * @param name of a key, unique among the keys.
 */
export function lookups<Key extends object, Value>(
  name: (key: Key) => string,
  ask: (key: Key) => Promise<Value>,
): Lookups<Key, Value> {
  const cache = new LRUCache<string, Answer<Value>, Asking>({
    max: MAX_ENTRIES,
    ttl: FRESH_MS,
    ttlResolution: TTL_RESOLUTION,
    fetchMethod: async (_name, last, { context, options }) => {
      try {
        return { value: (await context.ask()) as Value, at: Date.now() };
      } catch (error) {
        if (!(error instanceof ClerkFailure)) throw error;
        options.ttl = FAILURE_TTL_MS;
        if (last !== undefined && Date.now() - last.at < GRACE_MS) return last;
        // As old as can be: once it may be asked again, nobody gets the failure instead of waiting for the answer.
        return { value: error, at: Number.NEGATIVE_INFINITY };
      }
    },
  });
  return async (key) => {
    const context = { ask: () => ask(key) };
    const remembered = await cache.forceFetch(name(key), { context, allowStale: true });
    if (Date.now() - remembered.at < STALE_MS) return remembered.value;
    return (await cache.forceFetch(name(key), { context })).value;
  };
}
