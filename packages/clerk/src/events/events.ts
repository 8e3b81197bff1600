import type { DenyReason } from "../errors/refusal.js";
import type { CallerKind } from "../identity.js";

/** Who did something, as far as it is known. */
export interface EventCaller {
  /** `user`, `api_key` or `machine`. */
  readonly caller: CallerKind;
  /** Absent for a machine and for an organization's API key. */
  readonly userId?: string;
  /** The OAuth client; for an API key its id, for a machine the machine's. */
  readonly clientId: string;
  /** The active organization, or the one whose API key it is. */
  readonly organizationId?: string;
}

/** A token was accepted for the first time by this process, as far as it remembers: the last 10,000. */
export interface GrantEvent extends EventCaller {
  readonly type: "grant";
  readonly time: Date;
  /** Those of the token. */
  readonly scopes: readonly string[];
}

/** A request was refused; who sent it is there if its credential was good. */
export interface DenyEvent extends Partial<EventCaller> {
  readonly type: "deny";
  readonly time: Date;
  /** Precise here, and generic on the wire. */
  readonly reason: DenyReason;
  /** HTTP status of the answer. */
  readonly status: number;
  /** The tool that was to be called, if the body names exactly one. */
  readonly tool?: string;
}

/** A tool call was answered. */
export interface ToolEvent extends EventCaller {
  readonly type: "tool";
  readonly time: Date;
  /** The tool's. */
  readonly name: string;
  /** Of a call in a batch, that of the whole batch. */
  readonly durationMs: number;
  /**
   * `ok`: answered; `denied`: the tool threw `AccessDenied`; `error`: the answer says that it failed, or is an HTTP
   * status of 400 or more; `aborted`: the caller hung up first.
   */
  readonly outcome: "ok" | "denied" | "error" | "aborted";
  /** What `recordArguments` lets through; absent unless asked for. */
  readonly arguments?: unknown;
}

/** Clerk's health as seen from here changed, or its signing keys did. */
export interface ClerkHealthEvent {
  readonly type: "clerk";
  readonly time: Date;
  /** `keys_changed`: the instance has other signing keys; `misconfigured`: Clerk does not accept the secret key. */
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
  | "metadata lookup"
  | "tool";

/** What `onEvent` receives. Never a token, an email address or a header. */
export type ClerkEvent = GrantEvent | DenyEvent | ToolEvent | ClerkHealthEvent;

export type EventSink = (event: ClerkEvent) => void;
