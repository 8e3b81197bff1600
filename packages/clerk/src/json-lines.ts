import { isServerless, processEnvironment } from "./configuration/environment.js";
import type { EventSink } from "./events.js";

const WRITE_AFTER_MS = 25;
const MAX_WAITING = 500;

/**
 * The default sink: one JSON line per event on stderr. Each write blocks the process, so the lines of 25 ms, or 500 of
 * them, are one write; what waits when the process ends is written then. A serverless platform may stop a process
 * without ending it: there, each line is written at once.
 */
export function jsonLines(): EventSink {
  if (isServerless(processEnvironment())) return (event) => console.error(JSON.stringify(event));
  const waiting: string[] = [];
  const write = (): void => {
    if (waiting.length > 0) console.error(waiting.splice(0).join("\n"));
  };
  process.on("exit", write);
  return (event) => {
    const count = waiting.push(JSON.stringify(event));
    if (count === 1) setTimeout(write, WRITE_AFTER_MS);
    if (count === MAX_WAITING) write();
  };
}
