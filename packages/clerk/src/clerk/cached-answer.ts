import { ClerkFailure } from "../errors/clerk-failure.js";
import { recentlyUsed } from "../runtime/memory.js";
import type { CachePolicy } from "./cache-policies.js";

type Load<T> = () => Promise<T>;

/**
 * One response from Clerk, held in memory. It is loaded once for all waiting callers, refreshed in the background, and
 * kept during an outage. Only a `ClerkFailure` is an outage: any other error is thrown, and the next caller loads
 * again.
 */
export class CachedAnswer<T> {
  readonly #policyOf: (answer: T) => CachePolicy;
  /** The policy while no answer is held. */
  readonly #policy: CachePolicy;
  readonly #now: () => number;
  #held: { readonly answer: T; readonly policy: CachePolicy; readonly loadedAt: number } | undefined;
  #failure: { readonly error: ClerkFailure; readonly at: number } | undefined;
  #pending: Promise<T> | undefined;
  #renewedAt = Number.NEGATIVE_INFINITY;

  /** @param policyOf the policy of an answer, if it depends on the answer. Default: `policy`. */
  constructor(
    policy: CachePolicy,
    policyOf: (answer: T) => CachePolicy = () => policy,
    now: () => number = () => Date.now(),
  ) {
    this.#policy = policy;
    this.#policyOf = policyOf;
    this.#now = now;
  }

  /** The answer, if it is held and not due for a refresh. */
  fresh(): T | undefined {
    if (this.#held === undefined) return undefined;
    const { answer, policy, loadedAt } = this.#held;
    return this.#now() - loadedAt < policy.refreshAfterMs ? answer : undefined;
  }

  /**
   * The answer, from memory while its policy allows.
   *
   * @param load makes the call; not kept longer than the call takes.
   * @throws the error of `load`, if no answer is held or the held one is too old.
   */
  async get(load: Load<T>): Promise<T> {
    if (this.#held === undefined) return this.#load(load);
    const { answer, policy, loadedAt } = this.#held;
    const age = this.#now() - loadedAt;
    if (age >= policy.keepForMs) return this.#load(load);
    if (age < policy.refreshAfterMs) return answer;
    const hasFailed = this.#failure !== undefined;
    const newer = this.#load(load).catch((error: unknown) => {
      if (error instanceof ClerkFailure) return answer;
      throw error;
    });
    if (age >= policy.waitAfterMs && (policy.waitsAfterFailure || !hasFailed)) return newer;
    newer.catch(() => {});
    return answer;
  }

  /**
   * Loads a newer answer, for a caller who misses something in the held one. During the cool-down, returns the held
   * one.
   *
   * @throws the error of `load`: the answer that could not be loaded may contain the missing part.
   */
  async renewed(load: Load<T>): Promise<T> {
    const coolingDown = this.#now() - this.#renewedAt < (this.#policy.renewalCooldownMs ?? 0);
    if (coolingDown && this.#pending === undefined && this.#failure === undefined) return this.get(load);
    this.#renewedAt = this.#now();
    return this.#load(load);
  }

  #load(load: Load<T>): Promise<T> {
    if (this.#pending !== undefined) return this.#pending;
    const { failureCooldownMs, repeatsFailure = true } = this.#held?.policy ?? this.#policy;
    if (this.#failure !== undefined && this.#now() - this.#failure.at < failureCooldownMs) {
      if (repeatsFailure || this.#held !== undefined) return Promise.reject(this.#failure.error);
    }
    this.#pending = load()
      .then(
        (answer) => {
          this.#held = { answer, policy: this.#policyOf(answer), loadedAt: this.#now() };
          this.#failure = undefined;
          return answer;
        },
        (error: unknown) => {
          if (error instanceof ClerkFailure) this.#failure = { error, at: this.#now() };
          throw error;
        },
      )
      .finally(() => {
        this.#pending = undefined;
      });
    return this.#pending;
  }
}

const MAX_ANSWERS = 10_000;

/**
 * Cached answers by key. Confirmed and other answers are kept apart, 10,000 of each; the least recently used is dropped.
 * So answers that strangers cause, such as refusals, never push out a confirmed one.
 */
export class CachedAnswers<T> {
  readonly #confirmed = recentlyUsed<CachedAnswer<T>>(MAX_ANSWERS);
  readonly #others = recentlyUsed<CachedAnswer<T>>(MAX_ANSWERS);
  readonly #policy: CachePolicy;
  readonly #policyOf: ((answer: T) => CachePolicy) | undefined;
  readonly #isConfirmed: (answer: T) => boolean;

  /** @param isConfirmed whether an answer is worth more than others. Default: every answer is. */
  constructor(
    policy: CachePolicy,
    policyOf?: (answer: T) => CachePolicy,
    isConfirmed: (answer: T) => boolean = () => true,
  ) {
    this.#policy = policy;
    this.#policyOf = policyOf;
    this.#isConfirmed = isConfirmed;
  }

  /** Whether a confirmed answer is held. */
  has(key: string): boolean {
    return this.#confirmed().has(key);
  }

  /** @throws the error of `load`, like `CachedAnswer.get`. */
  async get(key: string, load: Load<T>): Promise<T> {
    const cached = this.#confirmed().get(key) ?? this.#others().get(key) ?? this.#added(key);
    const answer = await cached.get(load);
    this.#sort(key, cached, this.#isConfirmed(answer));
    return answer;
  }

  #added(key: string): CachedAnswer<T> {
    const cached = new CachedAnswer<T>(this.#policy, this.#policyOf);
    this.#others().set(key, cached);
    return cached;
  }

  #sort(key: string, cached: CachedAnswer<T>, isConfirmed: boolean): void {
    const [to, from] = isConfirmed
      ? [this.#confirmed(), this.#others()]
      : [this.#others(), this.#confirmed()];
    if (to.peek(key) === cached) return;
    from.delete(key);
    to.set(key, cached);
  }
}
