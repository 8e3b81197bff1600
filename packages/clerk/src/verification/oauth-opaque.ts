import type { ClerkBackend } from "../clerk/backend.js";
import type { ClerkFrontend, JsonDocument } from "../clerk/frontend.js";
import { ORGANIZATION_SCOPE } from "../identity.js";
import type { AudienceCheck } from "./audience.js";
import { nonEmptyString, organization, userSubject } from "./claims.js";
import type { AskClerk } from "./opaque-cache.js";
import { isRecord, refuseRejected, verificationAnswer } from "./verification-answer.js";

/** `oat_` and 16 to 128 characters that need no escaping in a URL or a header. */
const OPAQUE = /^oat_[A-Za-z0-9]{16,128}$/;

export function isOpaque(token: string): boolean {
  return OPAQUE.test(token);
}

/** Verifies an opaque OAuth access token with Clerk's Backend API. */
export function opaqueVerifier(
  backend: ClerkBackend,
  frontend: ClerkFrontend,
  checkAudience: AudienceCheck,
): AskClerk {
  return async (token, isKnown) => {
    const answer = await backend
      .call("token verification", (client) => client.idPOAuthAccessToken.verify(token), {
        retry: true,
        isKnown,
      })
      .catch(refuseRejected);
    const described = verificationAnswer(answer);
    const verified = {
      ...described,
      caller: "user" as const,
      subject: userSubject(described.subject),
      clientId: nonEmptyString(described.claims.clientId),
      organizationId: undefined,
    };
    checkAudience(described.claims.aud ?? undefined);
    if (!verified.scopes.includes(ORGANIZATION_SCOPE)) return verified;
    return { ...verified, organizationId: await chosenOrganization(frontend, token) };
  };
}

/**
 * The organization that the user chose at consent. It is in userinfo, but not in Clerk's answer to the verification.
 */
function chosenOrganization(frontend: ClerkFrontend, token: string): Promise<string | undefined> {
  const read = ({ json }: JsonDocument) => (isRecord(json) ? organization(json.org_id) : undefined);
  return frontend.get("userinfo", "/oauth/userinfo", read, token);
}
