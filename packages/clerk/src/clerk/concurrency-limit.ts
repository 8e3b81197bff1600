/** How many may be inside at once, how many may wait for it, and for how long. */
export interface GateLimits {
  readonly inside: number;
  readonly waiting: number;
  readonly waitMs: number;
}

/** Lets a bounded number in at a time, in the order of arrival. */
export class Gate {
  readonly #limits: GateLimits;
  readonly #waiting = new Set<(entered: boolean) => void>();
  #inside = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** Whether the caller may go in, now or after a wait; whoever went in must `leave()`. */
  enter(): boolean | Promise<boolean> {
    if (this.#inside < this.#limits.inside) {
      this.#inside += 1;
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
    if (next === undefined) this.#inside -= 1;
    else next(true);
  }
}
