import { compile, type Declarations } from "./access/compile.js";
import { authorize, isShownTo, type Policy } from "./access/policy.js";
import type { Facts } from "./access/requirements.js";
import { scopeHierarchy } from "./access/scope-hierarchy.js";
import { startCheck } from "./access/start-check.js";
import { wantedBy } from "./access/wanted.js";
import { clerkBackend } from "./clerk/backend.js";
import { clerkFrontend } from "./clerk/frontend.js";
import { clerkHealth } from "./clerk/health.js";
import { lazyClient } from "./clerk/lazy-client.js";
import type { ConfigProblem } from "./errors/config-error.js";
import { Refusal } from "./errors/refusal.js";
import type { IsShown } from "./mcp/lists.js";
import type { Operation } from "./mcp/operations.js";
import type { Settings } from "./options/settings.js";
import { denialRecorder } from "./record/denials.js";
import { grantRecorder } from "./record/grants.js";
import { admit } from "./request/admission.js";
import { bearerToken } from "./request/credential.js";
import { rateLimited } from "./request/failed-attempts.js";
import type { AuthRequest, PlainResponse } from "./request/request.js";
import { authorizationServerMetadata } from "./response/authorization-server-metadata.js";
import { homePageDocument, type Template } from "./response/home-page/response.js";
import { preflightAnswer } from "./response/preflight.js";
import { refusalResponse } from "./response/refusal-response.js";
import { wellKnownDocuments } from "./response/well-known.js";
import { authInfoOf } from "./session/auth-info.js";
import { sessionOf } from "./session/caller-session.js";
import type { RequestContext } from "./session/context.js";
import { memberships } from "./session/memberships.js";
import { publicMetadata } from "./session/public-metadata.js";
import type { Session } from "./session/session.js";
import { userOnce } from "./session/user.js";
import { credentialVerifier } from "./verification/verifier.js";

/** The outcome of a request. */
export type Decision =
  | { readonly outcome: "answered"; readonly response: PlainResponse }
  | { readonly outcome: "public" }
  | {
      readonly outcome: "authenticated";
      readonly context: RequestContext;
      readonly operations: readonly Operation[];
      /** Which entries of lists in the response the caller sees. `undefined`: all. */
      readonly isShown: IsShown | undefined;
    };

/** Decides about every request. A request needs a valid token unless its path is explicitly public. */
export interface Authenticator {
  decide(request: AuthRequest): Promise<Decision>;
  /** Finds problems in the access rules, once the server's tools are known. May call Clerk; never rejects. */
  check(): Promise<readonly ConfigProblem[]>;
}

/** Facts that only the framework around the server can provide. */
export interface Host {
  /** The server's tools, prompts and resources. `undefined` if no build has declared them. */
  readonly declare?: (() => Promise<Declarations | undefined>) | undefined;
  /** Path of the MCP endpoint. Used if the option is not set. */
  readonly endpoint?: string | undefined;
  /** How the server's home page presents the server. */
  readonly template?: Template | undefined;
}

/**
 * The pipeline: documents, admission, credential, verification, session, policy. Each step throws a {@link Refusal} to
 * refuse; only this function turns it into a response.
 */
export function createAuthenticator(settings: Settings, { declare, template }: Host = {}): Authenticator {
  const health = clerkHealth(settings.onEvent);
  const backend = clerkBackend(settings, health);
  const frontend = clerkFrontend(settings, health);
  const metadataOfClerk = authorizationServerMetadata(settings, frontend);
  const document = wellKnownDocuments(settings, metadataOfClerk);
  const homePage = homePageDocument(settings, template);
  const verify = rateLimited(credentialVerifier(settings, backend, frontend), settings.failedAttempts);
  const membershipOf = memberships(backend);
  const publicMetadataOf = publicMetadata(backend);
  const granted = scopeHierarchy(settings.access.scopeHierarchy ?? {});
  const recordGrant = grantRecorder(settings.onEvent);
  const recordDenial = denialRecorder(settings.onEvent);
  const client = lazyClient(backend);
  // Deferred: xmcp loads its tools, whose rules are needed here, while the calling module is still being loaded.
  const compiled = Promise.resolve().then(async () => compile(settings, await declare?.()));

  // Kept apart from its promise: waiting for it costs a turn of the event loop on every request.
  let policy: Policy | undefined;

  function refuse(error: unknown, request: AuthRequest, session: Session | undefined): Decision {
    const refusal = Refusal.from(error);
    if (refusal.reason === "unexpected")
      console.error("[Clerk] Unexpected error while authenticating.", error);
    const response = refusalResponse(refusal, settings);
    recordDenial({ refusal, status: response.status, request, session });
    return { outcome: "answered", response };
  }

  return {
    // One function, which awaits only real promises: each turn of the event loop costs time on every request.
    async decide(request) {
      let session: Session | undefined;
      try {
        if (request.isTooLarge) throw new Refusal("content_too_large");
        const response = preflightAnswer(request) ?? document(request) ?? homePage(request);
        if (response !== undefined) return { outcome: "answered", response: await response };
        admit(request, settings);
        if (settings.publicPaths.has(request.path)) return { outcome: "public" };
        const verifying = verify(bearerToken(request), request);
        const token = verifying instanceof Promise ? await verifying : verifying;
        const member = token.organizationId === undefined ? null : await membershipOf(token);
        const scopes = granted(token.scopes);
        session = sessionOf({ token, membership: member, scopes });
        if (request.hasUnreadBody) throw new Refusal("body_not_json");
        policy ??= (await compiled).policy;
        const { operations, listed, needsMetadata } = wantedBy(request.body, policy);
        const known = needsMetadata ? await publicMetadataOf(session) : null;
        const facts: Facts = { session, scopes, membership: member, metadata: known };
        authorize(operations, facts, policy, settings);
        recordGrant(token, session);
        return {
          outcome: "authenticated",
          context: {
            session,
            client,
            user: userOnce(backend, session),
            denials: [],
            authInfo: authInfoOf(session, settings.resource),
          },
          operations,
          isShown: listed.length === 0 ? undefined : isShownTo(facts, policy, settings.access.lists),
        };
      } catch (error) {
        return refuse(error, request, session);
      }
    },
    check: () => startCheck(compiled, metadataOfClerk, settings),
  };
}
