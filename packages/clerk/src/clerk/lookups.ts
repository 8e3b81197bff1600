import { ClerkFailure } from "../errors/clerk-failure.js";
import { LOOKUPS } from "./cache-policies.js";
import { CachedAnswers } from "./cached-answer.js";

/** Looks up Clerk's data about a key. Returns the failure if Clerk did not answer and no answer is held. */
export type Lookups<Key, Value> = (key: Key) => Promise<Value | ClerkFailure>;

/**
 * Loads at most once per key and time, for any number of requests. `load` interprets a `rejected` failure itself; any
 * other failure is an outage.
 *
 * @param nameOf a unique name for a key.
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
