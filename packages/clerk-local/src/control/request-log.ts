/** What has been asked of the stand-in: enough to count calls, never what was in them. */
import type { Handler } from "../http/exchange.js";

export interface LoggedRequest {
  method: string;
  /** Without the query, which may hold secrets. */
  path: string;
  /** `0` while there is no complete answer: under way, hanging or cut. */
  status: number;
  /** Milliseconds that the answer took. */
  ms: number;
}

const MAX_ENTRIES = 5000;

export class RequestLog {
  #entries: LoggedRequest[] = [];

  /** Never answers. */
  readonly handler: Handler = ({ res, method, path }) => {
    const started = performance.now();
    const entry = { method, path, status: 0, ms: 0 };
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
    res.once("finish", () => {
      entry.status = res.statusCode;
      entry.ms = Math.round(performance.now() - started);
    });
    return false;
  };

  /** The newest 5,000, in the order in which they came. */
  entries(): LoggedRequest[] {
    return this.#entries.map((entry) => ({ ...entry }));
  }

  reset(): void {
    this.#entries = [];
  }
}
