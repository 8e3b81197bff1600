import { LRUCache } from "lru-cache";
import type { EventSink } from "./events.js";
import type { Session } from "./session/session.js";

const REMEMBERED_TOKENS = 10_000;

/** Reports the first sight of each token. A token that was pushed out of memory is reported once more. */
export function grantRecorder(onEvent: EventSink): (session: Session) => void {
  const seen = new LRUCache<string, true>({ max: REMEMBERED_TOKENS });
  return ({ tokenId, userId, clientId, scopes, organizationId, issuedAt }) => {
    const key = tokenId ?? `${userId} ${clientId} ${issuedAt.getTime()}`;
    if (seen.get(key)) return;
    seen.set(key, true);
    onEvent({
      type: "grant",
      time: new Date(),
      userId,
      clientId,
      scopes,
      ...(organizationId !== undefined && { organizationId }),
    });
  };
}
