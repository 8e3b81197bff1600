const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;
/** Longest wait that a `Retry-After` of Clerk's is granted. */
const LONGEST_ASKED_PAUSE_MS = 60_000;

/**
 * Keeps callers from waiting for something that fails: after a few failures in a row it opens for a moment, then
 * lets a single call try, and closes with its success.
 */
export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #openUntil = Number.NEGATIVE_INFINITY;
  #probing = false;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Milliseconds to wait instead of calling, or `undefined` if the call may be made: then report how it ended. */
  pause(): number | undefined {
    const remaining = this.#openUntil - this.#now();
    if (remaining > 0) return remaining;
    if (this.#failures < FAILURES_TO_OPEN) return undefined;
    if (this.#probing) return FIRST_PAUSE_MS;
    this.#probing = true;
    return undefined;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#probing = false;
    this.#openUntil = Number.NEGATIVE_INFINITY;
  }

  /** The call ended without saying anything about the other side. */
  abandoned(): void {
    this.#probing = false;
  }

  /** @param askedPauseMs how long the other side asked to wait, if it did: it is then left alone at once. */
  failed(askedPauseMs?: number): void {
    this.#failures += 1;
    this.#probing = false;
    if (askedPauseMs !== undefined) {
      this.#failures = Math.max(this.#failures, FAILURES_TO_OPEN);
      this.#openUntil = this.#now() + Math.min(askedPauseMs, LONGEST_ASKED_PAUSE_MS);
    } else if (this.#failures >= FAILURES_TO_OPEN) {
      const pause = FIRST_PAUSE_MS * 2 ** (this.#failures - FAILURES_TO_OPEN);
      this.#openUntil = this.#now() + Math.min(pause, LONGEST_PAUSE_MS);
    }
  }
}
