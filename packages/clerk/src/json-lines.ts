import { isServerless, processEnvironment } from "./configuration/environment.js";
import type { EventSink } from "./events.js";

/**
 * The default sink: one JSON line per event on stderr. Each write blocks the process, so the lines of one turn of the
 * event loop are written together, and what waits when the process ends is written then. A serverless platform may
 * stop a process without ending it: there, each line is written at once.
 */
export function jsonLines(): EventSink {
  if (isServerless(processEnvironment())) return (event) => console.error(JSON.stringify(event));
  const waiting: string[] = [];
  const write = (): void => {
    if (waiting.length > 0) console.error(waiting.splice(0).join("\n"));
  };
  process.on("exit", write);
  return (event) => {
    if (waiting.push(JSON.stringify(event)) === 1) setTimeout(write, 0);
  };
}
