/** The request log: method, path, status and duration, without queries and bodies. */
import type { Handler } from "../http/exchange.js";

export interface LoggedRequest {
  method: string;
  /** Without the query, which may hold secrets. At most 1,000 characters. */
  path: string;
  /** `0` until the response is complete: in progress, hanging or cut. */
  status: number;
  /** Time until the response was complete, in milliseconds. */
  ms: number;
}

/** A request in the log. */
export interface LogEntry {
  /** Counts the requests since the start. */
  readonly number: number;
  readonly request: Readonly<LoggedRequest>;
}

const MAX_ENTRIES = 5000;
const MAX_PATH = 1000;

export class RequestLog {
  #entries: LogEntry[] = [];
  #count = 0;
  readonly #watchers = new Set<(entry: LogEntry) => void>();

  /** Records the request and leaves the response to the next handlers. */
  readonly handler: Handler = ({ res, method, path }) => {
    const started = performance.now();
    const request = { method, path: path.slice(0, MAX_PATH), status: 0, ms: 0 };
    this.#count += 1;
    const entry = { number: this.#count, request };
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
    this.#tell(entry);
    res.once("finish", () => {
      request.status = res.statusCode;
      request.ms = Math.round(performance.now() - started);
      this.#tell(entry);
    });
    return false;
  };

  /** The newest 5,000 requests, oldest first. */
  entries(): LoggedRequest[] {
    return this.#entries.map(({ request }) => ({ ...request }));
  }

  /** The newest requests, oldest first. */
  newest(count: number): LogEntry[] {
    return this.#entries.slice(-count);
  }

  /** Calls `watcher` as a request begins and as it is answered. @returns ends it */
  watch(watcher: (entry: LogEntry) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  reset(): void {
    this.#entries = [];
  }

  #tell(entry: LogEntry): void {
    for (const watcher of this.#watchers) watcher(entry);
  }
}
