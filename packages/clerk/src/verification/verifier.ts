import type { ClerkBackend } from "../clerk/backend.js";
import type { ClerkFrontend } from "../clerk/frontend.js";
import { Refusal } from "../errors/refusal.js";
import type { CredentialKind } from "../identity.js";
import type { Settings } from "../options/settings.js";
import type { Verify } from "./access-token.js";
import { apiKeyVerifier, isApiKey } from "./api-key.js";
import { audienceCheck, machineCheck } from "./audience.js";
import { cachedJwts } from "./jwt-cache.js";
import { isM2mToken, m2mJwtVerifier, m2mTokenVerifier, mayBeM2mJwt } from "./m2m-token.js";
import { confirmedMachines } from "./machine-scopes.js";
import { jwtVerifier } from "./oauth-jwt.js";
import { isOpaque, opaqueVerifier } from "./oauth-opaque.js";
import { type AskClerk, cachedOpaque } from "./opaque-cache.js";
import { signedJwt } from "./signed-jwt.js";
import { signingKeys } from "./signing-keys.js";

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Verifies a credential of every kind in `accepts`, in both formats of OAuth and machine tokens: the Clerk instance
 * chooses the format.
 */
export function credentialVerifier(
  settings: Settings,
  backend: ClerkBackend,
  frontend: ClerkFrontend,
): Verify {
  const checkAudience = audienceCheck(settings);
  const checkMachine = machineCheck(settings);
  const keys = signingKeys(settings, frontend);
  const verifySigned = signedJwt(settings, keys);
  const asking = (verify: AskClerk): Verify => cachedOpaque(verify, settings.opaqueTokenTtlSeconds);
  const accepting = (kind: CredentialKind, verify: Verify): Verify =>
    settings.accepts.has(kind) ? verify : refuseKind;

  const accessJwt = accepting("oauth_token", cachedJwts(jwtVerifier(verifySigned, checkAudience), keys));
  const opaque = accepting("oauth_token", asking(opaqueVerifier(backend, frontend, checkAudience)));
  const apiKey = accepting("api_key", asking(apiKeyVerifier(backend)));
  const m2mToken = accepting("m2m_token", asking(m2mTokenVerifier(backend, checkMachine)));
  const machineJwts = (): Verify => {
    const verify = cachedJwts(m2mJwtVerifier(verifySigned, checkMachine, settings.machineId), keys);
    return confirmedMachines(verify, backend, checkMachine, settings.machineId);
  };
  const m2mJwt = settings.accepts.has("m2m_token") ? machineJwts() : undefined;

  return (token) => {
    if (JWT.test(token)) return m2mJwt !== undefined && mayBeM2mJwt(token) ? m2mJwt(token) : accessJwt(token);
    if (isOpaque(token)) return settings.tokenFormat === "jwt" ? refuseKind() : opaque(token);
    if (isApiKey(token)) return apiKey(token);
    if (isM2mToken(token)) return m2mToken(token);
    return Promise.reject(new Refusal("token_malformed"));
  };
}

function refuseKind(): Promise<never> {
  return Promise.reject(new Refusal("token_kind"));
}
