import type { DenyReason } from "../errors/refusal.js";
import type { CallerKind } from "../identity.js";

/** Who made the request. */
export interface EventCaller {
  /** `user`, `api_key` or `machine`; `anonymous` for a call of something public without a credential. */
  readonly caller: CallerKind | "anonymous";
  /** Absent for a machine and for an organization's API key. */
  readonly userId?: string;
  /**
   * The ID of the OAuth client, which can be a URL; for an API key the key's ID, for a machine the machine's. Absent for an
   * anonymous caller.
   */
  readonly clientId?: string;
  /** The active organization, or the organization that owns the API key. */
  readonly organizationId?: string;
}

/** A token was accepted for the first time. The process remembers the last 10,000 tokens. */
export interface GrantEvent extends EventCaller {
  readonly type: "grant";
  readonly time: Date;
  /** The token's scopes. */
  readonly scopes: readonly string[];
}

/** A request was refused. The members about the caller are present if its credential was valid. */
export interface DenyEvent extends Partial<EventCaller> {
  readonly type: "deny";
  readonly time: Date;
  /** The precise reason. The response to the caller is generic. */
  readonly reason: DenyReason;
  /** HTTP status of the response. */
  readonly status: number;
  /** How to fix it, as text. Present for `audience_missing`. */
  readonly fix?: string;
  /** The tool that the request calls, if it calls exactly one. Absent for an unknown caller, whose body is not read. */
  readonly tool?: string;
}

/** A tool call was answered. */
export interface ToolEvent extends EventCaller {
  readonly type: "tool";
  readonly time: Date;
  /** Name of the tool. */
  readonly name: string;
  /** Duration of the tool, in milliseconds; for a call that did not reach the tool, of the request. */
  readonly durationMs: number;
  /**
   * `ok`: the tool answered. `denied`: it threw `AccessDenied`. `error`: an error result, a call that did not reach the tool,
   * or an HTTP status of 400 or more. `aborted`: the caller closed the connection first. With `withClerk`, a server that xmcp
   * did not build reports only the status.
   */
  readonly outcome: "ok" | "denied" | "error" | "aborted";
  /** The arguments that `recordArguments` returns; absent unless that option is set. */
  readonly arguments?: unknown;
}

/** Clerk became unreachable or reachable again, or its signing keys changed. */
export interface ClerkHealthEvent {
  readonly type: "clerk";
  readonly time: Date;
  /** `keys_changed`: the instance has new signing keys. `misconfigured`: Clerk does not accept the secret key. */
  readonly change: "outage" | "recovery" | "keys_changed" | "misconfigured";
  /** The kind of call to Clerk. */
  readonly during: ClerkCall;
}

export type ClerkCall =
  | "signing keys"
  | "metadata"
  | "token verification"
  | "userinfo"
  | "organization lookup"
  | "metadata lookup"
  | "machine lookup"
  | "connected account lookup"
  | "tool";

/** The events that `onEvent` receives. They never contain a token, an email address or a header. */
export type ClerkEvent = GrantEvent | DenyEvent | ToolEvent | ClerkHealthEvent;

export type EventSink = (event: ClerkEvent) => void;
