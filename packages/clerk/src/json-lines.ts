import { isServerless, processEnvironment } from "./configuration/environment.js";
import type { ClerkEvent, EventSink } from "./events.js";

const WRITE_AFTER_MS = 100;
const MAX_WAITING = 500;

/**
 * The default sink: one JSON line per event on stderr. Each write blocks the process, so the events of 100 ms, or 500 of
 * them, are one write; what waits when the process ends is written then. A serverless platform may stop a process
 * without ending it: there, each line is written at once.
 */
export function jsonLines(): EventSink {
  if (isServerless(processEnvironment())) return (event) => console.error(JSON.stringify(event));
  const waiting: (ClerkEvent | string)[] = [];
  const write = (): void => {
    if (waiting.length > 0) console.error(waiting.splice(0).map(lineOf).join("\n"));
  };
  process.on("exit", write);
  return (event) => {
    const count = waiting.push(hasArguments(event) ? JSON.stringify(event) : event);
    if (count === 1) setTimeout(write, WRITE_AFTER_MS);
    if (count === MAX_WAITING) write();
  };
}

/** What a tool was called with may be no JSON, which is for whoever reports it to hear, or be changed before it is written. */
function hasArguments(event: ClerkEvent): boolean {
  return "arguments" in event;
}

function lineOf(event: ClerkEvent | string): string {
  return typeof event === "string" ? event : JSON.stringify(event);
}
