/** Adapts an authorization request for oidc-provider where Clerk's rules differ. */
import { isDocumentId } from "../client-metadata/client-id.js";
import { type Exchange, type Handler, readBody } from "../http/exchange.js";
import type { Profile } from "../options.js";
import { scopeWords } from "../scopes.js";
import type { OAuthServer } from "./oauth-server.js";

const PATH = "/oauth/authorize";

/** Turns an authorization request by POST into one by GET. Never answers. */
export const authorizationByPost: Handler = async (exchange) => {
  const { req, path, method, url } = exchange;
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(req.headers["content-type"] ?? "");
  if (path !== PATH || method !== "POST" || !isForm) return false;
  url.search = new URLSearchParams(await readBody(req)).toString();
  exchange.method = req.method = "GET";
  req.url = `${path}${url.search}`;
  return false;
};

export interface AuthorizationDefaults {
  profile: Pick<Profile, "defaultScopes" | "scopeWhenOmitted">;
  oauth: OAuthServer;
}

/** Fills in the scope and the prompt of an authorization request. Only rewrites its query; never answers. */
export function clerkDefaults(parts: AuthorizationDefaults): Handler {
  return async ({ req, path, method, url }) => {
    if (path === PATH && method === "GET") req.url = `${path}?${await withDefaults(url, parts)}`;
    return false;
  };
}

async function withDefaults(
  { searchParams }: Exchange["url"],
  parts: AuthorizationDefaults,
): Promise<URLSearchParams> {
  const query = new URLSearchParams(searchParams);
  const clientId = query.get("client_id") ?? "";
  const asked = scopeWords(query.get("scope") ?? "");
  const scopes = asked.length > 0 ? asked : await scopesWhenOmitted(clientId, parts);
  // A client with a metadata document always gets a refresh token, whether it asks for one or not.
  if (isDocumentId(clientId)) scopes.push("offline_access");
  query.set("scope", [...new Set(scopes)].join(" "));
  const prompts = scopeWords(query.get("prompt") ?? "");
  // oidc-provider drops offline_access unless the request has `prompt=consent`.
  if (scopes.includes("offline_access") && !prompts.includes("none")) {
    query.set("prompt", [...new Set([...prompts, "consent"])].join(" "));
  }
  return query;
}

async function scopesWhenOmitted(
  clientId: string,
  { profile, oauth }: AuthorizationDefaults,
): Promise<string[]> {
  if (profile.scopeWhenOmitted === "registered") {
    // oidc-provider refuses the request if the client is unknown or its document cannot be used.
    const client = await oauth.provider.Client.find(clientId).catch(() => undefined);
    if (client?.scope !== undefined) return scopeWords(client.scope);
  }
  return [...profile.defaultScopes];
}
