import { compile, type Declarations } from "./access/compile.js";
import { authorize, isShownTo, type Policy } from "./access/policy.js";
import type { Facts } from "./access/requirements.js";
import { scopeHierarchy } from "./access/scope-hierarchy.js";
import { startCheck } from "./access/start-check.js";
import { clerkBackend } from "./clerk/backend.js";
import { clerkFrontend } from "./clerk/frontend.js";
import { clerkHealth } from "./clerk/health.js";
import { lazyClient } from "./clerk/lazy-client.js";
import type { ConfigProblem } from "./errors/config-error.js";
import { Refusal } from "./errors/refusal.js";
import { CALLERS } from "./identity.js";
import { type IsShown, listedKinds } from "./mcp/lists.js";
import { methodsOf, type Operation, type OperationKind, onlyTool, operationsOf } from "./mcp/operations.js";
import type { Settings } from "./options/settings.js";
import { grantRecorder } from "./record/grants.js";
import { admit } from "./request/admission.js";
import { bearerToken } from "./request/credential.js";
import { clientAddress, failedAttempts } from "./request/failed-attempts.js";
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
import { callerOf, type Session, userIdOf } from "./session/session.js";
import { userOnce } from "./session/user.js";
import type { AccessToken } from "./verification/access-token.js";
import { credentialVerifier } from "./verification/verifier.js";

/** What is to happen with a request. */
export type Decision =
  | { readonly outcome: "answered"; readonly response: PlainResponse }
  | { readonly outcome: "public" }
  | {
      readonly outcome: "authenticated";
      readonly context: RequestContext;
      readonly operations: readonly Operation[];
      /** What of the lists in the answer the caller is shown; `undefined`: all of it, or it has none. */
      readonly isShown: IsShown | undefined;
    };

/** Decides about every request that reaches it; whatever is not explicitly public needs a valid token. */
export interface Authenticator {
  decide(request: AuthRequest): Promise<Decision>;
  /** Finds what is wrong with the access rules, once the server's tools are known. May ask Clerk; never rejects. */
  check(): Promise<readonly ConfigProblem[]>;
}

/** What only the framework around the server knows. */
export interface Host {
  /** The server's tools, prompts and resources; `undefined` where no build has declared them. */
  readonly declare?: (() => Promise<Declarations | undefined>) | undefined;
  /** Path of the MCP endpoint, for when the option does not name one. */
  readonly endpoint?: string | undefined;
  /** How the server's home page presents it. */
  readonly template?: Template | undefined;
}

/**
 * The pipeline: documents and admission, credential, verification, session, policy. Each step refuses by
 * throwing a {@link Refusal}; here is the one place that answers it.
 */
export function createAuthenticator(settings: Settings, { declare, template }: Host = {}): Authenticator {
  const health = clerkHealth(settings.onEvent);
  const backend = clerkBackend(settings, health);
  const frontend = clerkFrontend(settings, health);
  const metadataOfClerk = authorizationServerMetadata(settings, frontend);
  const document = wellKnownDocuments(settings, metadataOfClerk);
  const homePage = homePageDocument(settings, template);
  const verify = credentialVerifier(settings, backend, frontend);
  const membershipOf = memberships(backend);
  const publicMetadataOf = publicMetadata(backend);
  const granted = scopeHierarchy(settings.access.scopeHierarchy ?? {});
  const recordGrant = grantRecorder(settings.onEvent);
  const client = lazyClient(backend);
  const attempts = failedAttempts(settings.failedAttempts);
  // xmcp loads its tools, whose rules are needed here, while the module that calls this is still being loaded.
  const compiled = Promise.resolve().then(async () => compile(settings, await declare?.()));

  // Nothing to wait for, after the first request.
  let policy: Policy | undefined;

  async function counted(credential: string, request: AuthRequest): Promise<AccessToken> {
    const address = clientAddress(request, settings.failedAttempts?.trustedProxies);
    attempts.check(address);
    try {
      return await verify(credential);
    } catch (error) {
      const refusal = Refusal.from(error);
      attempts.record(address, refusal);
      throw refusal;
    }
  }
  const verified = settings.failedAttempts === undefined ? verify : counted;

  async function membership({
    caller,
    subject: userId,
    organizationId,
  }: AccessToken): Promise<Facts["membership"]> {
    return CALLERS[caller].signsIn && organizationId !== undefined
      ? membershipOf({ userId, organizationId })
      : null;
  }

  async function metadata(session: Session): Promise<Facts["metadata"]> {
    const userId = userIdOf(session);
    return userId === undefined ? null : publicMetadataOf({ userId });
  }

  /** What a request wants, as far as the rules ask. */
  function wanted({ body }: AuthRequest, { hasRules, asksForMetadata }: Policy): Wanted {
    const operations = operationsOf(body);
    if (!hasRules) return { operations, listed: [], needsMetadata: false };
    const listed = listedKinds(methodsOf(body));
    const needsMetadata =
      operations.some(({ kind }) => asksForMetadata[kind]) || listed.some((kind) => asksForMetadata[kind]);
    return { operations, listed, needsMetadata };
  }

  function refuse(error: unknown, request: AuthRequest, session: Session | undefined): Decision {
    const refusal = Refusal.from(error);
    if (refusal.reason === "unexpected")
      console.error("[Clerk] Unexpected error while authenticating.", error);
    const response = refusalResponse(refusal, settings);
    const tool = onlyTool(operationsOf(request.body));
    settings.onEvent({
      type: "deny",
      time: new Date(),
      reason: refusal.reason,
      status: response.status,
      ...(tool !== undefined && { tool }),
      ...(session !== undefined && callerOf(session)),
    });
    return { outcome: "answered", response };
  }

  return {
    // One function, which waits only for what is a promise: each turn of the event loop has a price on every request.
    async decide(request) {
      let session: Session | undefined;
      try {
        const response = preflightAnswer(request) ?? document(request) ?? homePage(request);
        if (response !== undefined) return { outcome: "answered", response: await response };
        admit(request, settings);
        if (settings.publicPaths.has(request.path)) return { outcome: "public" };
        const verifying = verified(bearerToken(request), request);
        const token = verifying instanceof Promise ? await verifying : verifying;
        const member = token.organizationId === undefined ? null : await membership(token);
        const scopes = granted(token.scopes);
        session = sessionOf({ token, membership: member, scopes });
        if (request.hasUnreadBody) throw new Refusal("body_not_json");
        policy ??= (await compiled).policy;
        const { operations, listed, needsMetadata } = wanted(request, policy);
        const known = needsMetadata ? await metadata(session) : null;
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

interface Wanted {
  readonly operations: readonly Operation[];
  /** The kinds of things that are to be listed. */
  readonly listed: readonly OperationKind[];
  /** Whether a rule for any of it needs the caller's public metadata. */
  readonly needsMetadata: boolean;
}
