import { ClerkFailure } from "../errors/clerk-failure.js";
import { LOOKUPS } from "./cache-policies.js";
import { CachedAnswers } from "./cached-answer.js";

/** What Clerk knows about a key: from memory, or the failure if Clerk did not answer and nothing is held. */
export type Lookups<Key, Value> = (key: Key) => Promise<Value | ClerkFailure>;

/**
 * Loads once per key and time, however many requests need it. `load` interprets a `rejected` failure itself; any other
 * is an outage.
 *
 * @param nameOf of a key, unique among the keys.
 */
export function lookups<Key extends object, Value>(
  nameOf: (key: Key) => string,
  load: (key: Key) => Promise<Value>,
): Lookups<Key, Value> {
  const answers = new CachedAnswers<Value>(LOOKUPS);
  return (key) => answers.get(nameOf(key), () => load(key)).catch(failureAsValue);
}

function failureAsValue(error: unknown): ClerkFailure {
  if (error instanceof ClerkFailure) return error;
  throw error;
}
