import type { ClerkEvent, EventSink } from "./events.js";

/** Lets a sink create the events later, after the request has been answered. */
export interface LateEvents {
  toEvents(): readonly ClerkEvent[];
}

/** The log that the plugin's own code writes to. */
export type EventLog = (reported: ClerkEvent | LateEvents) => void;

/** Log for `onEvent: false`. Compared by identity, so callers can skip collecting. */
export const silent: EventLog = () => {};

export function eventsOf(reported: ClerkEvent | LateEvents): readonly ClerkEvent[] {
  return "toEvents" in reported ? reported.toEvents() : [reported];
}

/** A log that passes every event to the sink at once. */
export function immediate(sink: EventSink): EventLog {
  return (reported) => {
    for (const event of eventsOf(reported)) sink(event);
  };
}

/**
 * A sink that cannot break a request: the first error that it throws or rejects with is printed, further ones are
 * dropped.
 */
export function guarded<Reported>(sink: (reported: Reported) => void): (reported: Reported) => void {
  let isReported = false;
  const report = (error: unknown): void => {
    if (isReported) return;
    isReported = true;
    console.error("[Clerk] onEvent threw; its further errors are not reported.", error);
  };
  return (reported) => {
    try {
      const result: unknown = sink(reported);
      // The unhandled rejection of an `async` sink would end the process.
      if (result instanceof Promise) result.catch(report);
    } catch (error) {
      report(error);
    }
  };
}
