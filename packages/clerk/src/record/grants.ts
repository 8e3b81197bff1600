import { LRUCache } from "lru-cache";
import { type EventLog, silent } from "../events/event-log.js";
import { callerOf, type Session } from "../session/session.js";

import type { AccessToken } from "../verification/access-token.js";

const REMEMBERED_TOKENS = 10_000;

/** Reports the first sight of each token. A token that was pushed out of memory is reported once more. */
export function grantRecorder(onEvent: EventLog): (token: AccessToken, session: Session) => void {
  if (onEvent === silent) return () => {};
  const seen = new LRUCache<string, true>({ max: REMEMBERED_TOKENS });
  /** Quicker to ask, but only of a token that has not been verified anew. */
  const seenAsIs = new WeakSet<AccessToken>();
  return (token, session) => {
    if (seenAsIs.has(token)) return;
    seenAsIs.add(token);
    const { tokenId, subject, clientId, scopes, issuedAt } = session;
    const key = tokenId ?? `${subject} ${clientId} ${issuedAt.getTime()}`;
    if (seen.get(key)) return;
    seen.set(key, true);
    onEvent({ type: "grant", time: new Date(), ...callerOf(session), scopes });
  };
}
