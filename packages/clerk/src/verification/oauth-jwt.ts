import type { AccessToken } from "./access-token.js";
import type { AudienceCheck } from "./audience.js";
import { nonEmptyString, organization, scopeNames, userSubject } from "./claims.js";
import type { VerifiedJwt } from "./jwt-cache.js";
import { numericDate, type SignedJwt } from "./signed-jwt.js";

/** `typ` distinguishes an access token from the session, ID and template tokens that the same key signs. */
const ACCESS_TOKEN = { typ: "at+jwt", requiredClaims: ["exp", "iat", "sub", "client_id"] };

/** Verifies an OAuth access token that is a JWT, locally (RFC 9068 section 4). */
export function jwtVerifier(
  verifySigned: SignedJwt,
  checkAudience: AudienceCheck,
): (token: string) => Promise<VerifiedJwt> {
  return async (jwt) => {
    const { payload, ...signature } = await verifySigned(jwt, ACCESS_TOKEN);
    checkAudience(payload.aud);
    const token: AccessToken = {
      caller: "user",
      subject: userSubject(payload.sub),
      clientId: nonEmptyString(payload.client_id),
      scopes: scopeNames(payload.scope ?? payload.scp),
      tokenId: payload.jti === undefined ? undefined : nonEmptyString(payload.jti),
      organizationId: organization(payload.org_id),
      issuedAt: numericDate(payload.iat),
      expiresAt: numericDate(payload.exp),
      claims: payload,
    };
    return { token, ...signature };
  };
}
