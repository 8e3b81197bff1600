import type { ClerkFailureKind } from "../errors/clerk-failure.js";
import type { EventLog } from "../events/event-log.js";
import type { ClerkCall } from "../events/events.js";

/** Reports outages and recoveries of Clerk, per kind of call, each change once. */
export interface ClerkHealth {
  succeeded(operation: ClerkCall): void;
  failed(operation: ClerkCall, kind: ClerkFailureKind): void;
}

export function clerkHealth(onEvent: EventLog): ClerkHealth {
  const failing = new Map<ClerkCall, ClerkFailureKind>();
  const report = (change: "outage" | "recovery" | "misconfigured", operation: ClerkCall) =>
    onEvent({ type: "clerk", time: new Date(), change, during: operation });
  return {
    succeeded(operation) {
      if (failing.delete(operation)) report("recovery", operation);
    },
    failed(operation, kind) {
      if (kind === "rejected" || failing.get(operation) === kind) return;
      failing.set(operation, kind);
      if (kind === "misconfigured") console.error(MISCONFIGURED);
      report(kind === "misconfigured" ? "misconfigured" : "outage", operation);
    },
  };
}

const MISCONFIGURED =
  "[Clerk] Clerk does not accept the secret key. Check CLERK_SECRET_KEY: Clerk Dashboard → Configure → API keys. Then restart.";
