/** API keys: long-lived secrets (`ak_…`) that act for a user or an organization. */
import type { Clock } from "../clock.js";
import { derivedText, randomText } from "../ids.js";
import type { RecordStore } from "../state/records.js";
import type { Json } from "../tokens/jws.js";

/** An API key. Times are in milliseconds of the local Clerk's clock, like Clerk's. */
export type ApiKeyRecord = {
  /** `ak_…`. Not a credential: the id is derived from the secret, and the secret cannot be derived from it. */
  readonly id: string;
  readonly secret: string;
  /** Id of the user or organization that the key acts for. */
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
  secret?: string | undefined;
  description?: string | null | undefined;
  scopes?: readonly string[] | undefined;
  claims?: Json | null | undefined;
  createdBy?: string | null | undefined;
  /** Lifetime in seconds from now; negative: already expired. Default: `null`, never. */
  expiresIn?: number | null | undefined;
}

/** The members of a key that can be changed. */
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
    const expiration = this.expirationIn(input.expiresIn ?? null, now);
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
      // An expired key must have been created before it expired.
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

  /** Records a use. Bypasses the store's `update`: not every verification is worth writing the state file. */
  used(key: ApiKeyRecord): void {
    key.lastUsedAt = this.#clock.now();
  }

  /** The time `seconds` after `now`; `null` (never) stays `null`. */
  expirationIn(seconds: number | null, now = this.#clock.now()): number | null {
    return seconds === null ? null : now + Math.round(seconds * 1000);
  }
}

function idOf(secret: string): string {
  return `ak_${derivedText(`api key ${secret}`)}`;
}
