/**
 * Stores everything that outlives a request: clients, sessions, grants, codes, tokens, API keys, machines. One map per
 * kind of record. Times are in the local Clerk's clock.
 */
import { z } from "zod";

const record = z.object({
  /** Its shape depends on the kind. */
  payload: z.record(z.string(), z.unknown()),
  /** Seconds since the epoch; absent: never. */
  expiresAt: z.number().exactOptional(),
});

/** Everything in the store, as plain data for the state file: by kind, then by key. */
export const snapshot = z.record(z.string(), z.record(z.string(), record));

export type StoredRecord = z.output<typeof record>;
export type Payload = StoredRecord["payload"];
export type Snapshot = z.output<typeof snapshot>;

/** Most records per kind. Beyond that, the oldest are removed. */
const MAX_PER_KIND = 50_000;

/** Records that live only for one round trip of the browser; not saved. */
const SHORT_LIVED = new Set(["Interaction", "AuthorizationCode", "ReplayDetection"]);

export class RecordStore {
  readonly #kinds = new Map<string, Map<string, StoredRecord>>();
  readonly #now: () => number;
  #onChange: () => void = () => {};

  /** @param now the clock, in seconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Calls `listener` after each change that the state file must contain. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  put(kind: string, key: string, record: StoredRecord): void {
    const records = this.#records(kind);
    if (records.size >= MAX_PER_KIND && !records.has(key)) this.#makeRoom(records);
    records.set(key, record);
    this.#changed(kind);
  }

  get(kind: string, key: string): Payload | undefined {
    const record = this.#records(kind).get(key);
    return record && !this.#expired(record) ? record.payload : undefined;
  }

  /** Changes a record in place. */
  update(kind: string, key: string, change: Payload): void {
    const payload = this.get(kind, key);
    if (!payload) return;
    Object.assign(payload, change);
    this.#changed(kind);
  }

  delete(kind: string, key: string): void {
    if (this.#records(kind).delete(key)) this.#changed(kind);
  }

  /** The first live record of a kind for which `test` holds. */
  find(kind: string, test: (payload: Payload) => boolean): Payload | undefined {
    for (const record of this.#records(kind).values()) {
      if (!this.#expired(record) && test(record.payload)) return record.payload;
    }
    return undefined;
  }

  /** Keys of all live records of a kind for which `test` holds. */
  keys(kind: string, test: (payload: Payload) => boolean): string[] {
    const keys: string[] = [];
    for (const [key, record] of this.#records(kind)) {
      if (!this.#expired(record) && test(record.payload)) keys.push(key);
    }
    return keys;
  }

  /** All live records of a kind for which `test` holds, oldest first. */
  all(kind: string, test: (payload: Payload) => boolean = () => true): Payload[] {
    return [...this.#records(kind).values()]
      .filter((record) => !this.#expired(record) && test(record.payload))
      .map((record) => record.payload);
  }

  snapshot(): Snapshot {
    const saved: Snapshot = {};
    for (const [kind, records] of this.#kinds) {
      if (SHORT_LIVED.has(kind)) continue;
      saved[kind] = Object.fromEntries([...records].filter(([, record]) => !this.#expired(record)));
    }
    return saved;
  }

  restore(snapshot: Snapshot): void {
    for (const [kind, records] of Object.entries(snapshot)) {
      this.#kinds.set(kind, new Map(Object.entries(records)));
    }
  }

  #records(kind: string): Map<string, StoredRecord> {
    let records = this.#kinds.get(kind);
    if (!records) {
      records = new Map();
      this.#kinds.set(kind, records);
    }
    return records;
  }

  #expired(record: StoredRecord): boolean {
    return record.expiresAt !== undefined && record.expiresAt <= this.#now();
  }

  #makeRoom(records: Map<string, StoredRecord>): void {
    for (const [key, record] of records) {
      if (this.#expired(record)) records.delete(key);
    }
    // A Map iterates in insertion order, so these are the oldest.
    for (const key of records.keys()) {
      if (records.size < MAX_PER_KIND) break;
      records.delete(key);
    }
  }

  #changed(kind: string): void {
    if (!SHORT_LIVED.has(kind)) this.#onChange();
  }
}
