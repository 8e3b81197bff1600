/**
 * Access tokens in Clerk's formats. The OAuth server stores one record per token. The client holds either a JWT with
 * the same data or an opaque `oat_…` value; both lead back to the record.
 */
import { jwtVerify } from "jose";
import type { Clock } from "../clock.js";
import { derivedText } from "../ids.js";
import type { Profile, TokenFormat } from "../options.js";
import type { Payload, RecordStore } from "../state/records.js";
import { type Json, writeJws } from "./jws.js";
import type { KeyRing } from "./keys.js";

/** The record of an access token. Times are in seconds of the local Clerk's clock. */
export interface AccessTokenRecord {
  /** Clerk's id of the token (`oat_…`), also the JWT's `jti`. Not a credential. */
  id: string;
  accountId: string;
  clientId: string;
  scope: string;
  audience: string[];
  organizationId?: string;
  issuedAt: number;
  expiresAt: number;
  /** The format of the token that the client has. */
  format: TokenFormat;
}

/** The result of looking up a presented token. */
export type FoundToken =
  | { state: "active" | "expired" | "revoked"; record: AccessTokenRecord }
  | { state: "unknown" };

const STORED = "AccessToken";
const REVOKED = "RevokedAccessToken";

/** How long a record outlives its token, so that an expired token can be told from an unknown one. */
export const REMEMBER_EXPIRED_SECONDS = 86_400;

/** The opaque value for the internal id of a record. */
export function opaqueValue(internalId: string): string {
  return `oat_${derivedText(`value ${internalId}`)}`;
}

/** The public id for the internal id of a record, or for an opaque value. */
export function tokenId(internalIdOrValue: string): string {
  const value = internalIdOrValue.startsWith("oat_") ? internalIdOrValue : opaqueValue(internalIdOrValue);
  return `oat_${derivedText(`id ${value}`)}`;
}

/** Whether the client of this record holds a JWT. At Clerk a JWT cannot be revoked: it outlives its grant. */
export function isJwt(payload: Payload): boolean {
  return payload.issuedAs === "jwt";
}

/** How an instance treats a client's `resource` parameter. */
type AudienceProfile = Pick<Profile, "resource" | "audienceShape">;

export class AccessTokens {
  readonly #issuer: string;
  readonly #keys: KeyRing;
  readonly #store: RecordStore;
  readonly #clock: Clock;
  readonly #profile: AudienceProfile;

  constructor(
    issuer: string,
    profile: AudienceProfile,
    parts: { keys: KeyRing; store: RecordStore; clock: Clock },
  ) {
    this.#issuer = issuer;
    this.#profile = profile;
    this.#keys = parts.keys;
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /** The record that the OAuth server has stored under `internalId`. */
  record(internalId: string): AccessTokenRecord | undefined {
    return this.#stored(STORED, tokenId(internalId));
  }

  /** The number of tokens that are neither expired nor revoked, and the newest of them, oldest first. */
  live(most: number): { count: number; newest: AccessTokenRecord[] } {
    const now = this.#clock.seconds();
    const ids = this.#store.keys(STORED, ({ exp }) => Number(exp) > now);
    return {
      count: ids.length,
      newest: ids.slice(-most).flatMap((id) => this.#stored(STORED, id) ?? []),
    };
  }

  /** Notes the format in which a stored token was handed to its client. */
  issuedAs(record: AccessTokenRecord, format: TokenFormat): void {
    this.#store.update(STORED, record.id, { issuedAs: format });
  }

  /** The claims of a record's JWT (RFC 9068, with Clerk's values). */
  claims(record: AccessTokenRecord): Json {
    return {
      iss: this.#issuer,
      sub: record.accountId,
      client_id: record.clientId,
      scope: record.scope,
      jti: record.id,
      iat: record.issuedAt,
      nbf: record.issuedAt - 10,
      exp: record.expiresAt,
      ...this.#audienceClaim(record),
      ...(record.organizationId && { org_id: record.organizationId }),
    };
  }

  /** The JWT for a record, signed with the current key. */
  jwt(record: AccessTokenRecord): Promise<string> {
    const { kid, privateKey } = this.#keys.current;
    const header = { alg: "RS256", typ: "at+jwt", kid };
    return writeJws(header, this.claims(record), { algorithm: "RS256", key: privateKey });
  }

  /** Finds the record of `token`, whatever its format. */
  async find(token: string): Promise<FoundToken> {
    const id = token.startsWith("oat_") ? tokenId(token) : await this.#idOfJwt(token);
    if (!id) return { state: "unknown" };
    const revoked = this.#stored(REVOKED, id);
    if (revoked) return { state: "revoked", record: revoked };
    const record = this.#stored(STORED, id);
    if (!record) return { state: "unknown" };
    return { state: record.expiresAt <= this.#clock.seconds() ? "expired" : "active", record };
  }

  /** Stores a record made by `mint()`, for which there was no OAuth exchange. */
  keep(internalId: string, record: AccessTokenRecord): void {
    this.#store.put(STORED, record.id, {
      payload: {
        kind: STORED,
        jti: internalId,
        accountId: record.accountId,
        clientId: record.clientId,
        scope: record.scope,
        gty: "authorization_code",
        iat: record.issuedAt,
        exp: record.expiresAt,
        issuedAs: record.format,
        ...(record.audience.length > 0 && { aud: record.audience }),
        ...(record.organizationId && { extra: { org_id: record.organizationId } }),
      },
      expiresAt: record.expiresAt + REMEMBER_EXPIRED_SECONDS,
    });
  }

  /**
   * Revokes a token. Verifiers that check only the signature of a JWT still accept it.
   *
   * @returns whether there was one
   */
  revokeById(id: string): boolean {
    const payload = this.#store.get(STORED, id);
    if (!payload) return false;
    this.#store.put(REVOKED, id, { payload, expiresAt: Number(payload.exp) + REMEMBER_EXPIRED_SECONDS });
    this.#store.delete(STORED, id);
    return true;
  }

  #audienceClaim(record: AccessTokenRecord): { aud?: string | string[] } {
    const audience = this.audience(record);
    const [first] = audience;
    if (first === undefined) return {};
    return { aud: this.#profile.audienceShape === "array" ? audience : first };
  }

  /** The audience as the Backend API reports it. */
  audience(record: AccessTokenRecord): string[] {
    return this.#profile.resource === "honoured" ? record.audience : [];
  }

  async #idOfJwt(token: string): Promise<string | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#keys.verifier, {
        issuer: this.#issuer,
        typ: "at+jwt",
        algorithms: ["RS256"],
        // The record decides about expiry, so that "expired" can be told from "unknown".
        currentDate: new Date(0),
        clockTolerance: Number.MAX_SAFE_INTEGER,
      });
      return payload.jti;
    } catch {
      // A token that was not issued here is "unknown", whatever else is wrong with it.
      return undefined;
    }
  }

  #stored(kind: string, id: string): AccessTokenRecord | undefined {
    const payload = this.#store.get(kind, id);
    if (!payload) return undefined;
    const { accountId, clientId, scope, aud, iat, exp, extra, issuedAs } = payload as {
      accountId: string;
      clientId: string;
      scope?: string;
      aud?: string | string[];
      iat: number;
      exp: number;
      extra?: { org_id?: string };
      issuedAs?: TokenFormat;
    };
    return {
      id,
      accountId,
      clientId,
      scope: scope ?? "",
      audience: aud === undefined ? [] : [aud].flat(),
      ...(extra?.org_id && { organizationId: extra.org_id }),
      issuedAt: iat,
      expiresAt: exp,
      format: issuedAs ?? "jwt",
    };
  }
}
