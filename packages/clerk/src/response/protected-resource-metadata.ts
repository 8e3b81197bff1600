import type { Settings } from "../options/settings.js";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** Paths of the metadata: at the root, and with the endpoint's path inserted (RFC 9728 section 3.1). */
export function metadataPaths({ endpoint }: Settings): readonly string[] {
  return [WELL_KNOWN, `${WELL_KNOWN}${endpoint}`];
}

/** The absolute URL that a challenge names. */
export function metadataURL({ baseURL, endpoint }: Settings): string {
  return `${baseURL}${WELL_KNOWN}${endpoint}`;
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
