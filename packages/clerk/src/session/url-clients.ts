import { announcedBy } from "../mcp/url-elicitation.js";
import { recentlyUsed } from "../runtime/memory.js";
import type { Session } from "./session.js";

const MAX_CLIENTS = 10_000;

/**
 * Which clients said, when they connected, that they can open pages for their user. Before MCP 2026-07-28 no later request
 * says it. In memory: an instance that did not see a client connect answers it with a text.
 */
export interface UrlClients {
  /** Notes what an `initialize` request says. */
  note(body: object | undefined, session: Session): void;
  has(session: Session): boolean;
}

export function urlClients(): UrlClients {
  const clients = recentlyUsed<true>(MAX_CLIENTS);
  const nameOf = ({ subject, clientId }: Session) => `${subject} ${clientId}`;
  return {
    note(body, session) {
      const announced = announcedBy(body);
      if (announced === undefined) return;
      if (announced) clients().set(nameOf(session), true);
      else clients().delete(nameOf(session));
    },
    has: (session) => clients().has(nameOf(session)),
  };
}
