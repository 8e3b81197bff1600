import type { DenyReason } from "./refusal.js";

/** A token was accepted for the first time by this process. */
export interface GrantEvent {
  readonly type: "grant";
  readonly time: Date;
  readonly userId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly organizationId?: string;
}

/** A request was refused. The reason is precise here and generic on the wire. */
export interface DenyEvent {
  readonly type: "deny";
  readonly time: Date;
  readonly reason: DenyReason;
  /** HTTP status of the answer. */
  readonly status: number;
  /** The tool that was to be called, if the body names exactly one. */
  readonly tool?: string;
}

/** A tool call was answered. */
export interface ToolEvent {
  readonly type: "tool";
  readonly time: Date;
  readonly name: string;
  readonly userId: string;
  readonly clientId: string;
  readonly organizationId?: string;
  readonly durationMs: number;
  /** `ok`: answered; `error`: an HTTP status of 400 or more; `aborted`: the caller hung up first. */
  readonly outcome: "ok" | "error" | "aborted";
}

/** Clerk's health as seen from here changed, or its signing keys did. */
export interface ClerkHealthEvent {
  readonly type: "clerk";
  readonly time: Date;
  readonly change: "outage" | "recovery" | "keys_changed" | "misconfigured";
  /** What was being asked of Clerk. */
  readonly during: ClerkCall;
}

export type ClerkCall =
  | "signing keys"
  | "metadata"
  | "token verification"
  | "userinfo"
  | "organization lookup"
  | "tool";

/** What `onEvent` receives. Never a token, an email address or a header. */
export type ClerkEvent = GrantEvent | DenyEvent | ToolEvent | ClerkHealthEvent;

export type EventSink = (event: ClerkEvent) => void;

/** The default sink: one JSON line per event on stderr. */
export const writeJsonLine: EventSink = (event) => {
  console.error(JSON.stringify(event));
};

/** A sink that cannot break a request: what it throws, or rejects with, is reported once and then dropped. */
export function guarded(sink: EventSink): EventSink {
  let reported = false;
  const report = (error: unknown): void => {
    if (reported) return;
    reported = true;
    console.error("[Clerk] onEvent threw; further errors of it are not reported.", error);
  };
  return (event) => {
    try {
      // An `async` function is a sink too, and its unhandled rejection would end the process.
      Promise.resolve(sink(event)).catch(report);
    } catch (error) {
      report(error);
    }
  };
}
