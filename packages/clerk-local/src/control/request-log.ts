/** The request log: method, path, status and duration, without queries and bodies. */
import type { Handler } from "../http/exchange.js";

export interface LoggedRequest {
  method: string;
  /** Without the query, which may hold secrets. */
  path: string;
  /** `0` until the response is complete: in progress, hanging or cut. */
  status: number;
  /** Time until the response was complete, in milliseconds. */
  ms: number;
}

const MAX_ENTRIES = 5000;

export class RequestLog {
  #entries: LoggedRequest[] = [];

  /** Records the request and leaves the response to the next handlers. */
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

  /** The newest 5,000 requests, oldest first. */
  entries(): LoggedRequest[] {
    return this.#entries.map((entry) => ({ ...entry }));
  }

  reset(): void {
    this.#entries = [];
  }
}
