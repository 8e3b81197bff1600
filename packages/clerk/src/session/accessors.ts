import type { ClerkClient, User } from "@clerk/backend";
import { type ConnectedAccount, requiredAccount } from "./connected-accounts.js";
import { currentContext, type RequestContext } from "./context.js";
import type { Session } from "./session.js";

const FIX =
  "Call it inside a tool's function, while a request is being answered – not at the top of a file – and check that " +
  "src/middleware.ts has `export default clerkProvider()`. In a test, call it through withSession() of " +
  "@xmcp-dev/clerk/testing.";

const NOBODY =
  "[Clerk] Nobody is signed in: this is public, and the request has no credential. Call getOptionalSession(), which returns " +
  'undefined then, or remove the rule "public".';

/**
 * The caller of the current request.
 *
 * @throws {Error} `[Clerk] Session not initialized…` outside a request; `[Clerk] Nobody is signed in…` in a tool, prompt or
 * resource that is `"public"`, if the request has no credential.
 */
export function getSession(): Session {
  const { session } = context("Session", "getSession");
  if (session === undefined) throw new Error(NOBODY);
  return session;
}

/**
 * The caller of the current request; `undefined` if it has no credential, which can only be in what is `"public"`.
 *
 * @throws {Error} `[Clerk] Session not initialized…` outside a request.
 */
export function getOptionalSession(): Session | undefined {
  return context("Session", "getOptionalSession").session;
}

/**
 * The caller's Clerk user. Costs at most one Backend API call per request.
 *
 * @throws {Error} as {@link getSession}.
 * @throws {AccessDenied} if the caller is a machine or an organization's API key.
 * @throws {ClerkFailure} with a message for a person, when Clerk does not answer or the user no longer exists.
 */
export function getUser(): Promise<User> {
  const { user } = context("Session", "getUser");
  if (user === undefined) throw new Error(NOBODY);
  return handled(user());
}

/**
 * The user's account at another provider, which the user has connected at Clerk, with an access token. Clerk refreshes the
 * token if it can. Costs at most one Backend API call per request and provider.
 *
 * @param provider the provider's id at Clerk, e.g. `google`, `github` or `custom_acme`
 * @param options.scopes what the tool needs. Of several accounts, the first that has all of them is taken.
 * @throws {ConnectionRequired} if the user has no such account, or has not allowed the scopes. Let it through: the client
 * then offers to connect the account, or shows the link.
 * @throws {AccessDenied} if the caller is an API key or a machine.
 * @throws {ClerkFailure} with a message for a person, when Clerk does not answer or does not have the provider enabled.
 * @throws {Error} as {@link getSession}.
 */
export function getConnectedAccount(
  provider: string,
  { scopes = [] }: { readonly scopes?: readonly string[] | undefined } = {},
): Promise<ConnectedAccount> {
  const { connections } = context("Session", "getConnectedAccount");
  if (connections === undefined) throw new Error(NOBODY);
  return handled(requiredAccount(connections, provider, scopes));
}

/** A tool may start a look-up, and wait for it later or never. A failure until then must not end the server. */
function handled<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => {});
  return answer;
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
