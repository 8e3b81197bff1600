import { isToolName, type Operation } from "./access/operations.js";
import { ToolOutcomes } from "./answers/tool-outcomes.js";
import type { RedactArguments } from "./configuration/options.js";
import type { Settings } from "./configuration/settings.js";
import { callerOf, silent } from "./events.js";
import type { RequestContext } from "./session/context.js";

/** A request that may go on to the tools. */
export interface AuthenticatedRequest {
  readonly context: RequestContext;
  readonly operations: readonly Operation[];
}

/** What becomes of the tool calls of one request. */
export interface ToolRecord {
  /** Takes a part of the answer. */
  read(part: string): void;
  /** Reports each call: the answer went out with this HTTP status, or the caller hung up first. */
  end(ending: number | "aborted"): void;
}

/** `undefined` if there is nothing to record. */
export function toolRecord(
  { context, operations }: AuthenticatedRequest,
  { onEvent, recordArguments }: Pick<Settings, "onEvent" | "recordArguments">,
): ToolRecord | undefined {
  if (onEvent === silent) return undefined;
  const calls = operations.filter(isToolCall);
  if (calls.length === 0) return undefined;
  const started = performance.now();
  const outcomes = new ToolOutcomes(context.denials);
  return {
    read: (part) => outcomes.read(part),
    end(ending) {
      const failure = ending === "aborted" ? ending : ending >= 400 ? "error" : undefined;
      for (const { name, id, arguments: sent } of calls) {
        onEvent({
          type: "tool",
          time: new Date(),
          name,
          ...callerOf(context.session),
          durationMs: Math.round(performance.now() - started),
          outcome: failure ?? outcomes.of(id),
          ...recordedArguments(recordArguments, name, sent),
        });
      }
    },
  };
}

function isToolCall({ kind, name }: Operation): boolean {
  return kind === "tools" && isToolName(name);
}

const reported = new WeakSet<RedactArguments>();

/** A function that throws costs the record of the arguments, not the event; it is reported once. */
function recordedArguments(
  redact: RedactArguments | undefined,
  tool: string,
  sent: unknown,
): { readonly arguments?: unknown } {
  if (redact === undefined) return {};
  try {
    return { arguments: settled(redact(tool, sent)) };
  } catch (error) {
    if (!reported.has(redact))
      console.error(
        "[Clerk] recordArguments threw; arguments are left out, and further errors of it are not reported.",
        error,
      );
    reported.add(redact);
    return {};
  }
}

/** An event does not wait, and the unhandled rejection of an `async` function would end the process. */
function settled(value: unknown): unknown {
  if (!(value instanceof Promise)) return value;
  value.catch(() => {});
  throw new TypeError("recordArguments returned a promise; it has to return the value itself");
}
