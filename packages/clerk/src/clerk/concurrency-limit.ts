/** How many calls may run at once, how many may wait for their turn, and for how long. */
export interface ConcurrencyLimits {
  readonly running: number;
  readonly waiting: number;
  readonly waitMs: number;
}

/** Lets a bounded number of calls run at a time, in the order of arrival. */
export class ConcurrencyLimit {
  readonly #limits: ConcurrencyLimits;
  readonly #waiting = new Set<(entered: boolean) => void>();
  #running = 0;

  constructor(limits: ConcurrencyLimits) {
    this.#limits = limits;
  }

  /** Whether the caller may proceed, now or after a wait. A caller that may must call `leave()` afterwards. */
  enter(): boolean | Promise<boolean> {
    if (this.#running < this.#limits.running) {
      this.#running += 1;
      return true;
    }
    if (this.#waiting.size >= this.#limits.waiting) return false;
    return new Promise((resolve) => {
      const settle = (entered: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(settle);
        resolve(entered);
      };
      const timer = setTimeout(() => settle(false), this.#limits.waitMs);
      this.#waiting.add(settle);
    });
  }

  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#running -= 1;
    else next(true);
  }
}
