import { authorizeAnonymous, isOpenToAnonymous, isShownToAnonymous } from "./access/anonymous.js";
import type { Declarations } from "./access/catalogue.js";
import { type Compiled, compile } from "./access/compile.js";
import { emptyListAnswer } from "./access/empty-list.js";
import { mediationOf } from "./access/mediation.js";
import { type OpenStream, streamLimit } from "./access/open-streams.js";
import { authorize, isShownTo } from "./access/policy.js";
import type { Facts } from "./access/requirements.js";
import { scopeHierarchy } from "./access/scope-hierarchy.js";
import { scopesCheck } from "./access/start-check.js";
import { wantedBy } from "./access/wanted.js";
import { clerkBackend } from "./clerk/backend.js";
import { clerkFrontend } from "./clerk/frontend.js";
import { clerkHealth } from "./clerk/health.js";
import { lazyClient } from "./clerk/lazy-client.js";
import type { ConfigProblem } from "./errors/config-error.js";
import { Refusal } from "./errors/refusal.js";
import { askedBy } from "./mcp/asked.js";
import type { IsShown } from "./mcp/lists.js";
import { messagesOf, type Operation } from "./mcp/operations.js";
import { type PageToOpen, type Question, questionFor } from "./mcp/url-elicitation.js";
import type { Settings, SettingsContext } from "./options/settings.js";
import { denialRecorder } from "./record/denials.js";
import { grantRecorder } from "./record/grants.js";
import { type ToolRecord, toolRecord } from "./record/tool-record.js";
import { admit } from "./request/admission.js";
import { anonymousLimit } from "./request/anonymous-requests.js";
import { isWithoutCredential, optionalBearerToken } from "./request/credential.js";
import { rateLimited } from "./request/failed-attempts.js";
import { Aborted } from "./request/json-body.js";
import type { AuthRequest, PlainResponse } from "./request/request.js";
import { authorizationServerMetadata } from "./response/authorization-server-metadata.js";
import { type Cors, preflightAnswer, withCors } from "./response/cors.js";
import { discoveryDocuments } from "./response/discovery/documents.js";
import type { ServerInfo } from "./response/discovery/server-card.js";
import { homePageDocument, type Template } from "./response/home-page/response.js";
import { refusalResponse } from "./response/refusal-response.js";
import { readsOnlyResults } from "./response/sign-in-result.js";
import { statusPages } from "./response/status-pages.js";
import { wellKnownDocuments } from "./response/well-known.js";
import { isServerless, processEnvironment } from "./runtime/platform.js";
import { authInfoOf } from "./session/auth-info.js";
import { sessionOf } from "./session/caller-session.js";
import { answersFor, type Connections, connectionsOnce } from "./session/connected-accounts.js";
import type { RequestContext } from "./session/context.js";
import { memberships } from "./session/memberships.js";
import { publicMetadata } from "./session/public-metadata.js";
import type { Session } from "./session/session.js";
import { urlClients } from "./session/url-clients.js";
import { userOnce } from "./session/user.js";
import type { AccessToken } from "./verification/access-token.js";
import { credentialVerifier } from "./verification/verifier.js";

/** The outcome of a request. */
export type Decision =
  | { readonly outcome: "answered"; readonly response: PlainResponse }
  | { readonly outcome: "public" }
  | {
      readonly outcome: "authenticated";
      readonly context: RequestContext;
      /** The message or batch that was judged. Nothing else may be passed on. */
      readonly body: object | undefined;
      /** Whether the response depends on the caller, so that no cache may give it to another. */
      readonly isPrivate: boolean;
      /** Must learn how the response ended. `undefined`: there is nothing to record. */
      readonly record: ToolRecord | undefined;
      /** The answer may stay open until this is over. `undefined`: it ends by itself. */
      readonly stream: OpenStream | undefined;
    };

/** Decides about every request. A request needs a valid token unless its path is explicitly public. */
export interface Authenticator {
  decide(request: AuthRequest): Promise<Decision>;
  /**
   * Loads the server's tools, and applies the rules to them. Does not call Clerk.
   *
   * @throws {Error} if a file cannot be loaded.
   */
  compiled(): Promise<Pick<Compiled, "known" | "problems" | "clashes" | "fault">>;
  /** Whether the server's tools have become known since, so that the rules must be applied again. */
  isOutdated(): boolean;
  /** Finds scopes in the rules that Clerk does not advertise. Calls Clerk. */
  checkScopes(): Promise<readonly ConfigProblem[]>;
}

/** The Fetch API cannot represent these, so xmcp would answer 500. */
const UNSUPPORTED_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);

/** @throws {Refusal} */
function requireSupported(method: string): void {
  if (UNSUPPORTED_METHODS.has(method)) throw new Refusal("method_not_supported");
}

/** The known facts about a request, for its refusal. */
interface Judging {
  session?: Session | undefined;
  body?: object | undefined;
  /** A body can be read only once, even if that failed. */
  isBodyRead?: boolean;
  operations?: readonly Operation[];
  /** Whether it has no credential, and the server answers some such requests. */
  isAnonymous?: boolean;
}

/** The body of a request that is refused before its body was read, if the form of the answer depends on it. */
async function bodyForForm(request: AuthRequest, refusal: Refusal): Promise<object | undefined> {
  const asksForToken = ["unauthorized", "token_expired", "invalid_token"].includes(refusal.code);
  if (!asksForToken || request.method !== "POST" || !readsOnlyResults(request.userAgent)) return undefined;
  return request.body().catch(() => undefined);
}

/** Facts that only the framework around the server can provide. */
export interface Host extends SettingsContext {
  /** The server's tools, prompts and resources. `undefined` if the server is not xmcp's, `"unguarded"` if it hides them. */
  readonly declare?: (() => Promise<Declarations | "unguarded" | undefined>) | undefined;
  /** Whether `declare` would find tools, prompts and resources now. */
  readonly isDeclared?: (() => boolean) | undefined;
  /** Whether `/` and `/health` are the server's own, not of an application around it. */
  readonly ownsRoot?: boolean | undefined;
  /** How the server's home page presents the server. */
  readonly template?: Template | undefined;
  /** The server's own name and version; `undefined` while they are not known. */
  readonly serverInfo?: (() => ServerInfo | undefined) | undefined;
  /** The CORS headers of the server's answers. */
  readonly cors?: Cors | undefined;
}

/**
 * The pipeline: documents, admission, credential, verification, session, body, policy. Each step throws a {@link Refusal} to
 * refuse; only this function turns it into a response.
 */
export function createAuthenticator(settings: Settings, host: Host = {}): Authenticator {
  const { declare, isDeclared = () => false, ownsRoot = false, template, cors } = host;
  const health = clerkHealth(settings.onEvent);
  const backend = clerkBackend(settings, health);
  const frontend = clerkFrontend(settings, health);
  const metadataOfClerk = authorizationServerMetadata(settings, frontend);
  const isLongRunning = ownsRoot && !isServerless(processEnvironment());
  const document = wellKnownDocuments(settings, metadataOfClerk);
  const discovery = discoveryDocuments(settings, host.serverInfo ?? (() => undefined));
  const homePage = homePageDocument(settings, template, ownsRoot);
  const statusPage = ownsRoot ? statusPages : () => undefined;
  const verify = rateLimited(credentialVerifier(settings, backend, frontend), settings.failedAttempts);
  const limitAnonymous = anonymousLimit(settings.anonymousRequests);
  const membershipOf = memberships(backend);
  const publicMetadataOf = publicMetadata(backend);
  const granted = scopeHierarchy(settings.access.scopeHierarchy ?? {});
  const recordGrant = grantRecorder(settings.onEvent);
  const recordDenial = denialRecorder(settings.onEvent);
  const streamFor = streamLimit(settings);
  const client = lazyClient(backend);
  const openers = urlClients();
  const { lists = "allowed" } = settings.access;
  const connectionsInLists = lists === "allowed" && settings.access.connectionsInLists === true;
  let compiling: Promise<Compiled> | undefined;
  // Not at once: xmcp loads its tools, whose rules are needed here, after the calling module.
  const compiled = (): Promise<Compiled> => {
    compiling ??= Promise.resolve(declare?.()).then((declared) => compile(settings, declared));
    return compiling;
  };

  // Kept apart from its promise: waiting for it costs a turn of the event loop on every request.
  let ready: Compiled | undefined;

  function questions({ body, session }: Judging, isHandler: boolean): (page: PageToOpen) => Question {
    const hasAnnounced = () => session !== undefined && openers.has(session);
    return (page) => questionFor(page, { body, hasAnnounced, isHandler });
  }

  function answered(response: PlainResponse, request: AuthRequest): Decision {
    return { outcome: "answered", response: withCors(response, request, cors) };
  }

  async function refuse(error: unknown, request: AuthRequest, judged: Judging): Promise<Decision> {
    const refusal = Refusal.from(error);
    if (refusal.reason === "unexpected")
      console.error("[Clerk] Unexpected error while authenticating.", error);
    const { userAgent } = request;
    const body = judged.isBodyRead ? judged.body : await bodyForForm(request, refusal);
    const refused = { asked: askedBy(body), userAgent, question: questions(judged, false) };
    const response = refusalResponse(refusal, settings, refused);
    // A crawler without a credential would fill the log.
    if (!judged.isAnonymous) {
      const { operations = [], session } = judged;
      recordDenial({ refusal, status: response.status, operations, session });
    }
    return answered(response, request);
  }

  /** Lets a request without a credential be judged, if anything is open to it. */
  async function admitAnonymous(request: AuthRequest, judged: Judging): Promise<undefined> {
    ready ??= await compiled();
    // Elsewhere an app has routes of its own, which a body that calls a public tool must not open.
    judged.isAnonymous =
      request.path === (settings.endpoint || "/") && isOpenToAnonymous(ready.policy, settings.discovery);
    if (!judged.isAnonymous) throw new Refusal("credential_missing");
    limitAnonymous(request);
    if (request.method === "POST" && isWithoutCredential(request)) return;
    // A client that has connected asks for a stream. A challenge would make it sign in at once.
    const hasConnected = request.method === "GET" && settings.discovery === "everyone";
    throw new Refusal(hasConnected ? "stream_anonymous" : "credential_missing");
  }

  return {
    // One function, which awaits only real promises: each turn of the event loop costs time on every request.
    async decide(request) {
      const judged: Judging = {};
      try {
        const published = discovery(request);
        if (published !== undefined) return answered(published, request);
        const preflight = preflightAnswer(request, cors);
        if (preflight !== undefined) return { outcome: "answered", response: preflight };
        const response = document(request) ?? homePage(request) ?? statusPage(request);
        if (response !== undefined) return answered(await response, request);
        admit(request, settings);
        if (settings.publicPaths.has(request.path)) {
          requireSupported(request.method);
          return { outcome: "public" };
        }
        const credential = optionalBearerToken(request);
        const verifying: AccessToken | Promise<AccessToken | undefined> =
          credential === undefined ? admitAnonymous(request, judged) : verify(credential, request);
        const token = verifying instanceof Promise ? await verifying : verifying;
        const member = token?.organizationId === undefined ? null : await membershipOf(token);
        const scopes = granted(token?.scopes ?? []);
        const session = token && sessionOf({ token, membership: member, scopes });
        judged.session = session;
        requireSupported(request.method);
        judged.isBodyRead = true;
        const body = await request.body();
        judged.body = body;
        ready ??= await compiled();
        const { policy, known } = ready;
        const { operations, listed, needsMetadata, providers } = wantedBy(
          body,
          policy,
          known,
          connectionsInLists,
        );
        judged.operations = operations;
        let isShown: IsShown | undefined;
        let stream: OpenStream | undefined;
        let connections: Connections | undefined;
        if (token === undefined || session === undefined) {
          limitAnonymous(request, Math.max(0, messagesOf(body).length - 1));
          authorizeAnonymous(body, { policy, known, discovery: settings.discovery });
          isShown = isShownToAnonymous(policy, settings.access.lists);
        } else {
          const metadata = needsMetadata ? await publicMetadataOf(session) : null;
          const facts: Facts = { session, scopes, membership: member, metadata, connections: "unasked" };
          authorize(operations, facts, policy, settings);
          openers.note(body, session);
          connections = connectionsOnce(backend, session, settings.accountPortalURL);
          // Last, since it costs calls to Clerk.
          const asked = providers.length > 0 && session.caller === "user";
          const connected = asked
            ? { ...facts, connections: await answersFor(connections, providers) }
            : facts;
          if (asked) authorize(operations, connected, policy, settings);
          stream = streamFor(body, session);
          recordGrant(token, session);
          if (listed.length > 0)
            isShown = isShownTo(connectionsInLists ? connected : facts, policy, settings.access.lists);
        }
        const allowed = { body, operations, isShown };
        const empty = known && emptyListAnswer(allowed, known);
        if (empty !== undefined) return answered(empty, request);
        const record = toolRecord(operations, session, settings, known?.tools);
        return {
          outcome: "authenticated",
          context: {
            session,
            client,
            user: session && userOnce(backend, session),
            connections,
            question: questions(judged, true),
            mediation: mediationOf(allowed, ready, record),
            authInfo: session && authInfoOf(session, settings.resource),
          },
          body,
          isPrivate: isShown !== undefined,
          record,
          stream,
        };
      } catch (error) {
        if (error instanceof Aborted) throw error;
        return refuse(error, request, judged);
      }
    },
    compiled,
    isOutdated() {
      if (ready?.known !== undefined || !isDeclared()) return false;
      compiling = undefined;
      ready = undefined;
      return true;
    },
    checkScopes: () => scopesCheck(compiled(), metadataOfClerk, settings, isLongRunning),
  };
}
