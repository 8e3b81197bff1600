const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;
/** Upper limit for the pause that Clerk requests with `Retry-After`. */
const LONGEST_ASKED_PAUSE_MS = 60_000;

/**
 * Spares callers the wait for a call that keeps failing. It opens after a few failures in a row, then lets a single
 * call through, and closes when that call succeeds.
 */
export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #openUntil = Number.NEGATIVE_INFINITY;
  #probing = false;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Milliseconds to wait instead of calling. `undefined` if the call may be made; its outcome must then be reported.
   */
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

  /** The call ended without showing whether the other side works. */
  abandoned(): void {
    this.#probing = false;
  }

  /** @param askedPauseMs the pause that the other side requested, if any: the breaker then opens at once. */
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
