/** A small protected MCP server that follows the specifications. An argument selects one mistake for it to make. */
import { createPublicKey } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { createRemoteJWKSet, errors, importJWK, jwtVerify } from "jose";

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */
/** @typedef {{ status: number, code?: string, scope?: string }} Refusal */

const [, , mistake = "none"] = process.argv;
const {
  HOST = "127.0.0.1",
  PORT = "0",
  MCP_AUTH_ISSUER: issuer = "",
  MCP_AUTH_JWKS_URI: jwksUri = "",
  MCP_AUTH_RESOURCE = "http://127.0.0.1/mcp",
  MCP_AUTH_SCOPES = "",
  MCP_AUTH_REQUIRED_SCOPES = "",
} = process.env;

const resource = new URL(MCP_AUTH_RESOURCE);
const metadataPath = `/.well-known/oauth-protected-resource${resource.pathname}`;
const requiredScopes = MCP_AUTH_REQUIRED_SCOPES.split(" ").filter(Boolean);
const keys = createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: 1_000 });

/** These errors are the token's fault. Any other error is an outage. */
const TOKEN_ERRORS = [
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSMultipleMatchingKeys,
  errors.JWKSNoMatchingKey,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
];

createServer((request, response) => void serve(request, response)).listen(Number(PORT), HOST);

/** @param {Request} request @param {Response} response */
async function serve(request, response) {
  if (mistake === "crash" && request.headers.authorization !== undefined) process.exit(1);
  if (mistake === "error-500" && request.headers.authorization !== undefined)
    return answer(response, 500, {});
  const [target = ""] = (request.url ?? "").split("?");
  const path = target.startsWith(`${resource.origin}/`) ? target.slice(resource.origin.length) : target;
  response.setHeader("access-control-allow-origin", resource.origin);
  response.setHeader("access-control-expose-headers", "WWW-Authenticate");
  if (path === metadataPath) return metadata(request, response);
  if (!isServed(path)) return answer(response, 404, { error: "not_found" });
  if (![undefined, resource.origin].includes(request.headers.origin)) {
    return answer(response, 403, { error: "foreign_origin" });
  }
  const refusal = isGuarded(path) ? await check(request) : undefined;
  return refusal === undefined ? mcp(request, response) : refuse(request, response, refusal);
}

/** @param {string} path */
function isServed(path) {
  return path === resource.pathname || (mistake === "prefix-path" && path.toLowerCase().startsWith("/mcp"));
}

/** @param {string} path */
function isGuarded(path) {
  return mistake !== "open" && (mistake !== "prefix-path" || path === resource.pathname);
}

/** @param {Request} request @param {Response} response */
function metadata(request, response) {
  const host = request.headers["x-forwarded-host"];
  const own = mistake === "forwarded-host" && host ? `http://${host}${resource.pathname}` : MCP_AUTH_RESOURCE;
  answer(response, 200, {
    resource: own,
    authorization_servers: [issuer],
    scopes_supported: MCP_AUTH_SCOPES.split(" "),
    bearer_methods_supported: ["header"],
  });
}

/** @param {Request} request @returns {Promise<Refusal | undefined>} */
async function check(request) {
  const { authorization = [] } = request.headersDistinct;
  if (authorization.length > 1) return { status: 400, code: "invalid_request" };
  const token = /^Bearer +([\w\-.~+/]+=*)$/i.exec(authorization[0] ?? "")?.[1] ?? queryToken(request);
  if (token === undefined) return { status: 401 };
  try {
    const { payload } = await verified(token);
    const granted = typeof payload.scope === "string" ? payload.scope : "";
    const has = (/** @type {string} */ scope) =>
      mistake === "scope-substring" ? granted.includes(scope) : granted.split(" ").includes(scope);
    if (!requiredScopes.every(has)) {
      return { status: 403, code: "insufficient_scope", scope: requiredScopes.join(" ") };
    }
    return undefined;
  } catch (error) {
    const isTokens = mistake === "outage-as-401" || TOKEN_ERRORS.some((type) => error instanceof type);
    return isTokens ? { status: 401, code: "invalid_token" } : { status: 503 };
  }
}

/** @param {Request} request */
function queryToken(request) {
  if (mistake !== "query-token") return undefined;
  return new URL(request.url ?? "", resource).searchParams.get("access_token") ?? undefined;
}

/** @param {string} token */
function verified(token) {
  const options = {
    requiredClaims: ["exp", "iat", "sub", "client_id"],
    ...(mistake !== "no-issuer-check" && { issuer }),
    ...(mistake !== "no-audience-check" && { audience: MCP_AUTH_RESOURCE }),
    ...(mistake !== "no-typ-check" && { typ: "at+jwt" }),
    ...(mistake === "no-expiry-check" && { clockTolerance: 1e12 }),
  };
  if (mistake === "alg-from-token") return jwtVerify(token, keyForAnyAlgorithm, options);
  const fresh = mistake === "keys-each-time" ? createRemoteJWKSet(new URL(jwksUri)) : keys;
  return jwtVerify(token, fresh, { ...options, algorithms: ["RS256"] });
}

/** A classic vulnerability: the published key is used with any algorithm that the token names. */
async function keyForAnyAlgorithm(/** @type {import("jose").JWTHeaderParameters} */ { alg }) {
  const published = /** @type {{ keys: [import("jose").JWK] }} */ (await (await fetch(jwksUri)).json());
  const [key] = published.keys;
  if (!alg.startsWith("HS")) return importJWK(key, alg);
  const pem = createPublicKey({ key: { ...key }, format: "jwk" }).export({ format: "pem", type: "spki" });
  return new TextEncoder().encode(String(pem));
}

/** @param {Request} request @param {Response} response @param {Refusal} refusal */
function refuse(request, response, { status, code, scope }) {
  if (status === 503)
    return answer(response, 503, { error: "temporarily_unavailable" }, { "retry-after": "5" });
  const parameters = [
    ...(code === undefined ? [] : [`error="${code}"`]),
    ...(scope === undefined ? [] : [`scope="${scope}"`]),
    ...(mistake === "no-resource-metadata" ? [] : [`resource_metadata="${resource.origin}${metadataPath}"`]),
  ];
  const echo = mistake === "token-echoed" ? { credential: request.headers.authorization } : {};
  const challenge = ["Bearer", parameters.join(", ")].filter(Boolean).join(" ");
  answer(response, status, { error: code ?? "unauthorized", ...echo }, { "www-authenticate": challenge });
}

/** @param {Request} request @param {Response} response */
async function mcp(request, response) {
  if (request.method !== "POST") return answer(response, 405, { error: "method" }, { allow: "POST" });
  const message = parsed(await text(request));
  if (message?.method === undefined) return answer(response, 400, { error: "invalid_message" });
  if (message.id === undefined) return response.writeHead(202).end();
  const { id, method } = message;
  const result = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    serverInfo: { name: "it", version: "1" },
  };
  const error = { code: -32601, message: "Method not found" };
  answer(response, 200, { jsonrpc: "2.0", id, ...(method === "initialize" ? { result } : { error }) });
}

/** @param {string} body @returns {{ id?: unknown, method?: unknown } | undefined} */
function parsed(body) {
  try {
    return JSON.parse(body) ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param {Response} response @param {number} status @param {unknown} body @param {Record<string, string>} [headers] */
function answer(response, status, body, headers = {}) {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers })
    .end(JSON.stringify(body));
}
