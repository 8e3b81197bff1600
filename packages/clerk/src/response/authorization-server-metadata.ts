import { AUTHORIZATION_SERVER_METADATA } from "../clerk/cache-policies.js";
import { CachedAnswer } from "../clerk/cached-answer.js";
import type { ClerkFrontend, JsonDocument } from "../clerk/frontend.js";
import type { Settings } from "../options/settings.js";

export const AUTHORIZATION_SERVER_METADATA_PATH = "/.well-known/oauth-authorization-server";

/**
 * Clerk's authorization server metadata (RFC 8414), byte for byte, for clients that request it from this server. Kept
 * during an outage of Clerk.
 */
export function authorizationServerMetadata(
  { issuer }: Settings,
  frontend: ClerkFrontend,
): () => Promise<string> {
  const read = ({ text, json }: JsonDocument): string => {
    if ((json as { issuer?: unknown } | null)?.issuer !== issuer) {
      throw new Error("the authorization server metadata names another issuer");
    }
    return text;
  };
  const document = new CachedAnswer<string>(AUTHORIZATION_SERVER_METADATA);
  return () => document.get(() => frontend.get("metadata", AUTHORIZATION_SERVER_METADATA_PATH, read));
}
