/**
 * The two discovery documents, with the members that Clerk's have. They differ, so neither is served in place of the
 * other.
 */

import { allowAnyOrigin } from "../http/cors.js";
import { type Handler, sendJson } from "../http/exchange.js";
import type { Profile } from "../options.js";
import type { ScopeCatalogue } from "../scopes.js";
import type { KeyRing } from "../tokens/keys.js";

export interface DiscoverySource {
  issuer: string;
  scopes: ScopeCatalogue;
  keys: KeyRing;
  profile: Profile;
}

const CLAIMS = ["sub", "iss", "aud", "exp", "iat", "email", "name"];
const PROFILE_CLAIMS = ["email_verified", "given_name", "family_name", "preferred_username", "picture"];

function shared({ issuer, scopes }: DiscoverySource) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    revocation_endpoint: `${issuer}/oauth/token/revoke`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: scopes.advertised,
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "none", "client_secret_post"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"],
  };
}

/** `/.well-known/oauth-authorization-server`, RFC 8414. */
export function authorizationServerMetadata(source: DiscoverySource) {
  const { issuer, profile } = source;
  return {
    ...shared(source),
    ...(profile.registration && { registration_endpoint: `${issuer}/oauth/register` }),
    ...(profile.clientIdMetadata && { client_id_metadata_document_supported: true }),
    ...(profile.authorizationResponseIss && { authorization_response_iss_parameter_supported: true }),
    claims_supported: [...CLAIMS, "org_id"],
    service_documentation: "https://clerk.com/docs",
    op_tos_uri: "https://clerk.com/legal/standard-terms",
    ui_locales_supported: ["en"],
  };
}

/** `/.well-known/openid-configuration`, OpenID Connect Discovery 1.0. */
export function openidConfiguration(source: DiscoverySource) {
  const { issuer } = source;
  return {
    ...shared(source),
    userinfo_endpoint: `${issuer}/oauth/userinfo`,
    introspection_endpoint: `${issuer}/oauth/token_info`,
    response_modes_supported: ["form_post", "query"],
    claims_supported: [...CLAIMS, ...PROFILE_CLAIMS, "org_id"],
    backchannel_logout_supported: false,
    frontchannel_logout_supported: false,
  };
}

/** Serves both documents and the public keys. */
export function discoveryHandler(source: DiscoverySource): Handler {
  const documents: Record<string, () => unknown> = {
    "/.well-known/oauth-authorization-server": () => authorizationServerMetadata(source),
    "/.well-known/openid-configuration": () => openidConfiguration(source),
    "/.well-known/jwks.json": () => source.keys.jwks(),
  };
  return (exchange) => {
    const document = documents[exchange.path];
    if (!document || !["GET", "HEAD", "OPTIONS"].includes(exchange.method)) return false;
    if (allowAnyOrigin(exchange, "GET, HEAD")) return true;
    return sendJson(exchange, 200, document(), { "cache-control": "public, max-age=60" });
  };
}
