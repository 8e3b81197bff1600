/** Access tokens in the format of Clerk's Backend API. */
import { scopeWords } from "../scopes.js";
import type { AccessTokenRecord, AccessTokens } from "../tokens/access-tokens.js";

export function accessTokenResource(
  tokens: AccessTokens,
  record: AccessTokenRecord,
  state: { revoked: boolean; expired: boolean; unit: "ms" | "s" },
) {
  const time = (seconds: number) => (state.unit === "ms" ? seconds * 1000 : seconds);
  const audience = tokens.audience(record);
  return {
    object: "clerk_idp_oauth_access_token",
    id: record.id,
    client_id: record.clientId,
    subject: record.accountId,
    scopes: scopeWords(record.scope),
    revoked: state.revoked,
    revocation_reason: state.revoked ? "Revoked" : null,
    expired: state.expired,
    expiration: time(record.expiresAt),
    created_at: time(record.issuedAt),
    updated_at: time(record.issuedAt),
    ...(audience.length > 0 && { aud: audience }),
  };
}
