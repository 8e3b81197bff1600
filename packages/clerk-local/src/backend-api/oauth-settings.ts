/** The instance's OAuth application settings. What is changed holds until the local Clerk ends. */
import { z } from "zod";
import type { Exchange } from "../http/exchange.js";
import type { Profile } from "../options.js";
import { DEFAULT_SCOPES } from "../scopes.js";
import { formOf } from "./parameters.js";
import type { BackendApiParts } from "./parts.js";
import type { Route } from "./route.js";

const PATH = /^\/instance\/oauth_application_settings$/;

/** Clerk's names of the options that are switches. */
const SWITCHES = {
  dynamic_oauth_client_registration: "registration",
  client_id_metadata_documents_advertised: "clientIdMetadata",
  client_id_metadata_documents_only_allow_pre_registered_clients: "onlyPreRegisteredClients",
  client_id_metadata_documents_block_implicitly_allowed_clients: "blockImplicitlyAllowedClients",
} as const satisfies Record<string, keyof Profile>;

export function oauthSettingsRoutes(parts: BackendApiParts): Route[] {
  return [
    ["GET", PATH, () => settingsResource(parts.profile)],
    [
      "PATCH",
      PATH,
      async (_id, exchange) => {
        apply(await changesIn(exchange, parts), parts.profile);
        parts.oauth.rebuild();
        return settingsResource(parts.profile);
      },
    ],
  ];
}

function settingsResource(profile: Profile) {
  const switches = Object.entries(SWITCHES).map(([name, option]) => [name, profile[option]]);
  return {
    object: "oauth_application_settings",
    oauth_jwt_access_tokens: profile.tokenFormat === "jwt",
    aud_claim_enabled: profile.resource === "honoured",
    default_scopes: profile.defaultScopes,
    ...Object.fromEntries(switches),
  };
}

function changesIn(exchange: Exchange, { scopes }: BackendApiParts) {
  const flag = z.boolean().optional();
  const scope = z.string().refine((name) => scopes.has(name), "there is no such scope");
  const schema = z.strictObject({
    dynamic_oauth_client_registration: flag,
    client_id_metadata_documents_advertised: flag,
    client_id_metadata_documents_only_allow_pre_registered_clients: flag,
    client_id_metadata_documents_block_implicitly_allowed_clients: flag,
    oauth_jwt_access_tokens: flag,
    aud_claim_enabled: flag,
    default_scopes: z
      .array(scope)
      .min(1, "must not be empty")
      .refine((names) => new Set(names).size === names.length, "must not name a scope twice")
      .nullable()
      .optional(),
  });
  return formOf(schema, exchange);
}

/** A member that is not there leaves its setting alone. */
function apply(changes: Awaited<ReturnType<typeof changesIn>>, profile: Profile): void {
  for (const [name, option] of Object.entries(SWITCHES) as [keyof typeof SWITCHES, SwitchOption][]) {
    profile[option] = changes[name] ?? profile[option];
  }
  const { oauth_jwt_access_tokens: jwt, aud_claim_enabled: audience, default_scopes: scopes } = changes;
  if (jwt !== undefined) profile.tokenFormat = jwt ? "jwt" : "opaque";
  if (audience !== undefined) profile.resource = audience ? "honoured" : "ignored";
  if (scopes !== undefined) profile.defaultScopes = [...(scopes ?? DEFAULT_SCOPES)];
}

type SwitchOption = (typeof SWITCHES)[keyof typeof SWITCHES];
