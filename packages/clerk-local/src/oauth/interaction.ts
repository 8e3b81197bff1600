/** Sign-in and consent: the interactive steps of an authorization request. */
import type { Interaction } from "oidc-provider";
import { isDocumentId, isLoopbackUrl } from "../client-metadata/client-id.js";
import type { MetadataClients } from "../client-metadata/metadata-clients.js";
import type { Clock } from "../clock.js";
import type { Directory, LocalUser } from "../directory/directory.js";
import { type Exchange, type Handler, readBody, redirect, send } from "../http/exchange.js";
import type { Profile } from "../options.js";
import { consentPage } from "../pages/consent.js";
import { formTargetOf, pageHeaders } from "../pages/headers.js";
import { errorPage } from "../pages/layout.js";
import { signInPage } from "../pages/sign-in.js";
import { type ScopeCatalogue, scopeWords } from "../scopes.js";
import type { RecordStore } from "../state/records.js";
import type { OAuthServer } from "./oauth-server.js";
import { errors } from "./oidc-provider.js";
import { chooseOrganization, forgetOrganization } from "./organization-choice.js";

export interface InteractionParts {
  issuer: string;
  directory: Directory;
  scopes: ScopeCatalogue;
  store: RecordStore;
  clock: Clock;
  profile: Profile;
  metadataClients: MetadataClients;
  oauth: OAuthServer;
}

const PATH = /^\/interaction\/([\w-]+)(?:\/(login|switch|allow|deny))?$/;

export function interactionHandler(parts: InteractionParts): Handler {
  return async (exchange) => {
    const match = PATH.exec(exchange.path);
    if (!match) return false;
    const [, uid, step] = match;
    try {
      // Throws unless the browser has the signed cookie of this interaction.
      const interaction = await parts.oauth.provider.interactionDetails(exchange.req, exchange.res);
      if (interaction.uid !== uid) throw new errors.SessionNotFound("interaction and cookie differ");
      if (exchange.method === "GET" && step === undefined) return await show(parts, exchange, interaction);
      if (exchange.method === "POST" && isSameOrigin(parts, exchange)) {
        return await take(parts, exchange, interaction, step);
      }
      return refuse(exchange, 405, "This page does not support that request.", "invalid_request");
    } catch (error) {
      if (error instanceof errors.InvalidClient || error instanceof errors.InvalidClientMetadata) {
        return refuse(exchange, 400, error.error_description ?? "This client is not allowed.", error.error);
      }
      if (!(error instanceof errors.SessionNotFound)) throw error;
      return refuse(
        exchange,
        400,
        "This sign-in has expired or was started in another browser. Return to the application and start again.",
        "session_not_found",
      );
    }
  };
}

async function show(parts: InteractionParts, exchange: Exchange, interaction: Interaction): Promise<true> {
  const { directory, scopes, profile } = parts;
  const { params, prompt, session } = interaction;
  const redirectUri = String(params.redirect_uri);
  const { clientId, client, redirectUris } = await clientOf(parts, interaction);
  const action = `/interaction/${interaction.uid}`;
  const headers = pageHeaders(formTargetOf(redirectUri));

  if (prompt.name === "login") {
    if (session?.accountId) return startOver(parts, exchange, interaction);
    return send(
      exchange,
      200,
      await signInPage({ action: `${action}/login`, client, users: directory.users() }),
      headers,
    );
  }
  const user = directory.findUser(session?.accountId ?? "");
  if (!user) return startOver(parts, exchange, interaction);
  const asked = scopeWords(params.scope as string | undefined);
  const page = await consentPage({
    action,
    client,
    ...(isDocumentId(clientId) && { clientUrl: clientId, isLoopbackOnly: redirectUris.every(isLoopback) }),
    user,
    scopes: asked.map((scope) => ({ scope, description: scopes.describe(scope) })),
    resources: profile.resource === "honoured" ? resourcesOf(interaction) : [],
    redirectUri,
    ...(asked.includes("user:org:read") && { organizations: organizationsOf(directory, user) }),
  });
  return send(exchange, 200, page, headers);
}

async function take(
  parts: InteractionParts,
  exchange: Exchange,
  interaction: Interaction,
  step: string | undefined,
): Promise<true> {
  const { req, res } = exchange;
  const { provider } = parts.oauth;
  const form = new URLSearchParams(await readBody(req));
  switch (step) {
    case "login": {
      const user = parts.directory.findUser(form.get("user") ?? "");
      if (!user || user.banned || parts.directory.isLocked(user))
        return refuse(exchange, 403, "This account cannot sign in.", "access_denied");
      user.lastSignInAt = parts.clock.now();
      await provider.interactionFinished(req, res, { login: { accountId: user.id } });
      return true;
    }
    case "switch":
      return startOver(parts, exchange, interaction);
    case "deny":
      await provider.interactionFinished(
        req,
        res,
        { error: "access_denied", error_description: "The user denied the request." },
        { mergeWithLastSubmission: false },
      );
      return true;
    case "allow": {
      const grantId = await saveGrant(parts, interaction, form.get("organization") ?? "");
      if (!grantId)
        return refuse(exchange, 403, "You are not a member of that organization.", "access_denied");
      await provider.interactionFinished(req, res, { consent: { grantId } });
      return true;
    }
    default:
      return refuse(exchange, 404, "Page not found.", "not_found");
  }
}

/** Grants the requested scopes and resources. Returns `undefined` if the user is not a member of the organization. */
async function saveGrant(
  parts: InteractionParts,
  interaction: Interaction,
  organizationId: string,
): Promise<string | undefined> {
  const { directory, store } = parts;
  const { Grant } = parts.oauth.provider;
  const { params, session, grantId } = interaction;
  const user = directory.user(session?.accountId ?? "");
  const organization = organizationsOf(directory, user).find((entry) => entry.id === organizationId);
  if (organizationId !== "" && !organization) return undefined;

  const scope = String(params.scope ?? "");
  const grant =
    (grantId === undefined ? undefined : await Grant.find(grantId)) ??
    new Grant({ accountId: user.id, clientId: String(params.client_id) });
  // Both are needed: without the resource scope, the token lacks the scope.
  grant.addOIDCScope(scope);
  for (const resource of resourcesOf(interaction)) grant.addResourceScope(resource, scope);
  const saved = await grant.save();
  if (isDocumentId(grant.clientId ?? "")) parts.metadataClients.connected(grant.clientId ?? "");

  if (organization) chooseOrganization(store, saved, organization.id);
  else forgetOrganization(store, saved);
  return saved;
}

/** Signs the user out and restarts the authorization request. */
async function startOver(
  parts: InteractionParts,
  exchange: Exchange,
  interaction: Interaction,
): Promise<true> {
  const { Session } = parts.oauth.provider;
  const session = interaction.session && (await Session.findByUid(interaction.session.uid));
  await session?.destroy();
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(interaction.params)) {
    for (const entry of [value].flat()) query.append(name, String(entry));
  }
  return redirect(exchange, `${parts.issuer}/oauth/authorize?${query}`);
}

async function clientOf({ oauth }: InteractionParts, { params }: Interaction) {
  const clientId = String(params.client_id);
  const found = await oauth.provider.Client.find(clientId);
  return { clientId, client: found?.clientName ?? clientId, redirectUris: found?.redirectUris ?? [] };
}

function isLoopback(redirectUri: string): boolean {
  return URL.canParse(redirectUri) && isLoopbackUrl(new URL(redirectUri));
}

function resourcesOf({ params }: Interaction): string[] {
  return [params.resource ?? []].flat().map(String);
}

function organizationsOf(directory: Directory, user: LocalUser) {
  return directory.membershipsOf(user).map((membership) => directory.organization(membership.organizationId));
}

/** Refuses forms from other sites. Browsers send `Origin` with every cross-site form. */
function isSameOrigin({ issuer }: InteractionParts, { req }: Exchange): boolean {
  const { origin } = req.headers;
  return origin === undefined || origin === issuer;
}

async function refuse(exchange: Exchange, status: number, text: string, title: string): Promise<true> {
  return send(exchange, status, await errorPage({ title, text }), pageHeaders());
}
