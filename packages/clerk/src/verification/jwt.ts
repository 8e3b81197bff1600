import { errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from "jose";
import type { Settings } from "../configuration/settings.js";
import { type DenyReason, Refusal } from "../refusal.js";
import type { AccessToken } from "./access-token.js";
import type { AudienceCheck } from "./audience.js";
import { instant, nonEmptyString, organization, scopeNames, userSubject } from "./claims.js";
import { ALGORITHM, type SigningKeys } from "./signing-keys.js";

/** Header members that carry or locate a key: Clerk sends none, and none is ever followed. */
const FOREIGN_KEY_MEMBERS = ["jwk", "jku", "x5c", "x5u"] as const;

/**
 * Verifies a JWT access token without asking Clerk (RFC 9068 section 4, RFC 8725).
 *
 * `typ` is what tells an access token from the session, ID and template tokens that the same key signs.
 */
export function jwtVerifier(
  { issuer, clockToleranceSeconds }: Settings,
  keys: SigningKeys,
  checkAudience: AudienceCheck,
): (token: string) => Promise<AccessToken> {
  const options = {
    algorithms: [ALGORITHM],
    typ: "at+jwt",
    issuer,
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ["exp", "iat", "sub", "client_id"],
  };
  const keyOf = (header: JWTHeaderParameters): Promise<CryptoKey> => {
    if (FOREIGN_KEY_MEMBERS.some((member) => member in header)) throw new Refusal("token_header");
    return keys(header.kid);
  };
  return async (token) => {
    const { payload } = await jwtVerify(token, keyOf, options).catch(refuse);
    checkNotSenderConstrained(payload);
    checkIssuedInThePast(payload, clockToleranceSeconds);
    checkAudience(payload.aud);
    return accessToken(payload);
  };
}

function checkNotSenderConstrained({ cnf }: JWTPayload): void {
  if (cnf !== undefined) throw new Refusal("sender_constrained");
}

function checkIssuedInThePast({ iat }: JWTPayload, toleranceSeconds: number): void {
  if (numericDate(iat).getTime() > Date.now() + toleranceSeconds * 1000)
    throw new Refusal("token_not_yet_valid");
}

function accessToken(payload: JWTPayload): AccessToken {
  return {
    kind: "jwt",
    userId: userSubject(payload.sub),
    clientId: nonEmptyString(payload.client_id),
    scopes: scopeNames(payload.scope ?? payload.scp),
    tokenId: payload.jti === undefined ? undefined : nonEmptyString(payload.jti),
    organizationId: organization(payload.org_id),
    issuedAt: numericDate(payload.iat),
    expiresAt: numericDate(payload.exp),
    claims: payload,
  };
}

/** RFC 7519 section 2: seconds since the epoch. */
function numericDate(seconds = Number.NaN): Date {
  return instant(seconds * 1000);
}

const REASON_OF_CLAIM: Readonly<Record<string, DenyReason>> = {
  typ: "token_kind",
  iss: "issuer_mismatch",
  nbf: "token_not_yet_valid",
};

/** What is not the library's word about the token – a refusal, a failure of Clerk's, a defect – goes on as it is. */
function refuse(error: unknown): never {
  throw error instanceof errors.JOSEError ? new Refusal(reasonOf(error), { cause: error }) : error;
}

function reasonOf(error: errors.JOSEError): DenyReason {
  if (error instanceof errors.JWTExpired) return "token_expired";
  if (error instanceof errors.JWTClaimValidationFailed)
    return REASON_OF_CLAIM[error.claim] ?? "claims_invalid";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature_invalid";
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return "token_header";
  return "token_malformed";
}
