import { decodeProtectedHeader } from "jose";
import type { ClerkBackend } from "../clerk/backend.js";
import { Refusal } from "../errors/refusal.js";
import { isMachineId } from "../identity.js";
import type { AccessToken } from "./access-token.js";
import type { MachineCheck } from "./audience.js";
import { nonEmptyString, scopeNames } from "./claims.js";
import type { VerifiedJwt } from "./jwt-cache.js";
import type { AskClerk } from "./opaque-cache.js";
import { numericDate, type SignedJwt } from "./signed-jwt.js";
import { refuseRejected, verificationAnswer } from "./verification-answer.js";

const M2M_TOKEN = /^mt_[A-Za-z0-9_-]{16,256}$/;
const M2M_JWT = { typ: "JWT", requiredClaims: ["exp", "iat", "sub"] };

export function isM2mToken(token: string): boolean {
  return M2M_TOKEN.test(token);
}

/**
 * Whether the header marks the JWT as something other than an OAuth access token. The header is unverified at this
 * point; every member is verified later.
 */
export function mayBeM2mJwt(token: string): boolean {
  try {
    return String(decodeProtectedHeader(token).typ).toLowerCase() === "jwt";
  } catch {
    // Without a readable header, the verification of access tokens reports the reason.
    return false;
  }
}

/** Verifies a machine's opaque token with Clerk's Backend API. */
export function m2mTokenVerifier(backend: ClerkBackend, checkMachine: MachineCheck): AskClerk {
  return async (token, isKnown) => {
    const answer = await backend
      .call("token verification", (client) => client.m2m.verify({ token }), { retry: true, isKnown })
      .catch(refuseRejected);
    const described = verificationAnswer(answer, { mayNeverExpire: true });
    const subject = machineSubject(described.subject);
    checkMachine(described.scopes);
    return { ...described, caller: "machine", subject, clientId: subject, organizationId: undefined };
  };
}

/**
 * Verifies a machine's JWT locally: which machine sent it. Session, ID and template tokens have the same `typ` and key;
 * only the subject tells them apart.
 *
 * Clerk's own claims are `iss`, `sub`, `jti` and the times; the machine can write every other one, also `scopes` and
 * `aud`. So these can only narrow what the token is for. That the machine may call this server, Clerk must say.
 */
export function m2mJwtVerifier(
  verifySigned: SignedJwt,
  checkMachine: MachineCheck,
  machineId: string | undefined,
): (token: string) => Promise<VerifiedJwt> {
  return async (jwt) => {
    const { payload, ...signature } = await verifySigned(jwt, M2M_JWT);
    const subject = machineSubject(payload.sub);
    for (const machines of [payload.scopes, payload.aud]) {
      if (machines !== undefined) checkMachine(scopeNames(machines));
    }
    const token: AccessToken = {
      caller: "machine",
      subject,
      clientId: subject,
      scopes: machineId === undefined ? [] : [machineId],
      tokenId: payload.jti === undefined ? undefined : nonEmptyString(payload.jti),
      organizationId: undefined,
      issuedAt: numericDate(payload.iat),
      expiresAt: numericDate(payload.exp),
      claims: payload,
    };
    return { token, ...signature };
  };
}

function machineSubject(subject: unknown): string {
  if (typeof subject !== "string" || !isMachineId(subject)) throw new Refusal("token_kind");
  return subject;
}
