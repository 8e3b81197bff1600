import type { ClerkBackend } from "../clerk/backend.js";
import type { ClerkFrontend } from "../clerk/frontend.js";
import type { Settings } from "../configuration/settings.js";
import { Refusal } from "../refusal.js";
import type { AccessToken } from "./access-token.js";
import { audienceCheck } from "./audience.js";
import { jwtVerifier } from "./jwt.js";
import { isOpaque, opaqueVerifier } from "./opaque.js";
import { signingKeys } from "./signing-keys.js";

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Verifies an access token of either kind; which one an instance issues is a setting of Clerk's. */
export function accessTokenVerifier(
  settings: Settings,
  backend: ClerkBackend,
  frontend: ClerkFrontend,
): (token: string) => Promise<AccessToken> {
  const checkAudience = audienceCheck(settings);
  const verifyJwt = jwtVerifier(settings, signingKeys(settings, frontend), checkAudience);
  const verifyOpaque = opaqueVerifier(backend, frontend, checkAudience);
  return async (token) => {
    if (JWT.test(token)) return verifyJwt(token);
    if (isOpaque(token)) return verifyOpaque(token);
    throw new Refusal("token_malformed");
  };
}
