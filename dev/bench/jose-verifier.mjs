// Verifies an access token with `jose` alone, with every check that the plugin makes of a new token. This is what the
// plugin's verification is compared with.
import { jwtVerify } from "jose";

/** Members of a header that carry or locate a key. */
const FOREIGN_KEY_MEMBERS = ["jwk", "jku", "x5c", "x5u"];

/**
 * @param {{ key: CryptoKey, keyId: string, issuer: string, resource: string }} options
 * @returns {(token: string) => Promise<object>}
 */
export function joseVerifier({ key, keyId, issuer, resource }) {
  const checks = {
    algorithms: ["RS256"],
    issuer,
    audience: resource,
    typ: "at+jwt",
    requiredClaims: ["exp", "iat", "sub", "client_id"],
    clockTolerance: 5,
    // With a maximum age, jose also refuses a token that was issued in the future.
    maxTokenAge: "1y",
  };
  /** @param {import("jose").JWTHeaderParameters} header */
  const keyOf = async (header) => {
    if (FOREIGN_KEY_MEMBERS.some((member) => member in header)) throw new Error("a key in the header");
    if (header.kid !== keyId) throw new Error("unknown key");
    return key;
  };
  return async (token) => {
    const { payload } = await jwtVerify(token, keyOf, checks);
    const { sub = "", client_id, scope, jti, org_id, iat = Number.NaN, exp = Number.NaN, cnf } = payload;
    if (cnf !== undefined) throw new Error("sender-constrained");
    if (!/^user_\w+$/.test(sub)) throw new Error("not a user");
    if (typeof client_id !== "string" || typeof scope !== "string") throw new Error("claims");
    return {
      subject: sub,
      clientId: client_id,
      scopes: scope.split(" ").filter((name) => name !== ""),
      tokenId: jti,
      organizationId: org_id,
      issuedAt: new Date(iat * 1000).getTime(),
      expiresAt: new Date(exp * 1000).getTime(),
      claims: payload,
    };
  };
}
