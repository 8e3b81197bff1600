/**
 * Clients with a metadata document, as oidc-provider's clients. oidc-provider could fetch the documents too, but it reads
 * neither Clerk's rules nor loopback documents, and keeps no failures.
 */
import type { AdapterPayload } from "oidc-provider";
import { ClientRefused } from "../client-metadata/client-refused.js";
import type { MetadataClients } from "../client-metadata/metadata-clients.js";
import type { Profile } from "../options.js";
import { clientScope } from "../scopes.js";
import { errors } from "./oidc-provider.js";
import { providerApplicationType } from "./redirect-uris.js";

export interface DocumentClientParts {
  profile: Pick<Profile, "defaultScopes">;
  metadataClients: MetadataClients;
}

/** @throws an error of oidc-provider's, which ends the request, if the client is refused */
export async function documentClient(
  clientId: string,
  { profile, metadataClients }: DocumentClientParts,
): Promise<AdapterPayload> {
  try {
    const { name, redirectUris } = await metadataClients.find(clientId);
    return {
      client_id: clientId,
      client_name: name,
      redirect_uris: [...redirectUris],
      application_type: providerApplicationType(redirectUris),
      scope: clientScope(profile.defaultScopes),
      // Clients of this kind are public, and Clerk always gives them a refresh token.
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    };
  } catch (error) {
    if (!(error instanceof ClientRefused)) throw error;
    throw error.code === "invalid_client"
      ? new errors.InvalidClient(error.message)
      : new errors.InvalidClientMetadata(error.message);
  }
}
