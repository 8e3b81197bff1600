/** Machine-to-machine tokens: opaque ones (`mt_…`), which are stored, and JWTs, which are not. */
import type { Clock } from "../clock.js";
import { derivedText, randomText } from "../ids.js";
import type { TokenFormat } from "../options.js";
import type { RecordStore } from "../state/records.js";
import { REMEMBER_EXPIRED_SECONDS } from "../tokens/access-tokens.js";
import { type Json, writeJws } from "../tokens/jws.js";
import type { KeyRing } from "../tokens/keys.js";
import type { MachineRecord } from "./machines.js";

/** A machine-to-machine token. Times are in milliseconds of the local Clerk's clock, like Clerk's. */
export type M2MTokenRecord = {
  /** `mt_…`, also the JWT's `jti`. Not a credential. */
  readonly id: string;
  /** Id of the machine that it was issued to. */
  readonly subject: string;
  /** Ids of the machines that may accept it. */
  readonly scopes: string[];
  readonly claims: Json | null;
  readonly expiration: number;
  revoked: boolean;
  revocationReason: string | null;
  lastUsedAt: number | null;
  readonly createdAt: number;
  updatedAt: number;
};

export interface M2MTokenInput {
  format: TokenFormat;
  /** Lifetime in seconds from now; negative: already expired. Default: the machine's. */
  expiresIn?: number | undefined;
  claims?: Json | null | undefined;
  /** Ids of machines. Default: the machine's `scopedMachines`. */
  scopes?: readonly string[] | undefined;
}

/** Marks the JWT as a machine's; `@clerk/backend` checks it. */
const JWT_CATEGORY = "cl_B7d4PD333AAA";

const STORED = "M2MToken";

export class M2MTokens {
  readonly #issuer: string;
  readonly #keys: KeyRing;
  readonly #store: RecordStore;
  readonly #clock: Clock;

  constructor(issuer: string, parts: { keys: KeyRing; store: RecordStore; clock: Clock }) {
    this.#issuer = issuer;
    this.#keys = parts.keys;
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  async create(
    machine: MachineRecord,
    input: M2MTokenInput,
  ): Promise<{ record: M2MTokenRecord; token: string }> {
    const value = `mt_${randomText(32)}`;
    const now = this.#clock.now();
    const expiresIn = input.expiresIn ?? machine.defaultTokenTtlSeconds;
    const expiration = now + Math.round(expiresIn * 1000);
    const record: M2MTokenRecord = {
      id: idOf(value),
      subject: machine.id,
      scopes: [...(input.scopes ?? machine.scopedMachines)],
      claims: input.claims ?? null,
      expiration,
      revoked: false,
      revocationReason: null,
      lastUsedAt: null,
      // An expired token must have been created before it expired.
      createdAt: expiresIn > 0 ? now : expiration - machine.defaultTokenTtlSeconds * 1000,
      updatedAt: now,
    };
    if (input.format === "jwt") return { record, token: await this.#jwt(record) };
    this.#store.put(STORED, record.id, {
      payload: record,
      expiresAt: seconds(expiration) + REMEMBER_EXPIRED_SECONDS,
    });
    return { record, token: value };
  }

  /** Finds an opaque token. JWTs are not stored and never found. */
  find(idOrToken: string): M2MTokenRecord | undefined {
    return this.byId(idOrToken) ?? this.byToken(idOrToken);
  }

  byId(id: string): M2MTokenRecord | undefined {
    return this.#store.get(STORED, id) as M2MTokenRecord | undefined;
  }

  byToken(token: string): M2MTokenRecord | undefined {
    return this.byId(idOf(token));
  }

  /** All opaque tokens, newest first. */
  list(): M2MTokenRecord[] {
    return (this.#store.all(STORED) as M2MTokenRecord[]).reverse();
  }

  /** The opaque tokens of a machine, newest first. */
  listOf(machineId: string): M2MTokenRecord[] {
    return this.list().filter(({ subject }) => subject === machineId);
  }

  revoke(token: M2MTokenRecord, reason: string | null): void {
    const updatedAt = this.#clock.now();
    this.#store.update(STORED, token.id, { revoked: true, revocationReason: reason, updatedAt });
  }

  isExpired({ expiration }: M2MTokenRecord): boolean {
    return expiration <= this.#clock.now();
  }

  /** Records a use. Bypasses the store's `update`: not every verification is worth writing the state file. */
  used(token: M2MTokenRecord): void {
    token.lastUsedAt = this.#clock.now();
  }

  #jwt({ id, subject, scopes, claims, createdAt, expiration }: M2MTokenRecord): Promise<string> {
    const { kid, privateKey } = this.#keys.current;
    const header = { alg: "RS256", typ: "JWT", kid, cat: JWT_CATEGORY };
    const payload = {
      // First, so that custom claims cannot replace the local Clerk's own.
      ...claims,
      iss: this.#issuer,
      sub: subject,
      jti: id,
      iat: seconds(createdAt),
      nbf: seconds(createdAt) - 10,
      exp: seconds(expiration),
      // Omitted when empty: Clerk's SDK reads an empty string as one scope with an empty name.
      ...(scopes.length > 0 && { scopes: scopes.join(" "), aud: scopes }),
    };
    return writeJws(header, payload, { algorithm: "RS256", key: privateKey });
  }
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

function idOf(token: string): string {
  return `mt_${derivedText(`m2m token ${token}`)}`;
}
