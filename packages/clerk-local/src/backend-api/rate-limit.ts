/** Clerk's rate limit of the Backend API: so many requests of an instance in ten seconds. */
import type { Profile } from "../options.js";

const WINDOW_MS = 10_000;
const MAX_REQUESTS = { development: 100, production: 1000 };

export class RateLimit {
  readonly #profile: Pick<Profile, "rateLimit">;
  #windowStart = 0;
  #requests = 0;

  constructor(profile: Pick<Profile, "rateLimit">) {
    this.#profile = profile;
  }

  /**
   * Counts a request.
   *
   * @param now milliseconds since the epoch
   * @returns how many seconds to wait; `0`: the request may pass
   */
  wait(now: number): number {
    const { rateLimit } = this.#profile;
    if (rateLimit === "off") return 0;
    // The local Clerk's clock can be set back.
    if (now < this.#windowStart || now >= this.#windowStart + WINDOW_MS) {
      this.#windowStart = now;
      this.#requests = 0;
    }
    this.#requests += 1;
    if (this.#requests <= MAX_REQUESTS[rateLimit]) return 0;
    return Math.ceil((this.#windowStart + WINDOW_MS - now) / 1000);
  }
}
