/** `/oauth_applications` */
import { z } from "zod";
import { Refused } from "../http/clerk-error.js";
import { DEFAULT_SCOPES, scopeWords } from "../scopes.js";
import {
  type Application,
  type ApplicationChanges,
  Applications,
  applicationId,
} from "./application-records.js";
import { optionalFlag, text } from "./fields.js";
import { revokeGrantOf } from "./grants.js";
import { orderBy, ordered } from "./order.js";
import { formOf } from "./parameters.js";
import type { BackendApiParts } from "./parts.js";
import { listOf, pageQuery, word } from "./query.js";
import { formError, missing, notFound, valueInvalid } from "./refusals.js";
import type { Route } from "./route.js";

const redirectUri = text.max(1024).refine((value) => URL.canParse(value), "must be a valid url");

const change = z.strictObject({
  name: text.min(1).max(256).nullable().optional(),
  redirect_uris: z.array(redirectUri).max(100).nullable().optional(),
  callback_url: redirectUri.nullable().optional(),
  scopes: text.max(1024).nullable().optional(),
  consent_screen_enabled: optionalFlag,
  pkce_required: optionalFlag,
  public: optionalFlag,
});
const creation = change.extend({ name: text.min(1).max(256) });
const revocation = z.strictObject({ token: text });

const ORDER = {
  created_at: (application: Application) => application.createdAt,
  name: (application: Application) => application.name,
};

export function oauthApplicationRoutes(parts: BackendApiParts): Route[] {
  const { issuer, keys, scopes } = parts;
  const applications = new Applications(parts);
  const applicationOf = (id: string) => applications.get(id) ?? missing("OAuth application", id);
  const resource = (application: Application) =>
    oauthApplicationResource(issuer, keys.current.kid, application);
  const changesIn = (form: z.output<typeof change>, isPublic: boolean): ApplicationChanges => {
    refuseWhatCannotBe(form, isPublic);
    const unknown = scopeWords(form.scopes ?? "").find((scope) => !scopes.has(scope));
    if (unknown !== undefined) throw valueInvalid("scopes", `There is no scope ${unknown}.`);
    const redirectUris = form.redirect_uris ?? (form.callback_url ? [form.callback_url] : undefined);
    return {
      ...(form.name && { name: form.name }),
      ...(redirectUris && { redirectUris }),
      ...(typeof form.scopes === "string" && { scopes: scopeWords(form.scopes).join(" ") }),
      ...(typeof form.public === "boolean" && { isPublic: form.public }),
    };
  };

  return [
    [
      "GET",
      /^\/oauth_applications$/,
      (_id, exchange) => {
        const query = pageQuery(
          { name_query: word, order_by: orderBy(["created_at", "name"], "+created_at") },
          exchange,
        );
        const part = query.name_query?.toLowerCase() ?? "";
        const found = applications
          .list()
          .filter(({ name, clientId }) => name.toLowerCase().includes(part) || clientId === query.name_query);
        return listOf(ordered(found, query.order_by, ORDER), query, resource);
      },
    ],
    ["GET", /^\/oauth_applications\/([^/]+)$/, (id) => resource(applicationOf(id))],
    [
      "POST",
      /^\/oauth_applications$/,
      async (_id, exchange) => {
        const form = await formOf(creation, exchange);
        const [application, secret] = applications.create({
          redirectUris: [],
          scopes: DEFAULT_SCOPES.join(" "),
          isPublic: false,
          ...changesIn(form, form.public ?? false),
          name: form.name,
        });
        return { ...resource(application), client_secret: secret };
      },
    ],
    [
      "PATCH",
      /^\/oauth_applications\/([^/]+)$/,
      async (id, exchange) => {
        const application = applicationOf(id);
        const form = await formOf(change, exchange);
        if (application.isRegistered && form.consent_screen_enabled === false) throw consentNeeded();
        applications.update(application, changesIn(form, form.public ?? application.isPublic));
        return resource(applicationOf(id));
      },
    ],
    [
      "DELETE",
      /^\/oauth_applications\/([^/]+)$/,
      (id) => {
        applications.delete(applicationOf(id));
        return { object: "oauth_application", id, deleted: true };
      },
    ],
    [
      "POST",
      /^\/oauth_applications\/([^/]+)\/rotate_secret$/,
      (id) => {
        const secret = applications.rotateSecret(applicationOf(id));
        return { ...resource(applicationOf(id)), client_secret: secret };
      },
    ],
    [
      "POST",
      /^\/oauth_applications\/([^/]+)\/revoke_token$/,
      async (id, exchange) => {
        const { clientId } = applicationOf(id);
        const { token } = await formOf(revocation, exchange);
        if (token.includes(".")) throw jwtCannotBeRevoked();
        if (!revokeGrantOf(parts, token, clientId)) throw notFound("OAuth token not found.");
      },
      204,
    ],
  ];
}

function oauthApplicationResource(issuer: string, instanceId: string, application: Application) {
  const { redirectUris } = application;
  return {
    object: "oauth_application",
    id: applicationId(application.clientId),
    instance_id: instanceId,
    name: application.name,
    client_id: application.clientId,
    client_uri: application.clientUri,
    client_image_url: application.logoUri,
    dynamically_registered: application.isRegistered,
    consent_screen_enabled: true,
    pkce_required: application.isPublic,
    public: application.isPublic,
    scopes: application.scopes,
    redirect_uris: redirectUris,
    callback_url: redirectUris[0] ?? "",
    authorize_url: `${issuer}/oauth/authorize`,
    token_fetch_url: `${issuer}/oauth/token`,
    user_info_url: `${issuer}/oauth/userinfo`,
    discovery_url: `${issuer}/.well-known/openid-configuration`,
    token_introspection_url: `${issuer}/oauth/token_info`,
    created_at: application.createdAt,
    updated_at: application.updatedAt,
  };
}

/** The local Clerk asks for consent always, and for PKCE where there is no secret. */
function refuseWhatCannotBe(form: z.output<typeof change>, isPublic: boolean): void {
  if (form.consent_screen_enabled === false) {
    throw valueInvalid("consent_screen_enabled", "clerk-local always shows the consent screen.");
  }
  if (isPublic && form.pkce_required === false) {
    const problem = "PKCE is required for OAuth clients without a secret";
    throw formError("form_public_client_requires_pkce", "pkce_required", problem);
  }
  if (!isPublic && form.pkce_required) {
    throw valueInvalid("pkce_required", "clerk-local requires PKCE of public clients only.");
  }
}

function consentNeeded(): Refused {
  return new Refused({
    status: 422,
    code: "oauth_application_consent_screen_cannot_be_disabled",
    message: "consent screen cannot be disabled",
    longMessage: "Consent screen cannot be disabled for a dynamically registered OAuth Application",
  });
}

function jwtCannotBeRevoked(): Refused {
  return new Refused({
    status: 400,
    code: "bad_request",
    message: "Bad request",
    longMessage: "JWT access tokens cannot be revoked.",
  });
}
