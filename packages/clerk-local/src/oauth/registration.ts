/** `/oauth/register`: dynamic client registration (RFC 7591) by Clerk's rules. */
import type { ClientMetadata } from "oidc-provider";
import { z } from "zod";
import type { Clock } from "../clock.js";
import { allowAnyOrigin } from "../http/cors.js";
import { type Handler, readJson, sendJson } from "../http/exchange.js";
import { randomText } from "../ids.js";
import type { Profile } from "../options.js";
import { clientScope, type ScopeCatalogue, scopeWords } from "../scopes.js";
import type { RecordStore } from "../state/records.js";
import type { OAuthServer } from "./oauth-server.js";
import { errors } from "./oidc-provider.js";
import { providerApplicationType } from "./redirect-uris.js";

export interface RegistrationParts {
  profile: Pick<Profile, "registration" | "registeredGrantTypes" | "defaultScopes">;
  scopes: ScopeCatalogue;
  store: RecordStore;
  clock: Clock;
  oauth: OAuthServer;
}

const GRANT_TYPES = ["authorization_code", "refresh_token"];

const text = (limit: number) => z.string().max(limit).nullish();

/** Other members are ignored, as Clerk ignores `grant_types`. */
const request = z.object({
  redirect_uris: z.array(z.string().max(1024)).min(1),
  token_endpoint_auth_method: z
    .enum(["client_secret_basic", "client_secret_post", "none"])
    .default("client_secret_basic"),
  application_type: z.enum(["native", "web"]).default("web"),
  client_name: text(256),
  client_uri: text(1024),
  logo_uri: text(1024),
  scope: text(1024),
  grant_types: z.unknown().optional(),
});

/** Answers every request to the endpoint, with CORS. */
export function registrationHandler(parts: RegistrationParts): Handler {
  const { profile, store } = parts;
  return async (exchange) => {
    if (exchange.path !== "/oauth/register") return false;
    if (allowAnyOrigin(exchange, "POST")) return true;
    if (!profile.registration) {
      return sendJson(exchange, 422, {
        error: "invalid_request",
        error_description: "Dynamic client registration is not enabled for this instance.",
      });
    }
    if (exchange.method !== "POST") return false;
    try {
      const { stored, answer } = registered(await readJson(exchange.req), parts);
      store.put("Client", stored.client_id, { payload: stored });
      return sendJson(exchange, 201, answer, { "cache-control": "no-store" });
    } catch (error) {
      if (!(error instanceof errors.OIDCProviderError)) throw error;
      const { error: code, error_description } = error;
      return sendJson(exchange, 400, { error: code, error_description });
    }
  };
}

/**
 * Checks a request and makes the client: what is stored, and what is answered.
 *
 * @throws an error of oidc-provider's
 */
function registered(body: unknown, { profile, scopes, clock, oauth }: RegistrationParts) {
  const checked = request.safeParse(body);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const problem = `${issue?.path.join(".") || "the body"}: ${issue?.message}`;
    throw issue?.path[0] === "redirect_uris"
      ? new errors.InvalidRedirectUri(problem)
      : new errors.InvalidClientMetadata(problem);
  }
  const { client_name, client_uri, logo_uri, grant_types, scope: asked, ...rest } = checked.data;
  const scope = asked ?? clientScope(profile.defaultScopes);
  const unknown = scopeWords(scope).find((word) => !scopes.has(word));
  if (unknown !== undefined) throw new errors.InvalidClientMetadata(`scope: there is no scope "${unknown}"`);
  const client_id = randomText(16);
  const stored = {
    ...rest,
    client_id,
    ...(rest.token_endpoint_auth_method !== "none" && { client_secret: randomText(32) }),
    client_id_issued_at: clock.seconds(),
    client_name: client_name || client_id,
    ...(client_uri && { client_uri }),
    ...(logo_uri && { logo_uri }),
    scope,
    grant_types: GRANT_TYPES,
    response_types: ["code" as const],
  };
  validated(stored, oauth);
  const isEchoed = profile.registeredGrantTypes === "requested";
  return {
    stored,
    answer: {
      ...stored,
      client_secret_expires_at: 0,
      grant_types: isEchoed ? grantTypesOf(grant_types) : ["authorization_code"],
    },
  };
}

function grantTypesOf(requested: unknown): string[] {
  return Array.isArray(requested) ? GRANT_TYPES.filter((type) => requested.includes(type)) : GRANT_TYPES;
}

/** Lets oidc-provider check the client as it does whenever it reads one. */
function validated(client: ClientMetadata & { redirect_uris: string[] }, { provider }: OAuthServer): void {
  const { application_type, redirect_uris } = client;
  // Its type lacks the constructor.
  const Client = provider.Client as unknown as new (metadata: ClientMetadata) => unknown;
  new Client({ ...client, application_type: providerApplicationType(redirect_uris, application_type) });
}
