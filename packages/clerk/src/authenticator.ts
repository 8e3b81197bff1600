import { admit } from "./admission.js";
import { type AuthInfo, authInfoOf } from "./auth-info.js";
import { clerkBackend } from "./clerk/backend.js";
import { clerkFrontend } from "./clerk/frontend.js";
import { clerkHealth } from "./clerk/health.js";
import { lazyClient } from "./clerk/lazy-client.js";
import { clientAddress } from "./client-address.js";
import type { Settings } from "./configuration/settings.js";
import { bearerToken } from "./credential.js";
import { wellKnownDocuments } from "./documents/well-known.js";
import { failedAttempts } from "./failed-attempts.js";
import { grantRecorder } from "./grants.js";
import { requireScopes } from "./policy.js";
import { preflightAnswer } from "./preflight.js";
import { Refusal } from "./refusal.js";
import { refusalResponse } from "./refusal-response.js";
import type { AuthRequest, PlainResponse } from "./request.js";
import type { RequestContext } from "./session/context.js";
import { memberships } from "./session/memberships.js";
import { type Session, sessionOf } from "./session/session.js";
import { userOnce } from "./session/user.js";
import { calledTools } from "./tool-calls.js";
import type { AccessToken } from "./verification/access-token.js";
import { accessTokenVerifier } from "./verification/verifier.js";

/** What is to happen with a request. */
export type Decision =
  | { readonly outcome: "answered"; readonly response: PlainResponse }
  | { readonly outcome: "public" }
  | { readonly outcome: "authenticated"; readonly context: RequestContext; readonly authInfo: AuthInfo };

/** Decides about every request that reaches it; whatever is not explicitly public needs a valid token. */
export type Authenticator = (request: AuthRequest) => Promise<Decision>;

/**
 * The pipeline: documents and admission, credential, verification, policy, session. Each step refuses by
 * throwing a {@link Refusal}; here is the one place that answers it.
 */
export function createAuthenticator(settings: Settings): Authenticator {
  const health = clerkHealth(settings.onEvent);
  const backend = clerkBackend(settings, health);
  const frontend = clerkFrontend(settings, health);
  const document = wellKnownDocuments(settings, frontend);
  const verify = accessTokenVerifier(settings, backend, frontend);
  const membershipOf = memberships(backend);
  const recordGrant = grantRecorder(settings.onEvent);
  const client = lazyClient(backend);
  const attempts = failedAttempts(settings.failedAttempts);

  async function verified(credential: string, request: AuthRequest): Promise<AccessToken> {
    const address = clientAddress(request, settings.failedAttempts?.trustedProxies);
    attempts.check(address);
    return verify(credential).catch((error: unknown) => {
      const refusal = Refusal.from(error);
      attempts.record(address, refusal);
      throw refusal;
    });
  }

  async function session(token: AccessToken): Promise<Session> {
    const { userId, organizationId } = token;
    if (organizationId === undefined) return sessionOf(token, undefined);
    return sessionOf(token, await membershipOf(userId, organizationId));
  }

  async function decide(request: AuthRequest): Promise<Decision> {
    const response = preflightAnswer(request) ?? (await document(request));
    if (response !== undefined) return { outcome: "answered", response };
    admit(request, settings);
    if (settings.publicPaths.has(request.path)) return { outcome: "public" };
    const token = await verified(bearerToken(request), request);
    requireScopes(token, settings);
    const caller = await session(token);
    recordGrant(caller);
    return {
      outcome: "authenticated",
      context: { session: caller, client, user: userOnce(backend, caller.userId) },
      authInfo: authInfoOf(caller, settings.resource),
    };
  }

  function refuse(error: unknown, request: AuthRequest): Decision {
    const refusal = Refusal.from(error);
    if (refusal.reason === "unexpected")
      console.error("[Clerk] Unexpected error while authenticating.", error);
    const response = refusalResponse(refusal, settings);
    const [tool, ...others] = calledTools(request.body);
    settings.onEvent({
      type: "deny",
      time: new Date(),
      reason: refusal.reason,
      status: response.status,
      ...(tool !== undefined && others.length === 0 && { tool }),
    });
    return { outcome: "answered", response };
  }

  return (request) => decide(request).catch((error: unknown) => refuse(error, request));
}
