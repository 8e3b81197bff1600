import type { ClerkFailureKind } from "../errors/clerk-failure.js";
import type { EventLog } from "../events/event-log.js";
import type { ClerkCall } from "../events/events.js";

/** Reports when Clerk, as seen by one kind of call, goes away or comes back: each change once. */
export interface ClerkHealth {
  succeeded(during: ClerkCall): void;
  failed(during: ClerkCall, kind: ClerkFailureKind): void;
}

export function clerkHealth(onEvent: EventLog): ClerkHealth {
  const failing = new Map<ClerkCall, ClerkFailureKind>();
  const report = (change: "outage" | "recovery" | "misconfigured", during: ClerkCall) =>
    onEvent({ type: "clerk", time: new Date(), change, during });
  return {
    succeeded(during) {
      if (failing.delete(during)) report("recovery", during);
    },
    failed(during, kind) {
      if (kind === "rejected" || failing.get(during) === kind) return;
      failing.set(during, kind);
      if (kind === "misconfigured") console.error(MISCONFIGURED);
      report(kind === "misconfigured" ? "misconfigured" : "outage", during);
    },
  };
}

const MISCONFIGURED =
  "[Clerk] Clerk does not accept the secret key. Check CLERK_SECRET_KEY: Clerk Dashboard → Configure → API keys. Then restart.";
