import type { ClerkBackend } from "../clerk/backend.js";
import { ClerkFailure } from "../clerk/failure.js";
import type { ClerkFrontend, JsonDocument } from "../clerk/frontend.js";
import { Refusal } from "../refusal.js";
import type { AccessToken } from "./access-token.js";
import type { AudienceCheck } from "./audience.js";
import { instant, nonEmptyString, organization, scopeNames, userSubject } from "./claims.js";

const ORGANIZATION_SCOPE = "user:org:read";

/** `oat_` and at least 32 more characters, none of which a URL or a header would have to escape. */
const OPAQUE = /^oat_[A-Za-z0-9]{16,128}$/;

export function isOpaque(token: string): boolean {
  return OPAQUE.test(token);
}

/**
 * Verifies an opaque access token by asking Clerk. Its SDK calls every HTTP 200 authenticated, even
 * `revoked: true` and `{"active": false}`, so each member of the answer is judged here.
 */
export function opaqueVerifier(
  backend: ClerkBackend,
  frontend: ClerkFrontend,
  checkAudience: AudienceCheck,
): (token: string) => Promise<AccessToken> {
  return async (token) => {
    const answer = await backend
      .call("token verification", (client) => client.idPOAuthAccessToken.verify(token))
      .catch(refuse);
    const verified = accessToken(answer, checkAudience);
    if (!verified.scopes.includes(ORGANIZATION_SCOPE)) return verified;
    return { ...verified, organizationId: await chosenOrganization(frontend, token) };
  };
}

/** Verification does not say which organization the user picked at consent; userinfo does. */
function chosenOrganization(frontend: ClerkFrontend, token: string): Promise<string | undefined> {
  const read = ({ json }: JsonDocument) => (isRecord(json) ? organization(json.org_id) : undefined);
  return frontend.get("userinfo", "/oauth/userinfo", read, token);
}

/** Clerk's "no" is about the token; any other failure is not. */
function refuse(failure: unknown): never {
  if (failure instanceof ClerkFailure && failure.kind === "rejected") {
    throw new Refusal("token_unknown", { cause: failure });
  }
  throw failure;
}

function accessToken(answer: unknown, checkAudience: AudienceCheck): AccessToken {
  if (!isRecord(answer)) throw new ClerkFailure("unavailable", new Error("the answer is not a JSON object"));
  if (answer.active === false) throw new Refusal("token_inactive");
  if (answer.expired === true) throw new Refusal("token_expired");
  if (answer.revoked !== false) throw new Refusal("token_revoked");
  const userId = userSubject(answer.subject);
  const expiresAt = instantOf(answer.expiration);
  if (expiresAt.getTime() <= Date.now()) throw new Refusal("token_expired");
  checkAudience(answer.aud ?? undefined);
  return {
    kind: "opaque",
    userId,
    clientId: nonEmptyString(answer.clientId),
    scopes: scopeNames(answer.scopes),
    tokenId: nonEmptyString(answer.id),
    organizationId: undefined,
    issuedAt: instantOf(answer.createdAt),
    expiresAt,
    claims: answer,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Clerk has sent seconds and milliseconds; a value below this is seconds (the year 5138, or 1973). */
const SECONDS_BELOW = 1e11;

function instantOf(value: unknown): Date {
  if (typeof value !== "number") throw new Refusal("claims_invalid");
  return instant(value < SECONDS_BELOW ? value * 1000 : value);
}
