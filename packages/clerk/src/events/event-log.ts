import type { ClerkEvent, EventSink } from "./events.js";

/** Something that events can still be made of when the request that it was about is over. */
export interface LateEvents {
  toEvents(): readonly ClerkEvent[];
}

/** What the plugin itself reports to. */
export type EventLog = (reported: ClerkEvent | LateEvents) => void;

/** For those who want no events: nothing is gathered for it either. */
export const silent: EventLog = () => {};

export function eventsOf(reported: ClerkEvent | LateEvents): readonly ClerkEvent[] {
  return "toEvents" in reported ? reported.toEvents() : [reported];
}

/** A log for a sink that is to have every event at once. */
export function immediate(sink: EventSink): EventLog {
  return (reported) => {
    for (const event of eventsOf(reported)) sink(event);
  };
}

/** A sink that cannot break a request: what it throws, or rejects with, is reported once and then dropped. */
export function guarded<Reported>(sink: (reported: Reported) => void): (reported: Reported) => void {
  let isReported = false;
  const report = (error: unknown): void => {
    if (isReported) return;
    isReported = true;
    console.error("[Clerk] onEvent threw; further errors of it are not reported.", error);
  };
  return (reported) => {
    try {
      const result: unknown = sink(reported);
      // An `async` function is a sink too, and its unhandled rejection would end the process.
      if (result instanceof Promise) result.catch(report);
    } catch (error) {
      report(error);
    }
  };
}
