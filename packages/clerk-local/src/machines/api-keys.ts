/** API keys: long-lived secrets (`ak_…`) that act for a user or an organization. */
import type { Clock } from "../clock.js";
import { derivedText, randomText } from "../ids.js";
import type { RecordStore } from "../state/records.js";
import type { Json } from "../tokens/jws.js";

/** An API key; times are milliseconds of the stand-in's clock, like Clerk's. */
export type ApiKeyRecord = {
  /** `ak_…`, which is no credential: it follows from the secret, not the other way round. */
  readonly id: string;
  readonly secret: string;
  /** Id of the user or organization that it acts for. */
  subject: string;
  readonly name: string;
  description: string | null;
  scopes: string[];
  claims: Json | null;
  /** `null`: never. */
  expiration: number | null;
  revoked: boolean;
  revocationReason: string | null;
  readonly createdBy: string | null;
  lastUsedAt: number | null;
  readonly createdAt: number;
  updatedAt: number;
};

export interface ApiKeyInput {
  subject: string;
  name: string;
  /** Default: a random one. */
  secret?: string;
  description?: string | null;
  scopes?: readonly string[];
  claims?: Json | null;
  createdBy?: string | null;
  /** Seconds; negative: it has already expired. Default: `null`, never. */
  expiresIn?: number | null;
}

/** What can be changed about a key. */
export type ApiKeyChanges = Partial<
  Pick<ApiKeyRecord, "subject" | "description" | "scopes" | "claims" | "expiration">
>;

const STORED = "ApiKey";

export class ApiKeys {
  readonly #store: RecordStore;
  readonly #clock: Clock;

  constructor(store: RecordStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  create(input: ApiKeyInput): ApiKeyRecord {
    const secret = input.secret ?? `ak_${randomText(32)}`;
    const now = this.#clock.now();
    const expiration = this.expirationIn(input.expiresIn ?? null);
    const record: ApiKeyRecord = {
      id: idOf(secret),
      secret,
      subject: input.subject,
      name: input.name,
      description: input.description ?? null,
      scopes: [...(input.scopes ?? [])],
      claims: input.claims ?? null,
      expiration,
      revoked: false,
      revocationReason: null,
      createdBy: input.createdBy ?? null,
      lastUsedAt: null,
      // An expired key has been valid before.
      createdAt: Math.min(now, expiration ?? now),
      updatedAt: now,
    };
    this.#store.put(STORED, record.id, { payload: record });
    return record;
  }

  find(idOrSecret: string): ApiKeyRecord | undefined {
    return this.byId(idOrSecret) ?? this.bySecret(idOrSecret);
  }

  byId(id: string): ApiKeyRecord | undefined {
    return this.#store.get(STORED, id) as ApiKeyRecord | undefined;
  }

  bySecret(secret: string): ApiKeyRecord | undefined {
    return this.byId(idOf(secret));
  }

  /** Newest first. */
  list(): ApiKeyRecord[] {
    return (this.#store.all(STORED) as ApiKeyRecord[]).reverse();
  }

  update(key: ApiKeyRecord, changes: ApiKeyChanges): void {
    this.#store.update(STORED, key.id, { ...changes, updatedAt: this.#clock.now() });
  }

  revoke(key: ApiKeyRecord, reason: string | null): void {
    const updatedAt = this.#clock.now();
    this.#store.update(STORED, key.id, { revoked: true, revocationReason: reason, updatedAt });
  }

  delete(key: ApiKeyRecord): void {
    this.#store.delete(STORED, key.id);
  }

  isExpired({ expiration }: ApiKeyRecord): boolean {
    return expiration !== null && expiration <= this.#clock.now();
  }

  /** Notes a use. Past the store's `update`, as a state file is not worth writing for each verification. */
  used(key: ApiKeyRecord): void {
    key.lastUsedAt = this.#clock.now();
  }

  /** The time that is `seconds` from now; `null` stays: never. */
  expirationIn(seconds: number | null): number | null {
    return seconds === null ? null : this.#clock.now() + Math.round(seconds * 1000);
  }
}

function idOf(secret: string): string {
  return `ak_${derivedText(`api key ${secret}`)}`;
}
