/** Adapts an authorization request for oidc-provider where Clerk's defaults differ. */
import { isDocumentId } from "../client-metadata/client-id.js";
import type { Exchange, Handler } from "../http/exchange.js";
import type { Profile } from "../options.js";
import { scopeWords } from "../scopes.js";

/** Only rewrites the request's query; never answers. */
export function clerkDefaults(profile: Pick<Profile, "defaultScopes">): Handler {
  return ({ req, path, method, url }) => {
    if (path === "/oauth/authorize" && method === "GET") {
      req.url = `${path}?${withDefaults(url, profile.defaultScopes)}`;
    }
    return false;
  };
}

function withDefaults({ searchParams }: Exchange["url"], defaultScopes: readonly string[]): URLSearchParams {
  const query = new URLSearchParams(searchParams);
  const asked = scopeWords(query.get("scope") ?? "");
  const scopes = asked.length > 0 ? asked : [...defaultScopes];
  // A client with a metadata document always gets a refresh token, whether it asks for one or not.
  if (isDocumentId(query.get("client_id") ?? "")) scopes.push("offline_access");
  query.set("scope", [...new Set(scopes)].join(" "));
  const prompts = scopeWords(query.get("prompt") ?? "");
  // oidc-provider drops offline_access unless the request has `prompt=consent`.
  if (scopes.includes("offline_access") && !prompts.includes("none")) {
    query.set("prompt", [...new Set([...prompts, "consent"])].join(" "));
  }
  return query;
}
