import type { ClerkClient, User } from "@clerk/backend";
import { currentContext, type RequestContext } from "./context.js";
import type { Session } from "./session.js";

const FIX =
  "Call it inside a tool's function, while a request is being answered – not at the top of a file – and check that " +
  "src/middleware.ts has `export default clerkProvider()`.";

/**
 * The caller of the current request.
 *
 * @throws {Error} `[Clerk] Session not initialized…` outside a request.
 */
export function getSession(): Session {
  return context("Session", "getSession").session;
}

/**
 * The caller's Clerk user. Costs at most one Backend API call per request.
 *
 * @throws {Error} `[Clerk] Session not initialized…` outside a request.
 * @throws {AccessDenied} if the caller is a machine or an organization's API key.
 * @throws {ClerkFailure} with a message for a person, when Clerk does not answer or the user no longer exists.
 */
export function getUser(): Promise<User> {
  return context("Session", "getUser").user();
}

/**
 * A client for Clerk's Backend API, authenticated with the server's secret key. The SDK is loaded on the first call.
 * An outage is thrown as a {@link ClerkFailure}; other errors are the SDK's own.
 *
 * @throws {Error} `[Clerk] Clerk client not initialized…` outside a request.
 */
export function getClient(): ClerkClient {
  return context("Clerk client", "getClient").client;
}

function context(what: string, caller: string): RequestContext {
  const current = currentContext();
  if (current === undefined)
    throw new Error(`[Clerk] ${what} not initialized: ${caller}() was called outside a request. ${FIX}`);
  return current;
}
