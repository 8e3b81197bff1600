/** The suite's own authorization server: on loopback, on a free port, with new keys and injectable faults. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AuthorityStep, FaultName } from "../case.js";
import { ecKey, type KeyPair, publicJwk, rsaKey } from "../tokens/keys.js";
import type { TokenRecipe, TokenSource } from "../tokens/recipe.js";
import { writeToken } from "../tokens/write-token.js";
import { answerFault } from "./faults.js";
import { OpaqueTokens } from "./opaque-tokens.js";
import { CLERK_SECRET_KEY, type Profile } from "./profiles.js";

export interface AuthorizationServerOptions {
  readonly profile: Profile;
  /** The protected resource: the audience of valid tokens. */
  readonly resource: string;
  readonly scopes: readonly string[];
  readonly requiredScopes: readonly string[];
  /** Default: any free port. */
  readonly port?: number;
}

export interface AuthorizationServer extends TokenSource {
  readonly issuer: string;
  /** Environment variables that make a target trust this server. */
  readonly environment: Readonly<Record<string, string>>;
  apply(step: AuthorityStep["authority"]): void;
  /** The number of requests received for a path. */
  requests(path: string): number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export async function startAuthorizationServer(
  options: AuthorizationServerOptions,
): Promise<AuthorizationServer> {
  const { profile, resource, scopes, requiredScopes } = options;
  const counts = new Map<string, number>();
  const hanging = new Set<ServerResponse>();
  const strangers = { stranger: rsaKey(), "stranger-ec": ecKey() };
  let current = rsaKey();
  let previous = current;
  let published: readonly KeyPair[] = [current];
  let fault: FaultName = "none";

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const opaque = new OpaqueTokens(profile, { issuer, resource, scopes });
  const documents = metadata(issuer, scopes);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", issuer).pathname;
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const body = await textOf(request);
    if (fault !== "none") return answerFault(fault, response, hanging);
    const { status, body: content } = answer(path, request, body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
  }

  function answer(path: string, request: IncomingMessage, body: string): Answer {
    switch (path) {
      case "/.well-known/oauth-authorization-server":
      case "/.well-known/openid-configuration":
        return { status: 200, body: documents };
      case "/.well-known/jwks.json":
      case "/v1/jwks":
        return { status: 200, body: { keys: published.map(publicJwk) } };
      case "/introspect":
        return { status: 200, body: opaque.introspection(new URLSearchParams(body).get("token") ?? "") };
      case "/oauth_applications/access_tokens/verify":
        return request.headers.authorization === `Bearer ${CLERK_SECRET_KEY}`
          ? opaque.clerkVerification(body)
          : { status: 401, body: { errors: [{ code: "clerk_key_invalid", message: "Invalid key" }] } };
      default:
        // Serves the stranger's keys: a target that fetches them would accept a forged token.
        if (path.startsWith("/stranger/")) {
          return { status: 200, body: { keys: [publicJwk(strangers.stranger)] } };
        }
        return { status: 404, body: { errors: [{ code: "resource_not_found", message: "not found" }] } };
    }
  }

  return {
    issuer,
    environment: {
      MCP_AUTH_ISSUER: issuer,
      MCP_AUTH_JWKS_URI: documents.jwks_uri,
      MCP_AUTH_INTROSPECTION_ENDPOINT: documents.introspection_endpoint,
      MCP_AUTH_RESOURCE: resource,
      MCP_AUTH_SCOPES: scopes.join(" "),
      ...profile.environment(issuer, resource),
    },
    async token(recipe: TokenRecipe) {
      const now = Math.floor(Date.now() / 1000);
      const claims = profile.claims({ issuer, resource, scopes, now });
      if (recipe.opaque !== undefined) return opaque.issue(recipe.opaque);
      const keys = { issuer: current, previous, ...strangers };
      return writeToken(recipe, { issuer, resource, now, claims, requiredScopes, keys });
    },
    apply(step) {
      if ("fault" in step) {
        fault = step.fault;
        for (const response of hanging) response.destroy();
        return;
      }
      previous = current;
      current = rsaKey();
      published = step.rotate === "keep-old-key" ? [...published, current] : [current];
    },
    requests: (path) => counts.get(path) ?? 0,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** RFC 8414 §2, and the further members that OpenID Connect Discovery requires. */
function metadata(issuer: string, scopes: readonly string[]) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    registration_endpoint: `${issuer}/oauth/register`,
    introspection_endpoint: `${issuer}/introspect`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: ["openid", "offline_access", ...scopes],
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["none", "client_secret_basic"],
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
