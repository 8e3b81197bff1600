/**
 * The OAuth and OpenID Connect server is oidc-provider. This module makes it behave like Clerk, with documented
 * settings and hooks only.
 */
import type {
  ClientMetadata,
  Configuration,
  KoaContextWithOIDC,
  Provider as OidcProvider,
} from "oidc-provider";
import type { MetadataClients } from "../client-metadata/metadata-clients.js";
import type { Clock } from "../clock.js";
import type { Directory } from "../directory/directory.js";
import type { Profile } from "../options.js";
import { pageHeaders } from "../pages/headers.js";
import { errorPage } from "../pages/layout.js";
import { clientScope, type ScopeCatalogue } from "../scopes.js";
import type { Seed } from "../seed/seed.js";
import type { RecordStore } from "../state/records.js";
import type { AccessTokens } from "../tokens/access-tokens.js";
import type { KeyRing } from "../tokens/keys.js";
import { recordAdapter } from "./adapter.js";
import { asClerkAnswers } from "./clerk-answers.js";
import { documentClient } from "./document-client.js";
import { Provider } from "./oidc-provider.js";
import { organizationOfGrant } from "./organization-choice.js";
import { clerkPolicy } from "./policy.js";
import { isRedirectAllowed, providerApplicationType } from "./redirect-uris.js";
import { checkRequest } from "./request-rules.js";

const DAY = 86_400;
const TEN_YEARS = 3650 * DAY;

type RegisteredClient = InstanceType<OidcProvider["Client"]>;

export interface ProviderParts {
  issuer: string;
  profile: Profile;
  keys: KeyRing;
  cookieKeys: string[];
  store: RecordStore;
  clock: Clock;
  directory: Directory;
  scopes: ScopeCatalogue;
  tokens: AccessTokens;
  applications: Seed["oauthApplications"];
  metadataClients: MetadataClients;
}

/**
 * Builds the server for the current keys. Its state is in the store, so a rebuilt server continues with the same state.
 */
export function buildProvider(parts: ProviderParts): OidcProvider {
  const provider = new Provider(parts.issuer, configuration(parts));
  // oidc-provider decides by application_type, Clerk by the host.
  provider.Client.prototype.redirectUriAllowed = function redirectUriAllowed(this: RegisteredClient, uri) {
    const { clientId, redirectUris = [] } = this;
    return isRedirectAllowed(uri, { clientId, redirectUris }, parts.profile);
  };
  provider.use(async (ctx, next) => {
    await next();
    await asClerkAnswers(ctx as KoaContextWithOIDC, parts);
  });
  provider.on("server_error", (_ctx, error) => {
    console.error("clerk-local: the OAuth server failed.", error);
  });
  return provider;
}

function configuration(parts: ProviderParts): Configuration {
  const { issuer, profile, keys, store, directory, scopes } = parts;
  const cookiePrefix = `clerk_local_${new URL(issuer).port}`;
  return {
    adapter: recordAdapter(parts, (clientId) => documentClient(clientId, parts)),
    jwks: { keys: keys.privateJwks().map((jwk) => ({ ...jwk })) },
    clients: parts.applications.map((application) => clientOf(application, profile)),
    scopes: scopes.all,
    claims: {
      openid: ["sub"],
      profile: ["name", "given_name", "family_name", "preferred_username", "picture"],
      email: ["email", "email_verified"],
    },
    conformIdTokenClaims: false,
    // Cookies are shared between ports: with the same names, two local Clerks would sign each other out.
    cookies: {
      keys: parts.cookieKeys,
      names: {
        session: `${cookiePrefix}_session`,
        interaction: `${cookiePrefix}_interaction`,
        resume: `${cookiePrefix}_resume`,
      },
    },
    routes: {
      authorization: "/oauth/authorize",
      token: "/oauth/token",
      revocation: "/oauth/token/revoke",
      userinfo: "/oauth/userinfo",
      jwks: "/.well-known/jwks.json",
    },
    clientDefaults: {
      grant_types: ["authorization_code", "refresh_token"],
      scope: clientScope(profile.defaultScopes),
    },
    clientAuthMethods: ["client_secret_basic", "none", "client_secret_post"],
    clientBasedCORS: () => true,
    pkce: { required: (_ctx, client) => client.clientAuthMethod === "none" },
    expiresWithSession: () => false,
    rotateRefreshToken: profile.refreshTokenRotation !== "off",
    issueRefreshToken: async (_ctx, client, code) =>
      client.grantTypeAllowed("refresh_token") &&
      (profile.refreshTokens === "always" || code.scopes.has("offline_access")),
    ttl: {
      AccessToken: profile.accessTokenTtlSeconds,
      AuthorizationCode: 600,
      IdToken: DAY,
      RefreshToken: TEN_YEARS,
      Grant: TEN_YEARS,
      Interaction: 3600,
      Session: 7 * DAY,
    },
    interactions: { policy: clerkPolicy(), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => {
      const user = directory.findUser(id);
      if (!user || user.banned) return undefined;
      return {
        accountId: user.id,
        claims: () => ({
          sub: user.id,
          name: [user.firstName, user.lastName].filter(Boolean).join(" "),
          given_name: user.firstName,
          family_name: user.lastName,
          preferred_username: user.username,
          picture: `${issuer}/images/${user.id}.svg`,
          email: user.email,
          email_verified: true,
        }),
      };
    },
    extraTokenClaims: (_ctx, token) => {
      const organizationId =
        token.kind === "AccessToken" && token.scopes.has("user:org:read")
          ? organizationOfGrant(store, token.grantId)
          : undefined;
      return organizationId ? { org_id: organizationId } : undefined;
    },
    renderError: async (ctx, out) => {
      ctx.set(pageHeaders());
      ctx.type = "html";
      ctx.body = await errorPage({
        title: out.error,
        text: out.error_description ?? "The request cannot be answered.",
      });
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        // One of the hooks runs for every authorization request, with or without `resource`.
        defaultResource: (ctx, _client, oneOf) => {
          checkRequest(ctx, scopes);
          return oneOf?.[0] as string;
        },
        getResourceServerInfo: (ctx, resource) => {
          checkRequest(ctx, scopes);
          return {
            // oidc-provider grants a resource only the scopes listed here.
            scope: scopes.all.join(" "),
            audience: resource,
            accessTokenTTL: profile.accessTokenTtlSeconds,
            // Stored as opaque and replaced by a JWT in the response: oidc-provider's own JWTs require an audience.
            accessTokenFormat: "opaque",
          };
        },
      },
    },
  };
}

function clientOf(
  application: Seed["oauthApplications"][number],
  { defaultScopes }: Profile,
): ClientMetadata {
  return {
    client_id: application.clientId,
    client_name: application.name,
    redirect_uris: application.redirectUris,
    application_type: providerApplicationType(application.redirectUris),
    scope: application.scopes?.join(" ") ?? clientScope(defaultScopes),
    ...(application.clientSecret
      ? { client_secret: application.clientSecret, token_endpoint_auth_method: "client_secret_basic" }
      : { token_endpoint_auth_method: "none" }),
  };
}
