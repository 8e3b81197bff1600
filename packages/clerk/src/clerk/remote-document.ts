/** When a document is fetched again, how long it is kept, and how long a failure is believed. */
export interface RemoteDocumentPolicy {
  /** Age at which it is fetched again in the background while the old one is still served. */
  readonly refreshAfterMs: number;
  /** Age at which callers wait for a newer one; the old one then serves only if that cannot be fetched. */
  readonly waitAfterMs: number;
  /** Age at which it is no longer served when it cannot be fetched again. */
  readonly keepForMs: number;
  /** Least time between two renewals that callers ask for because they miss something in it. */
  readonly renewalCooldownMs: number;
  /** After a failed fetch, how long callers get that failure at once instead of another fetch. */
  readonly failureCooldownMs: number;
}

/**
 * One document of another server, held in memory: fetched once however many callers wait, refreshed in the
 * background, and kept while the other server is away.
 */
export class RemoteDocument<T> {
  readonly #load: () => Promise<T>;
  readonly #policy: RemoteDocumentPolicy;
  readonly #now: () => number;
  #held: { readonly document: T; readonly fetchedAt: number } | undefined;
  #failure: { readonly error: unknown; readonly at: number } | undefined;
  #pending: Promise<T> | undefined;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(load: () => Promise<T>, policy: RemoteDocumentPolicy, now: () => number = () => Date.now()) {
    this.#load = load;
    this.#policy = policy;
    this.#now = now;
  }

  /** The document, if it is held and too young to be fetched again. */
  fresh(): T | undefined {
    if (this.#held === undefined) return undefined;
    return this.#now() - this.#held.fetchedAt < this.#policy.refreshAfterMs ? this.#held.document : undefined;
  }

  /**
   * The document, from memory if it is there.
   *
   * @throws what `load` throws, when there is none or the one held is too old.
   */
  async get(): Promise<T> {
    if (this.#held === undefined) return this.#fetch();
    const { document, fetchedAt } = this.#held;
    const age = this.#now() - fetchedAt;
    if (age >= this.#policy.keepForMs) return this.#fetch();
    if (age < this.#policy.refreshAfterMs) return document;
    const newer = this.#fetch().catch(() => document);
    // Once a fetch has failed, nobody waits for the next one to fail too.
    return age >= this.#policy.waitAfterMs && this.#failure === undefined ? newer : document;
  }

  /**
   * A newer document, for a caller who misses something in the one held; the same one during the cool-down.
   *
   * @throws what `load` throws: what is missing may then be in the document that could not be fetched.
   */
  async renewed(): Promise<T> {
    const coolingDown = this.#now() - this.#renewedAt < this.#policy.renewalCooldownMs;
    if (coolingDown && this.#pending === undefined && this.#failure === undefined) return this.get();
    this.#renewedAt = this.#now();
    return this.#fetch();
  }

  #fetch(): Promise<T> {
    if (this.#pending !== undefined) return this.#pending;
    if (this.#failure !== undefined && this.#now() - this.#failure.at < this.#policy.failureCooldownMs) {
      return Promise.reject(this.#failure.error);
    }
    this.#pending = this.#load()
      .then(
        (document) => {
          this.#held = { document, fetchedAt: this.#now() };
          this.#failure = undefined;
          return document;
        },
        (error: unknown) => {
          this.#failure = { error, at: this.#now() };
          throw error;
        },
      )
      .finally(() => {
        this.#pending = undefined;
      });
    return this.#pending;
  }
}
