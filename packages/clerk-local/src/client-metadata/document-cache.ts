/** Documents that were fetched, for as long as they say. */
import type { Clock } from "../clock.js";
import type { ClientDocument } from "./document.js";

/** Most documents that are kept. Beyond that, the one that was not used for the longest time is dropped. */
const MAX_ENTRIES = 100;

/** Most documents that are fetched at the same time. */
const MAX_PENDING = 8;

/** How long a failure is kept: one request asks several times. */
const FAILURE_SECONDS = 5;

export interface Loaded {
  readonly document: ClientDocument;
  readonly lifetimeSeconds: number;
}

interface Entry {
  readonly document: Promise<ClientDocument>;
  /** In seconds of the local Clerk's clock; infinite while it is fetched. */
  until: number;
}

export class DocumentCache {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  #pending = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The cached document, or the result of `load`, which runs once for all waiting callers. */
  get(clientId: string, load: () => Promise<Loaded>, busy: () => Error): Promise<ClientDocument> {
    const known = this.#entries.get(clientId);
    this.#entries.delete(clientId);
    if (known && known.until > this.#clock.seconds()) {
      this.#entries.set(clientId, known);
      return known.document;
    }
    if (this.#pending >= MAX_PENDING) return Promise.reject(busy());
    const entry = this.#fetched(load);
    this.#entries.set(clientId, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES) break;
      this.#entries.delete(oldest);
    }
    return entry.document;
  }

  delete(clientId: string): void {
    this.#entries.delete(clientId);
  }

  #fetched(load: () => Promise<Loaded>): Entry {
    const keep = (seconds: number) => {
      entry.until = this.#clock.seconds() + seconds;
    };
    this.#pending += 1;
    const loading = load().finally(() => {
      this.#pending -= 1;
    });
    const entry: Entry = { document: loading.then(({ document }) => document), until: Infinity };
    loading.then(
      ({ lifetimeSeconds }) => keep(lifetimeSeconds),
      () => keep(FAILURE_SECONDS),
    );
    return entry;
  }
}
