import { isServerless, processEnvironment } from "../runtime/platform.js";
import { type EventLog, eventsOf, type LateEvents } from "./event-log.js";
import type { ClerkEvent } from "./events.js";

const WRITE_AFTER_MS = 100;
const MAX_WAITING = 500;

/**
 * The default sink: one JSON line per event on stderr. Writing blocks the process, so the events of 100 ms, or 500 of
 * them, are written together; the rest is written when the process ends. A serverless platform may freeze a process
 * without ending it: there, each line is written at once.
 */
export function jsonLines(): EventLog {
  if (isServerless(processEnvironment())) return (reported) => console.error(linesOf(reported));
  const waiting: (ClerkEvent | LateEvents | string)[] = [];
  const write = (): void => {
    if (waiting.length > 0) console.error(waiting.splice(0).map(linesOf).join("\n"));
  };
  atExit(write);
  return (reported) => {
    const count = waiting.push(hasArguments(reported) ? linesOf(reported) : reported);
    if (count === 1) setTimeout(write, WRITE_AFTER_MS);
    if (count === MAX_WAITING) write();
  };
}

const atEnd: (() => void)[] = [];

/** One listener for all logs of the process: Node warns of a leak at the eleventh. */
function atExit(write: () => void): void {
  if (atEnd.push(write) > 1) return;
  process.on("exit", () => {
    for (const each of atEnd) each();
  });
}

/** Arguments are serialized at once: they may change later, and a serialization error belongs to the caller. */
function hasArguments(reported: ClerkEvent | LateEvents): boolean {
  return "arguments" in reported;
}

function linesOf(reported: ClerkEvent | LateEvents | string): string {
  if (typeof reported === "string") return reported;
  return eventsOf(reported)
    .map((event) => JSON.stringify(event))
    .join("\n");
}
