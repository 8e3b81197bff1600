/**
 * oidc-provider's storage, on top of the record store. oidc-provider reads the clock of the process. This adapter
 * converts its times to the stand-in's clock when it stores them, and back when it reads them, so that a shifted clock
 * applies to oidc-provider too.
 */
import type { AdapterFactory, AdapterPayload } from "oidc-provider";
import { isDocumentId } from "../client-metadata/client-id.js";
import type { Clock } from "../clock.js";
import type { Payload, RecordStore } from "../state/records.js";
import { type AccessTokens, REMEMBER_EXPIRED_SECONDS, tokenId } from "../tokens/access-tokens.js";

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

export function recordAdapter(
  store: RecordStore,
  tokens: AccessTokens,
  clock: Clock,
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
        return out(store.get(kind, key(id)));
      },
      async findByUid(uid) {
        return out(store.find(kind, (payload) => payload.uid === uid));
      },
      async findByUserCode() {
        return undefined;
      },
      async consume(id) {
        store.update(kind, key(id), { consumed: clock.seconds() });
      },
      async destroy(id) {
        forget(key(id));
      },
      async revokeByGrantId(grantId) {
        for (const recordKey of store.keys(kind, (payload) => payload.grantId === grantId)) forget(recordKey);
      },
    };
  };
}
