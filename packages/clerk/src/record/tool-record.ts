import { type LateEvents, silent } from "../events/event-log.js";
import type { ToolEvent } from "../events/events.js";
import { isToolName, type Operation } from "../mcp/operations.js";
import type { RedactArguments } from "../options/options.js";
import type { Settings } from "../options/settings.js";
import type { RequestContext } from "../session/context.js";
import { callerOf } from "../session/session.js";
import { mayTellOfFailure, ToolOutcomes } from "./tool-outcomes.js";

/** A request that was authenticated and authorized. */
export interface AuthenticatedRequest {
  readonly context: RequestContext;
  readonly operations: readonly Operation[];
}

/** Returns `undefined` if the request calls no tool, or events are off. */
export function toolRecord(
  { context, operations }: AuthenticatedRequest,
  recording: Recording,
): ToolRecord | undefined {
  if (recording.onEvent === silent) return undefined;
  const calls = operations.filter(isToolCall);
  return calls.length === 0 ? undefined : new ToolRecord(calls, context, recording);
}

type Recording = Pick<Settings, "onEvent" | "recordArguments">;

/** Collects the outcome of one request's tool calls and reports a `tool` event for each. */
export class ToolRecord implements AnswerWatcher, LateEvents {
  readonly #started = performance.now();
  readonly #calls: readonly Operation[];
  readonly #context: RequestContext;
  readonly #recording: Recording;
  /** Created for the first failed call. */
  #outcomes: ToolOutcomes | undefined;
  #ending: number | "aborted" = "aborted";
  #endedAt = 0;
  #durationMs = 0;

  constructor(calls: readonly Operation[], context: RequestContext, recording: Recording) {
    this.#calls = calls;
    this.#context = context;
    this.#recording = recording;
  }

  read(part: string): void {
    if (!mayTellOfFailure(part)) return;
    this.#outcomes ??= new ToolOutcomes(this.#context.denials);
    this.#outcomes.read(part);
  }

  /** Reports each call. @param ending the HTTP status, or `aborted`. */
  end(ending: number | "aborted"): void {
    this.#ending = ending;
    this.#endedAt = Date.now();
    this.#durationMs = performance.now() - this.#started;
    const { onEvent, recordArguments } = this.#recording;
    // Converted at once: the arguments may change before the events are written.
    if (recordArguments === undefined) onEvent(this);
    else for (const event of this.toEvents()) onEvent(event);
  }

  toEvents(): readonly ToolEvent[] {
    const failure = this.#ending === "aborted" ? "aborted" : this.#ending >= 400 ? "error" : undefined;
    return this.#calls.map(({ name, id, arguments: sent }) => ({
      type: "tool",
      time: new Date(this.#endedAt),
      name,
      ...callerOf(this.#context.session),
      durationMs: Math.round(this.#durationMs),
      outcome: failure ?? this.#outcomes?.of(id) ?? "ok",
      ...recordedArguments(this.#recording.recordArguments, name, sent),
    }));
  }
}

function isToolCall({ kind, name }: Operation): boolean {
  return kind === "tools" && isToolName(name);
}

const reported = new WeakSet<RedactArguments>();

/** If the function throws, the event has no arguments; the first such error is printed. */
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

/** Events are synchronous, and an unhandled rejection would end the process. */
function settled(value: unknown): unknown {
  if (!(value instanceof Promise)) return value;
  value.catch(() => {});
  throw new TypeError("recordArguments returned a promise; it has to return the value itself");
}

/** Observes a response. */
export interface AnswerWatcher {
  /** Receives a part of the body on its way out. */
  read(part: string): void;
  /** The response is complete with this HTTP status, or the caller closed the connection first. */
  end(ending: number | "aborted"): void;
}
