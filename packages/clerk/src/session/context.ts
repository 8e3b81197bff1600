import type { ClerkClient, User } from "@clerk/backend";
import { AsyncLocalStorage } from "async_hooks";
import type { Mediation } from "../mcp/mediation.js";
import type { PageToOpen, Question } from "../mcp/url-elicitation.js";
import type { AuthInfo } from "./auth-info.js";
import type { Connections } from "./connected-accounts.js";
import type { Session } from "./session.js";

/** The state of one request, never shared with another. */
export interface RequestContext {
  /** `undefined`: the request has no credential, and uses only what is public. */
  readonly session: Session | undefined;
  readonly client: ClerkClient;
  /** At most one Backend API call per request, however often it is called. `undefined` without a session. */
  readonly user: (() => Promise<User>) | undefined;
  /** The accounts that the user has connected. `undefined` without a session. */
  readonly connections: Connections | undefined;
  /** How a handler can ask the client to open a page. */
  readonly question: (page: PageToOpen) => Question;
  /** Decides which handlers may run. */
  readonly mediation: Mediation;
  /** The MCP SDK passes it to tools. `undefined` without a session. */
  readonly authInfo: AuthInfo | undefined;
}

/** A request that a protection has decided about. */
interface Decided {
  /** `undefined` on a public path, which has no caller. */
  readonly context: RequestContext | undefined;
  /** The protection. */
  readonly by: object | undefined;
}

const KEY = Symbol.for("@xmcp-dev/clerk/request-context");
const shared = globalThis as typeof globalThis & { [KEY]?: AsyncLocalStorage<Decided> };

/** On `globalThis`: a bundler may load this module twice, and both copies must see the same request. */
function storage(): AsyncLocalStorage<Decided> {
  shared[KEY] ??= new AsyncLocalStorage<Decided>();
  return shared[KEY];
}

/** Runs `next`, and everything it starts, with this context. */
export function runWithContext<T>(context: RequestContext, next: () => T, by?: object): T {
  return storage().run({ context, by }, next);
}

/** Runs `next` for a request that needs no credential. No tool runs there. */
export function runAsPublic<T>(next: () => T, by?: object): T {
  return storage().run({ context: undefined, by }, next);
}

export function currentContext(): RequestContext | undefined {
  return storage().getStore()?.context;
}

/** Whether a protection has decided about the current request. */
export function isDecided(): boolean {
  return storage().getStore() !== undefined;
}

/** The protection that has decided about the current request. */
export function decidedBy(): object | undefined {
  return storage().getStore()?.by;
}
