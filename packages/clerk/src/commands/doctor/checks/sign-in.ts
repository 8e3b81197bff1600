/** Performs a client's sign-in at Clerk (RFC 6749 section 4.1, RFC 7636): client, browser, token. */
import { createHash, randomBytes } from "node:crypto";
import { REGISTRATION_ON } from "../../../options/dashboard.js";
import { isSafeURL } from "../../../runtime/loopback.js";
import { variable } from "../../../runtime/platform.js";
import type { Answer } from "../ask.js";
import { openBrowser, type RedirectListener, redirectListener } from "../browser.js";
import {
  type Context,
  check,
  type Finding,
  fail,
  type Known,
  ok,
  type SignInClient,
  skipped,
} from "../check.js";
import { scopeWords } from "../wire.js";
import { metadataOf } from "./authorization-server.js";
import { isStandIn } from "./stand-in.js";
import { receivedToken } from "./tokens.js";
import { waysIn } from "./ways-in.js";

const CLIENT = {
  client_name: "xmcp doctor",
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "none",
};

const registration = check({
  id: "sign-in.registration",
  title: "Client",
  needs: ["metadata.resource", "clerk.issuer", "pkce", "registration", "scopes"],
  can: ["fail", "skipped"],
  async run(context) {
    const { signsIn, clientId, known } = context;
    if (!signsIn) return skipped("run with --sign-in");
    const listener = await redirectListener(CLIENT);
    if (clientId !== undefined) {
      known.client = { clientId, listener };
      return ok(`${clientId}; its redirect URIs must include http://127.0.0.1/callback`);
    }
    if (waysIn(known).takesRegistrations) return registered(context, listener);
    // Clerk itself cannot read a document on this machine; the local Clerk can.
    if (isStandIn(known.issuer ?? "")) {
      known.client = { clientId: listener.documentURL, listener };
      return ok("as “xmcp doctor”, by its metadata document");
    }
    listener.close();
    return skipped("Clerk accepts no registration: pass the ID of a client with --client-id");
  },
});

async function registered({ ask, known }: Context, listener: RedirectListener): Promise<Finding<"fail">> {
  const { issuer = "" } = known;
  const { registration_endpoint: endpoint } = metadataOf(known);
  if (!isSafeURL(endpoint)) return fail("Clerk's registration endpoint is not an https URL", REGISTRATION_ON);
  const answer = await ask(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...CLIENT, redirect_uris: [listener.redirectURI], ...scopeParameter(known) }),
  });
  const { client_id: clientId } = (answer.json ?? {}) as { client_id?: unknown };
  if (answer.status >= 300 || typeof clientId !== "string") {
    return fail(`Clerk refuses to register one (${codeOf(answer)})`, REGISTRATION_ON);
  }
  known.client = { clientId, listener };
  const hint = isStandIn(issuer) ? "" : "; you can delete it in Clerk Dashboard → OAuth applications";
  return ok(`as “xmcp doctor”${hint}`);
}

const browser = check({
  id: "sign-in.browser",
  title: "Sign-in",
  needs: ["sign-in.registration"],
  can: ["fail"],
  async run({ known, url, environment, tell, keepSecret, signInWaitMs }) {
    const { clientId, listener } = clientOf(known);
    const codeVerifier = randomBytes(32).toString("base64url");
    const state = randomBytes(16).toString("base64url");
    keepSecret(codeVerifier);
    const { redirectURI } = listener;
    const address = authorizationURL(known, { clientId, redirectURI, resource: url, state, codeVerifier });
    tell(`Sign in with your browser. If it does not open:\n${address}`);
    const arrived = listener.received(state, signInWaitMs);
    openBrowser(address, variable(environment, "BROWSER"));
    const answer = await arrived;
    listener.close();
    if (answer === undefined) {
      const fix =
        "Run it again, and press Allow. If Clerk's page shows invalid_scope, advertise profile and email only: scopes in src/middleware.ts. If it shows invalid_client, it does not accept this client.";
      return fail(`no redirect arrived within ${Math.round(signInWaitMs / 1000)} s`, fix);
    }
    const refused = refusedAuthorization(answer, known);
    if (refused !== undefined) return refused;
    const code = answer.get("code");
    if (code === null) return fail("Clerk sent neither a code nor an error", NOT_ALLOWED);
    keepSecret(code);
    known.authorization = { code, codeVerifier, redirectURI };
    return ok("and returned a code");
  },
});

function clientOf({ client }: Known): SignInClient {
  if (client === undefined) throw new Error("there is no client");
  return client;
}

const NOT_ALLOWED = "Run it again, sign in as a user who is not banned, and press Allow.";

interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectURI: string;
  readonly resource: string;
  readonly state: string;
  readonly codeVerifier: string;
}

function authorizationURL(known: Known, request: AuthorizationRequest): string {
  const address = new URL(metadataOf(known).authorization_endpoint);
  const parameters = {
    response_type: "code",
    client_id: request.clientId,
    redirect_uri: request.redirectURI,
    ...scopeParameter(known),
    state: request.state,
    code_challenge: createHash("sha256").update(request.codeVerifier).digest("base64url"),
    code_challenge_method: "S256",
    resource: request.resource,
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address.href;
}

/** Clients request the scopes of the challenge, or else those of the metadata. */
function scopeParameter({ challenge, resourceMetadata }: Known): { scope?: string } {
  const listed = resourceMetadata?.scopes_supported;
  const named = scopeWords(challenge?.parameters.get("scope"));
  const scope = named.length > 0 ? named : Array.isArray(listed) ? listed : [];
  return scope.length > 0 ? { scope: scope.join(" ") } : {};
}

/** RFC 6749 section 4.1.2.1 and RFC 9207: a response with another issuer comes from another server. */
function refusedAuthorization(answer: URLSearchParams, known: Known): Finding<"fail"> | undefined {
  const error = answer.get("error");
  const issuer = answer.get("iss");
  if (issuer !== null && issuer !== known.issuer) {
    const fix = "Do not sign in with clients here until you know who answered in Clerk's name.";
    return fail(`the response comes from ${issuer}, not from ${known.issuer}`, fix);
  }
  if (error === null) return undefined;
  if (error === "invalid_scope") {
    const fix = "Advertise profile and email only: scopes in src/middleware.ts.";
    return fail("Clerk refuses the requested scopes (invalid_scope)", fix);
  }
  return fail(`Clerk returns ${word(error)}`, NOT_ALLOWED);
}

const token = check({
  id: "sign-in.token",
  title: "Token",
  needs: ["sign-in.browser"],
  can: ["fail"],
  async run({ ask, url, known, keepSecret }) {
    const { code = "", codeVerifier = "", redirectURI = "" } = known.authorization ?? {};
    const answer = await ask(metadataOf(known).token_endpoint, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectURI,
        client_id: clientOf(known).clientId,
        code_verifier: codeVerifier,
        resource: url,
      }).toString(),
    });
    const { access_token: value, refresh_token: refreshToken } = (answer.json ?? {}) as Record<
      string,
      unknown
    >;
    if (answer.status !== 200 || typeof value !== "string") {
      const logs = isStandIn(known.issuer ?? "")
        ? `the requests at ${known.issuer}/`
        : "Clerk Dashboard → Logs";
      const fix = `Run it again. If it fails again, see ${logs} for the reason.`;
      return fail(`Clerk refuses the exchange (${codeOf(answer)})`, fix);
    }
    keepSecret(value);
    if (typeof refreshToken === "string") keepSecret(refreshToken);
    known.token = receivedToken(value, answer.receivedAt);
    return ok(typeof refreshToken === "string" ? "and a refresh token" : "without a refresh token");
  },
});

export const signInChecks = [registration, browser, token];

/** The status, and the error code (RFC 6749 section 5.2) if the answer has one. */
function codeOf({ status, json }: Answer): string {
  const { error } = (json ?? {}) as { error?: unknown };
  return typeof error === "string" ? `${status} ${word(error)}` : String(status);
}

/** The text comes from a server and may contain anything. */
function word(text: string): string {
  return /^\w{1,40}$/.test(text) ? text : "an error";
}
