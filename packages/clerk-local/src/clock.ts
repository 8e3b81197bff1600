/**
 * The local Clerk's own clock. Everything that it issues or checks uses this clock, so that a test can let a token expire
 * without waiting and without changing the clock of the process.
 */
export class Clock {
  #offsetSeconds = 0;

  /** How far this clock is ahead of the machine's, in seconds. */
  get offsetSeconds(): number {
    return this.#offsetSeconds;
  }

  /** Moves the clock to `offsetSeconds` ahead of the machine's (negative: behind). */
  set(offsetSeconds: number): void {
    if (!Number.isSafeInteger(offsetSeconds)) {
      throw new TypeError("clock: offsetSeconds must be a whole number of seconds");
    }
    this.#offsetSeconds = offsetSeconds;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#offsetSeconds * 1000;
  }

  /** Seconds since the epoch, as in JWT claims. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }
}
