import { errors, type JWTHeaderParameters, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import { type DenyReason, Refusal } from "../errors/refusal.js";
import type { Settings } from "../options/settings.js";
import { instant } from "./claims.js";
import { ALGORITHM, type SigningKeys } from "./signing-keys.js";

/** Header members that carry or locate a key: Clerk sends none, and none is ever followed. */
const FOREIGN_KEY_MEMBERS = ["jwk", "jku", "x5c", "x5u"] as const;

/**
 * Verifies what every JWT of the instance has in common, whatever its kind: signature, issuer and times (RFC 8725). The
 * instance signs tokens of many kinds with one key, so the caller has yet to tell that it is of the right one.
 *
 * @throws {Refusal}
 */
export type SignedJwt = (
  token: string,
  kind: Pick<JWTVerifyOptions, "typ" | "requiredClaims">,
) => Promise<SignedPayload>;

/** What was signed, and with which of the instance's keys. */
export interface SignedPayload {
  readonly payload: JWTPayload;
  readonly keyId: unknown;
  readonly key: CryptoKey;
}

export function signedJwt({ issuer, clockToleranceSeconds }: Settings, keys: SigningKeys): SignedJwt {
  const common = { algorithms: [ALGORITHM], issuer, clockTolerance: clockToleranceSeconds };
  const keyOf = (header: JWTHeaderParameters): Promise<CryptoKey> => {
    if (FOREIGN_KEY_MEMBERS.some((member) => member in header)) throw new Refusal("token_header");
    return keys.get(header.kid);
  };
  return async (token, kind) => {
    const { payload, protectedHeader, key } = await jwtVerify(token, keyOf, { ...common, ...kind }).catch(
      refuse,
    );
    checkNotSenderConstrained(payload);
    checkIssuedInThePast(payload, clockToleranceSeconds);
    return { payload, keyId: protectedHeader.kid, key: key as CryptoKey };
  };
}

function checkNotSenderConstrained({ cnf }: JWTPayload): void {
  if (cnf !== undefined) throw new Refusal("sender_constrained");
}

function checkIssuedInThePast({ iat }: JWTPayload, toleranceSeconds: number): void {
  if (numericDate(iat) > Date.now() + toleranceSeconds * 1000) throw new Refusal("token_not_yet_valid");
}

/** From seconds since the epoch (RFC 7519 section 2) to milliseconds. */
export function numericDate(seconds = Number.NaN): number {
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
