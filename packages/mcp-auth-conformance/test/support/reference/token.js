/** Who may call the reference server. */
import { createPublicKey } from "node:crypto";
import { createRemoteJWKSet, errors, importJWK, jwtVerify } from "jose";

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("./configuration.js").Configuration} Configuration */
/** @typedef {{ status: number, code?: string, scope?: string }} Refusal */

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

/** @param {Configuration} configuration @returns {(request: Request) => Promise<Refusal | undefined>} */
export function tokenCheck({ makes, resource, issuer, jwksUri, requiredScopes }) {
  const keys = createRemoteJWKSet(jwksUri, { timeoutDuration: 1_000 });

  return async (request) => {
    const { authorization = [] } = request.headersDistinct;
    if (authorization.length > 1) return { status: 400, code: "invalid_request" };
    const token = /^Bearer +([\w\-.~+/]+=*)$/i.exec(authorization[0] ?? "")?.[1] ?? queryToken(request);
    if (token === undefined) return { status: 401 };
    try {
      const { payload } = await verified(token);
      const granted = typeof payload.scope === "string" ? payload.scope : "";
      const has = (/** @type {string} */ scope) =>
        makes("scope-substring") ? granted.includes(scope) : granted.split(" ").includes(scope);
      if (requiredScopes.every(has)) return undefined;
      return { status: 403, code: "insufficient_scope", scope: requiredScopes.join(" ") };
    } catch (error) {
      const isTokens = makes("outage-as-401") || TOKEN_ERRORS.some((type) => error instanceof type);
      return isTokens ? { status: 401, code: "invalid_token" } : { status: 503 };
    }
  };

  /** @param {Request} request */
  function queryToken(request) {
    if (!makes("query-token")) return undefined;
    return new URL(request.url ?? "", resource).searchParams.get("access_token") ?? undefined;
  }

  /** @param {string} token */
  function verified(token) {
    const options = {
      requiredClaims: ["exp", "iat", "sub", "client_id"],
      ...(!makes("no-issuer-check") && { issuer }),
      ...(!makes("no-audience-check") && { audience: resource.href }),
      ...(!makes("no-typ-check") && { typ: "at+jwt" }),
      ...(makes("no-expiry-check") && { clockTolerance: 1e12 }),
    };
    if (makes("alg-from-token")) return jwtVerify(token, keyForAnyAlgorithm, options);
    const fresh = makes("keys-each-time") ? createRemoteJWKSet(jwksUri) : keys;
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
}

/** What the request's token says, as a careless log has it. @param {Request} request */
export function readableToken({ headers: { authorization = "" } }) {
  const [header = "", payload = ""] = authorization.replace(/^Bearer /, "").split(".");
  return [header, payload]
    .flatMap((part) => {
      try {
        return Object.values(JSON.parse(Buffer.from(part, "base64url").toString()));
      } catch {
        return [];
      }
    })
    .join(" ");
}
