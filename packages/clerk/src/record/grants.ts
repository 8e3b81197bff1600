import { type EventLog, silent } from "../events/event-log.js";
import { recentlyUsed } from "../runtime/memory.js";
import { callerOf, type Session } from "../session/session.js";
import type { AccessToken } from "../verification/access-token.js";

const REMEMBERED_TOKENS = 10_000;

/** Reports each token when it is first used. A token that was dropped from memory is reported again. */
export function grantRecorder(onEvent: EventLog): (token: AccessToken, session: Session) => void {
  if (onEvent === silent) return () => {};
  const seen = recentlyUsed<true>(REMEMBERED_TOKENS);
  /** Fast path: this very token object was reported before. */
  const seenAsIs = new WeakSet<AccessToken>();
  return (token, session) => {
    if (seenAsIs.has(token)) return;
    seenAsIs.add(token);
    const { tokenId, subject, clientId, scopes, issuedAt } = session;
    const key = tokenId ?? `${subject} ${clientId} ${issuedAt.getTime()}`;
    if (seen().get(key)) return;
    seen().set(key, true);
    onEvent({ type: "grant", time: new Date(), ...callerOf(session), scopes });
  };
}
