/** `/sessions`: a session is a sign-in of a browser at the local Clerk, as the OAuth server keeps it. */
import { derivedText } from "../ids.js";
import type { Payload, RecordStore } from "../state/records.js";
import { oneOf, pageOf, pageQuery, word, yesOrNo } from "./query.js";
import { missing } from "./refusals.js";
import type { Route } from "./route.js";

/** oidc-provider's name for this kind of record. */
const SIGNED_IN = "Session";
const REVOKED = "RevokedSession";

/** Clerk's statuses. The local Clerk has two of them, and forgets sessions that have expired. */
const STATUSES = ["active", "revoked", "ended", "expired", "removed", "abandoned", "replaced"] as const;

export function sessionRoutes({ store }: { store: RecordStore }): Route[] {
  return [
    [
      "GET",
      /^\/sessions$/,
      (_id, exchange) => {
        const query = pageQuery(
          { client_id: word, user_id: word, status: oneOf(...STATUSES), paginated: yesOrNo },
          exchange,
        );
        const found = sessions(store)
          .filter(({ user_id }) => query.user_id === undefined || user_id === query.user_id)
          .filter(({ client_id }) => query.client_id === undefined || client_id === query.client_id)
          .filter(({ status }) => query.status === undefined || status === query.status);
        const data = pageOf(found, query);
        return query.paginated ? { data, total_count: found.length } : data;
      },
    ],
    ["GET", /^\/sessions\/([^/]+)$/, (id) => sessionOf(store, id)],
    [
      "POST",
      /^\/sessions\/([^/]+)\/revoke$/,
      (id) => {
        revoke(store, (session) => session.id === id);
        return sessionOf(store, id);
      },
    ],
  ];
}

/** Signs the user out of every browser. Tokens that clients hold stay valid. */
export function revokeSessionsOf(store: RecordStore, userId: string): void {
  revoke(store, (session) => session.user_id === userId);
}

function revoke(store: RecordStore, isMeant: (session: SessionResource) => boolean): void {
  const keys = store.keys(
    SIGNED_IN,
    (record) => isSignIn(record) && isMeant(sessionResource(record, "active")),
  );
  for (const key of keys) {
    const record = store.get(SIGNED_IN, key);
    store.delete(SIGNED_IN, key);
    if (record) store.put(REVOKED, key, { payload: record, expiresAt: Number(record.exp) });
  }
}

function sessionOf(store: RecordStore, id: string): SessionResource {
  return sessions(store).find((session) => session.id === id) ?? missing("session", id);
}

/** Newest first. */
function sessions(store: RecordStore): SessionResource[] {
  const all = [
    ...store.all(SIGNED_IN, isSignIn).map((record) => sessionResource(record, "active")),
    ...store.all(REVOKED).map((record) => sessionResource(record, "revoked")),
  ];
  return all.reverse().sort((a, b) => b.created_at - a.created_at);
}

/** The OAuth server keeps a session for a browser that has not signed in yet, too. */
function isSignIn(record: Payload): boolean {
  return typeof record.accountId === "string";
}

type SessionResource = ReturnType<typeof sessionResource>;

function sessionResource(record: Payload, status: "active" | "revoked") {
  const { uid, accountId, loginTs, iat, exp } = record as Record<string, string | number>;
  const milliseconds = (seconds: unknown) => Number(seconds) * 1000;
  return {
    object: "session",
    id: `sess_${derivedText(`session ${uid}`).slice(0, 27)}`,
    user_id: String(accountId),
    client_id: `client_${derivedText(`client ${uid}`).slice(0, 27)}`,
    actor: null,
    status,
    last_active_organization_id: null,
    last_active_at: milliseconds(iat),
    expire_at: milliseconds(exp),
    abandon_at: milliseconds(exp),
    updated_at: milliseconds(iat),
    created_at: milliseconds(loginTs ?? iat),
  };
}
