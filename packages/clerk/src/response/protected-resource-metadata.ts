import type { Settings } from "../options/settings.js";

export const PROTECTED_RESOURCE_METADATA_PATH = "/.well-known/oauth-protected-resource";

/** Paths of the metadata: at the root, and with the endpoint's path inserted (RFC 9728 section 3.1). */
export function metadataPaths({ endpoint }: Settings): readonly string[] {
  return [PROTECTED_RESOURCE_METADATA_PATH, `${PROTECTED_RESOURCE_METADATA_PATH}${endpoint}`];
}

/** The absolute URL of the metadata, for the challenge. */
export function metadataURL({ baseURL, endpoint }: Settings): string {
  return `${baseURL}${PROTECTED_RESOURCE_METADATA_PATH}${endpoint}`;
}

/** OAuth 2.0 protected resource metadata (RFC 9728 section 2) as a JSON text. */
export function protectedResourceMetadata({ resource, issuer, scopes, docsURL }: Settings): string {
  return JSON.stringify({
    resource,
    authorization_servers: [issuer],
    scopes_supported: scopes,
    bearer_methods_supported: ["header"],
    ...(docsURL !== undefined && { resource_documentation: docsURL }),
  });
}
