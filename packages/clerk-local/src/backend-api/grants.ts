/** Takes back what a user has granted a client, with all of its tokens. */
import type { RecordStore } from "../state/records.js";
import { type AccessTokens, tokenId } from "../tokens/access-tokens.js";

/**
 * Revokes the grant of an opaque access token or a refresh token.
 *
 * @param clientId whose token it must be
 * @returns whether there is such a token
 */
export function revokeGrantOf(
  { store, tokens }: { store: RecordStore; tokens: AccessTokens },
  token: string,
  clientId: string,
): boolean {
  const found = store.get("RefreshToken", token) ?? store.get("AccessToken", tokenId(token));
  if (found?.clientId !== clientId) return false;
  const { grantId, jti } = found;
  const isMeant = (record: Record<string, unknown>) =>
    record.jti === jti || (grantId !== undefined && record.grantId === grantId);
  for (const id of store.keys("AccessToken", isMeant)) tokens.revokeById(id);
  for (const kind of ["RefreshToken", "AuthorizationCode"]) {
    for (const key of store.keys(kind, isMeant)) store.delete(kind, key);
  }
  if (typeof grantId === "string") store.delete("Grant", grantId);
  return true;
}
