/** The part of Clerk's Backend API that an MCP server uses. Any other path gets a 404 that names it. */
import type { Directory, LocalUser } from "../directory/directory.js";
import { Refused, sendClerkError } from "../http/clerk-error.js";
import { type Handler, readJson, sendJson } from "../http/exchange.js";
import { apiKeyRoutes } from "./api-keys.js";
import { callerOf } from "./caller.js";
import { m2mTokenRoutes } from "./m2m-tokens.js";
import { machineRoutes } from "./machines.js";
import { oauthApplicationRoutes } from "./oauth-applications.js";
import { oauthSettingsRoutes } from "./oauth-settings.js";
import { page } from "./paging.js";
import type { BackendApiParts } from "./parts.js";
import { membershipResource, organizationResource, userResource } from "./resources.js";
import { missing, notFound, type Route } from "./route.js";
import { metadataChanges, newUser, userChanges } from "./user-changes.js";
import { verifyAccessToken } from "./verify.js";

export function backendApiHandler(parts: BackendApiParts): Handler {
  const routes = [
    ...directoryRoutes(parts),
    ...oauthApplicationRoutes(parts),
    ...oauthSettingsRoutes(parts),
    ...apiKeyRoutes(parts),
    ...machineRoutes(parts),
    ...m2mTokenRoutes(parts),
  ];
  return async (exchange) => {
    const path = operationPath(exchange.path);
    if (path === undefined) return false;
    try {
      const caller = callerOf(exchange, parts, path.startsWith("/m2m_tokens"));
      for (const [method, pattern, operation, status = 200] of routes) {
        const match = method === exchange.method ? pattern.exec(path) : null;
        if (match) {
          return sendJson(exchange, status, await operation(decoded(match[1]), exchange, caller));
        }
      }
      throw notFound(`clerk-local does not implement ${exchange.method} ${exchange.path}.`);
    } catch (error) {
      if (error instanceof Refused) return sendClerkError(exchange, error.error);
      throw error;
    }
  };
}

/** The path without `/v1`. Clerk's SDK omits the prefix for tokens and API keys. */
function operationPath(path: string): string | undefined {
  if (path.startsWith("/v1/")) return path.slice("/v1".length);
  return /^\/(oauth_applications\/|(api_keys|m2m_tokens)(\/|$))/.test(path) ? path : undefined;
}

function directoryRoutes(parts: BackendApiParts): Route[] {
  const { issuer, directory, keys } = parts;
  const user = (id: string) => directory.users().find((entry) => entry.id === id) ?? missing("user", id);
  const organization = (idOrSlug: string) =>
    directory.findOrganization(idOrSlug) ?? missing("organization", idOrSlug);

  return [
    ["GET", /^\/jwks$/, () => keys.jwks()],
    [
      "GET",
      /^\/users$/,
      (_id, { url }) => page(url, matchingUsers(directory, url)).map((entry) => userResource(issuer, entry)),
    ],
    [
      "GET",
      /^\/users\/count$/,
      (_id, { url }) => ({ object: "total_count", total_count: matchingUsers(directory, url).length }),
    ],
    ["GET", /^\/users\/([^/]+)$/, (id) => userResource(issuer, user(id))],
    [
      "POST",
      /^\/users$/,
      async (_id, exchange) =>
        userResource(issuer, directory.createUser(newUser(directory, await readJson(exchange.req)))),
    ],
    [
      "DELETE",
      /^\/users\/([^/]+)$/,
      (id) => {
        directory.deleteUser(user(id));
        return { object: "user", id, deleted: true };
      },
    ],
    [
      "POST",
      /^\/users\/([^/]+)\/(?:un)?ban$/,
      (id, { path }) => {
        const target = user(id);
        directory.updateUser(target, { banned: path.endsWith("/ban") });
        return userResource(issuer, target);
      },
    ],
    [
      "PATCH",
      /^\/users\/([^/]+)$/,
      async (id, exchange) => {
        const target = user(id);
        directory.updateUser(target, userChanges(await readJson(exchange.req)));
        return userResource(issuer, target);
      },
    ],
    [
      "PATCH",
      /^\/users\/([^/]+)\/metadata$/,
      async (id, exchange) => {
        const target = user(id);
        directory.updateUser(target, metadataChanges(target, await readJson(exchange.req)));
        return userResource(issuer, target);
      },
    ],
    [
      "GET",
      /^\/users\/([^/]+)\/organization_memberships$/,
      (id, { url }) => {
        const all = directory.membershipsOf(user(id));
        return {
          data: page(url, all).map((entry) => membershipResource(issuer, directory, entry)),
          total_count: all.length,
        };
      },
    ],
    [
      "GET",
      /^\/organizations$/,
      (_id, { url }) => {
        const all = directory.organizations().reverse();
        return {
          data: page(url, all).map((entry) => organizationResource(issuer, directory, entry)),
          total_count: all.length,
        };
      },
    ],
    ["GET", /^\/organizations\/([^/]+)$/, (id) => organizationResource(issuer, directory, organization(id))],
    [
      "GET",
      /^\/organizations\/([^/]+)\/memberships$/,
      (id, { url }) => {
        const all = directory.membersOf(organization(id));
        const wanted = url.searchParams.getAll("user_id");
        const members = wanted.length > 0 ? all.filter((entry) => wanted.includes(entry.userId)) : all;
        return {
          data: page(url, members).map((entry) => membershipResource(issuer, directory, entry)),
          total_count: members.length,
        };
      },
    ],
    [
      "POST",
      /^\/oauth_applications\/access_tokens\/verify$/,
      (_id, exchange) => verifyAccessToken(parts, exchange),
    ],
  ];
}

/** Decodes a path segment. A segment that cannot be decoded is returned unchanged and matches no id. */
function decoded(part = ""): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Newest first. Applies the filters; each of them may be a repeated query parameter. */
function matchingUsers(directory: Directory, { searchParams }: URL): LocalUser[] {
  const filters: [string, (user: LocalUser) => string | null][] = [
    ["user_id", (user) => user.id],
    ["username", (user) => user.username],
    ["email_address", (user) => user.email],
    ["external_id", (user) => user.externalId],
  ];
  return directory
    .users()
    .reverse()
    .filter((user) =>
      filters.every(([name, value]) => {
        const wanted = searchParams.getAll(name);
        return wanted.length === 0 || wanted.includes(value(user) ?? "");
      }),
    );
}
