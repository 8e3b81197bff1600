import type { ClerkClient, User } from "@clerk/backend";
import { AsyncLocalStorage } from "async_hooks";
import type { AuthInfo } from "./auth-info.js";
import type { Session } from "./session.js";

/** The state of one request, never shared with another. */
export interface RequestContext {
  readonly session: Session;
  readonly client: ClerkClient;
  /** At most one Backend API call per request, however often it is called. */
  readonly user: () => Promise<User>;
  /** Messages of the `AccessDenied` errors that tools created. */
  readonly denials: string[];
  /** The MCP SDK passes it to tools. */
  readonly authInfo: AuthInfo;
}

const KEY = Symbol.for("@xmcp-dev/clerk/request-context");
const shared = globalThis as typeof globalThis & { [KEY]?: AsyncLocalStorage<RequestContext> };

/** On `globalThis`: a bundler may load this module twice, and both copies must see the same request. */
function storage(): AsyncLocalStorage<RequestContext> {
  shared[KEY] ??= new AsyncLocalStorage<RequestContext>();
  return shared[KEY];
}

/** Runs `next`, and everything it starts, with this context. */
export function runWithContext<T>(context: RequestContext, next: () => T): T {
  return storage().run(context, next);
}

export function currentContext(): RequestContext | undefined {
  return storage().getStore();
}
