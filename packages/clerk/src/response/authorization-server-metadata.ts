import type { ClerkFrontend, JsonDocument } from "../clerk/frontend.js";
import { RemoteDocument, type RemoteDocumentPolicy } from "../clerk/remote-document.js";
import type { Settings } from "../options/settings.js";

export const AUTHORIZATION_SERVER_METADATA_PATH = "/.well-known/oauth-authorization-server";

const POLICY: RemoteDocumentPolicy = {
  refreshAfterMs: 5 * 60_000,
  waitAfterMs: 60 * 60_000,
  keepForMs: 24 * 60 * 60_000,
  renewalCooldownMs: 60_000,
  failureCooldownMs: 1_000,
};

/**
 * Clerk's authorization server metadata (RFC 8414), byte for byte, for clients that look for it here. Kept
 * while Clerk is away.
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
  const document = new RemoteDocument(
    () => frontend.get("metadata", AUTHORIZATION_SERVER_METADATA_PATH, read),
    POLICY,
  );
  return () => document.get();
}
