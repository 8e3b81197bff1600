import type { ClerkBackend } from "../clerk/backend.js";
import type { ClerkFrontend } from "../clerk/frontend.js";
import type { Settings } from "../configuration/settings.js";
import { Refusal } from "../refusal.js";
import type { AccessToken } from "./access-token.js";
import { audienceCheck } from "./audience.js";
import { jwtVerifier } from "./jwt.js";
import { isOpaque, opaqueVerifier } from "./opaque.js";
import { remembered } from "./remembered.js";
import { signingKeys } from "./signing-keys.js";

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const OUTAGE_GRACE_MS = 10 * 60_000;
const REFUSED_FOR_MS = 10_000;

/** Verifies an access token of either kind; which one an instance issues is a setting of Clerk's. */
export function accessTokenVerifier(
  settings: Settings,
  backend: ClerkBackend,
  frontend: ClerkFrontend,
): (token: string) => Promise<AccessToken> {
  const checkAudience = audienceCheck(settings);
  const verifyJwt = jwtVerifier(settings, signingKeys(settings, frontend), checkAudience);
  const verifyOpaque = remembered(opaqueVerifier(backend, frontend, checkAudience), {
    acceptedForMs: settings.opaqueTokenTtlSeconds * 1000,
    graceMs: OUTAGE_GRACE_MS,
    refusedForMs: REFUSED_FOR_MS,
  });
  return async (token) => {
    if (JWT.test(token)) return verifyJwt(token);
    if (isOpaque(token)) return verifyOpaque(token);
    throw new Refusal("token_malformed");
  };
}
