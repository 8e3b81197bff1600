import { errors, type JWTHeaderParameters, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import { type DenyReason, Refusal } from "../errors/refusal.js";
import type { Settings } from "../options/settings.js";
import { instant } from "./claims.js";
import { ALGORITHM, type SigningKeys } from "./signing-keys.js";

/** Header members that carry or locate a key. Clerk sends none of them, and the plugin follows none. */
const FOREIGN_KEY_MEMBERS = ["jwk", "jku", "x5c", "x5u"] as const;

/**
 * Performs the checks that all JWTs of the instance share: signature, issuer and times (RFC 8725). The instance signs
 * several kinds of token with one key, so the caller of this function must still check the kind.
 *
 * @throws {Refusal}
 */
export type SignedJwt = (
  token: string,
  kind: Pick<JWTVerifyOptions, "typ" | "requiredClaims">,
) => Promise<SignedPayload>;

/** The signed payload, and the instance's key that signed it. */
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

/** Converts seconds since the epoch (RFC 7519 section 2) to milliseconds. */
export function numericDate(seconds = Number.NaN): number {
  return instant(seconds * 1000);
}

const REASON_OF_CLAIM: Readonly<Record<string, DenyReason>> = {
  typ: "token_kind",
  iss: "issuer_mismatch",
  nbf: "token_not_yet_valid",
};

/** Only errors of `jose` become refusals. Failures of Clerk and defects are rethrown. */
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
