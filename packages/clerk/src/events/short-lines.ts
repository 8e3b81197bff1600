import { printable } from "../runtime/printable.js";
import { type EventLog, immediate } from "./event-log.js";
import type { ClerkEvent, EventCaller } from "./events.js";

/**
 * The default sink in development: one short line on stderr for each tool call, refusal and change of Clerk. A line begins
 * with a word of the plugin's own, because a caller chooses the name of the tool.
 */
export function shortLines(): EventLog {
  return immediate((event) => {
    const line = lineOf(event);
    if (line !== undefined) console.error(printable(line));
  });
}

function lineOf(event: ClerkEvent): string | undefined {
  switch (event.type) {
    case "grant":
      return undefined;
    case "deny":
      return columns(`refused ${event.status} ${event.reason}`, event.tool, callerOf(event), event.fix);
    case "tool": {
      const given = "arguments" in event ? JSON.stringify(event.arguments) : undefined;
      return columns(`called ${event.name}`, callerOf(event), event.outcome, `${event.durationMs} ms`, given);
    }
    case "clerk":
      return columns(`Clerk: ${event.change}`, event.during);
  }
}

function columns(...values: readonly (string | undefined)[]): string {
  return values.filter((value) => value !== undefined).join("  ");
}

function callerOf({ userId, clientId, caller }: Partial<EventCaller>): string | undefined {
  return userId ?? clientId ?? caller;
}
