/**
 * oidc-provider's storage, on top of the record store. oidc-provider reads the clock of the process. This adapter
 * converts its times to the local Clerk's clock when it stores them, and back when it reads them, so that a shifted clock
 * applies to oidc-provider too.
 */
import type { AdapterFactory, AdapterPayload } from "oidc-provider";
import { isDocumentId } from "../client-metadata/client-id.js";
import type { Clock } from "../clock.js";
import type { Profile } from "../options.js";
import type { Payload, RecordStore } from "../state/records.js";
import { type AccessTokens, isJwt, REMEMBER_EXPIRED_SECONDS, tokenId } from "../tokens/access-tokens.js";
import { providerApplicationType } from "./redirect-uris.js";

/** The members that hold seconds since the epoch. */
const TIMES = ["iat", "exp", "iiat", "consumed", "loginTs", "authTime"];

function moved(payload: Payload, seconds: number): Payload {
  const copy = structuredClone(payload);
  for (const name of TIMES) {
    const value = copy[name];
    if (typeof value === "number") copy[name] = value + seconds;
  }
  return copy;
}

/** Finds a client that has not registered by its id, which is the URL of its document. */
export type FindDocumentClient = (clientId: string) => Promise<AdapterPayload>;

export interface AdapterParts {
  store: RecordStore;
  tokens: AccessTokens;
  clock: Clock;
  profile: Pick<Profile, "refreshTokenRotation">;
}

export function recordAdapter(
  { store, tokens, clock, profile }: AdapterParts,
  findDocumentClient: FindDocumentClient,
): AdapterFactory {
  return (kind) => {
    const isAccessToken = kind === "AccessToken";
    const key = (id: string) => (isAccessToken ? tokenId(id) : id);
    const lifetime = (seconds: number) => seconds + (isAccessToken ? REMEMBER_EXPIRED_SECONDS : 0);
    const out = (payload: Payload | undefined) =>
      payload && (moved(payload, -clock.offsetSeconds) as AdapterPayload);
    const forget = (recordKey: string) =>
      isAccessToken ? tokens.revokeById(recordKey) : store.delete(kind, recordKey);

    return {
      async upsert(id, payload, expiresIn) {
        store.put(kind, key(id), {
          payload: moved(payload as Payload, clock.offsetSeconds),
          ...(expiresIn && { expiresAt: clock.seconds() + lifetime(expiresIn) }),
        });
      },
      async find(id) {
        if (kind === "Client" && isDocumentId(id)) return findDocumentClient(id);
        // An access token is found only by the value that its client holds, never by the internal id.
        if (isAccessToken && !id.startsWith("oat_")) return undefined;
        const found = out(store.get(kind, key(id)));
        return kind === "Client" && found ? clientFor(found) : found;
      },
      async findByUid(uid) {
        return out(store.find(kind, (payload) => payload.uid === uid));
      },
      async findByUserCode() {
        return undefined;
      },
      async consume(id) {
        // oidc-provider ends the grant when a consumed refresh token comes back.
        if (kind === "RefreshToken" && profile.refreshTokenRotation === "allow-reuse") return;
        store.update(kind, key(id), { consumed: clock.seconds() });
      },
      async destroy(id) {
        forget(key(id));
      },
      async revokeByGrantId(grantId) {
        const isOfGrant = (payload: Payload) => payload.grantId === grantId && !isJwt(payload);
        for (const recordKey of store.keys(kind, isOfGrant)) forget(recordKey);
      },
    };
  };
}

function clientFor(client: AdapterPayload): AdapterPayload {
  const { application_type, redirect_uris = [] } = client as { redirect_uris?: string[] } & AdapterPayload;
  return { ...client, application_type: providerApplicationType(redirect_uris, application_type) };
}
