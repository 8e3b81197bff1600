/** Adapts an authorization request for oidc-provider where Clerk's defaults differ. */
import type { Exchange, Handler } from "../http/exchange.js";
import { DEFAULT_REQUEST_SCOPE, scopeWords } from "../scopes.js";

/** Only rewrites the request's query; never answers. */
export const clerkDefaults: Handler = (exchange) => {
  const { req, path, method, url } = exchange;
  if (path === "/oauth/authorize" && method === "GET") req.url = `${path}?${withDefaults(url)}`;
  return false;
};

function withDefaults({ searchParams }: Exchange["url"]): URLSearchParams {
  const query = new URLSearchParams(searchParams);
  if (!query.get("scope")) query.set("scope", DEFAULT_REQUEST_SCOPE);
  // oidc-provider drops offline_access unless the request has `prompt=consent`.
  if (scopeWords(query.get("scope") ?? "").includes("offline_access") && !query.get("prompt")) {
    query.set("prompt", "consent");
  }
  return query;
}
