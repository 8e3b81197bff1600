import { type LateEvents, silent } from "../events/event-log.js";
import type { ToolEvent } from "../events/events.js";
import type { HandlerOutcome, Mediation } from "../mcp/mediation.js";
import { isToolName, type Operation } from "../mcp/operations.js";
import type { RedactArguments } from "../options/options.js";
import type { Settings } from "../options/settings.js";
import { callerOf, type Session } from "../session/session.js";

type Recording = Pick<Settings, "onEvent" | "recordArguments">;

/** The server's tools by name. Calls of those that do not report them never reach a handler. */
type KnownTools = ReadonlyMap<string, { readonly reportsCalls?: boolean }>;

/** Records the tool calls of one request. */
export interface ToolRecord extends Pick<Mediation, "began" | "failed"> {
  /** The response is complete with this HTTP status, or the caller closed the connection first. */
  end(ending: number | "aborted"): void;
}

/**
 * Returns `undefined` if the request calls no tool, or events are off.
 *
 * @param known the server's tools. `undefined` for a server without a guard: calls then count as `ok` if the HTTP status is
 * below 400.
 */
export function toolRecord(
  operations: readonly Operation[],
  session: Session | undefined,
  recording: Recording,
  known: KnownTools | undefined,
): ToolRecord | undefined {
  if (recording.onEvent === silent) return undefined;
  const calls = operations.filter(({ isCall, name }) => isCall && isRecorded(name, known));
  return calls.length === 0 ? undefined : new CallsOfRequest(calls, session, recording, known);
}

/** Names go into events, and a caller may send any text. */
function isRecorded(name: string, known: KnownTools | undefined): boolean {
  return known?.has(name) === true || isToolName(name);
}

interface Run {
  readonly started: number;
  outcome: HandlerOutcome | undefined;
  durationMs: number;
}

class CallsOfRequest implements ToolRecord, LateEvents {
  readonly #started = performance.now();
  readonly #calls: readonly Operation[];
  readonly #session: Session | undefined;
  readonly #recording: Recording;
  readonly #known: KnownTools | undefined;
  readonly #runs = new Map<Operation, Run>();
  /** The calls that have not begun, by tool, in the order of the request. */
  readonly #waiting = new Map<string, Operation[]>();
  #ending: number | "aborted" | undefined;
  #endedAt = 0;
  #durationMs = 0;

  constructor(
    calls: readonly Operation[],
    session: Session | undefined,
    recording: Recording,
    known: KnownTools | undefined,
  ) {
    this.#calls = calls;
    this.#session = session;
    this.#recording = recording;
    this.#known = known;
    for (const call of calls) {
      const others = this.#waiting.get(call.name);
      if (others === undefined) this.#waiting.set(call.name, [call]);
      else others.push(call);
    }
  }

  began(name: string, id: unknown): (outcome: HandlerOutcome) => void {
    const waiting = this.#waiting.get(name) ?? [];
    const own = waiting.findIndex((one) => one.id === id);
    const [call] = waiting.splice(Math.max(0, own), 1);
    const run: Run = { started: performance.now(), outcome: undefined, durationMs: 0 };
    if (call !== undefined) this.#runs.set(call, run);
    return (outcome) => {
      run.outcome ??= outcome;
      run.durationMs = performance.now() - run.started;
    };
  }

  failed(name: string): void {
    for (const [call, run] of this.#runs)
      if (call.name === name && run.outcome === "ok") run.outcome = "error";
  }

  end(ending: number | "aborted"): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#endedAt = Date.now();
    this.#durationMs = performance.now() - this.#started;
    const { onEvent, recordArguments } = this.#recording;
    // Converted at once: the arguments may change before the events are written.
    if (recordArguments === undefined) onEvent(this);
    else for (const event of this.toEvents()) onEvent(event);
  }

  toEvents(): readonly ToolEvent[] {
    return this.#calls.map((call) => {
      const run = this.#runs.get(call);
      return {
        type: "tool",
        time: new Date(this.#endedAt),
        name: call.name,
        ...callerOf(this.#session),
        durationMs: Math.round(run?.outcome === undefined ? this.#durationMs : run.durationMs),
        outcome: this.#outcomeOf(call, run),
        ...recordedArguments(this.#recording.recordArguments, call.name, call.arguments),
      };
    });
  }

  /** A call that did not reach its handler was refused by the MCP SDK: no such tool, or invalid arguments. */
  #outcomeOf({ name }: Operation, run: Run | undefined): ToolEvent["outcome"] {
    if (this.#ending === "aborted") return "aborted";
    if (Number(this.#ending) >= 400) return "error";
    if (run?.outcome !== undefined) return run.outcome;
    const isReported = this.#known !== undefined && this.#known.get(name)?.reportsCalls !== false;
    return isReported ? "error" : "ok";
  }
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
        "[Clerk] recordArguments threw; arguments are omitted, and its further errors are not reported.",
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
  throw new TypeError("recordArguments returned a promise; it must return the value itself");
}
