/** The part of Clerk's Backend API that an MCP server uses. Everything else is a 404 that says so. */
import type { Directory, LocalUser } from "../directory/directory.js";
import { hasSecretKey } from "../http/bearer.js";
import { type Exchange, type Handler, readJson, sendJson } from "../http/exchange.js";
import type { Profile } from "../options.js";
import type { AccessTokens } from "../tokens/access-tokens.js";
import type { KeyRing } from "../tokens/keys.js";
import { Refused, sendClerkError } from "./errors.js";
import { page } from "./paging.js";
import { membershipResource, organizationResource, userResource } from "./resources.js";
import { metadataChanges, userChanges } from "./user-changes.js";
import { verifyAccessToken } from "./verify.js";

export interface BackendApiParts {
  issuer: string;
  secretKey: string;
  directory: Directory;
  tokens: AccessTokens;
  keys: KeyRing;
  profile: Profile;
}

/** Answers with a body, or throws `Refused`. */
type Operation = (id: string, exchange: Exchange) => unknown;

export function backendApiHandler(parts: BackendApiParts): Handler {
  const routes = operations(parts);
  return async (exchange) => {
    const path = operationPath(exchange.path);
    if (path === undefined) return false;
    if (!hasSecretKey(exchange, parts.secretKey)) {
      return sendClerkError(exchange, {
        status: 401,
        code: "clerk_key_invalid",
        message: "The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct.",
      });
    }
    try {
      for (const [method, pattern, operation] of routes) {
        const match = method === exchange.method ? pattern.exec(path) : null;
        if (match) return sendJson(exchange, 200, await operation(decoded(match[1]), exchange));
      }
      throw notFound(`clerk-local does not implement ${exchange.method} ${exchange.path}.`);
    } catch (error) {
      if (error instanceof Refused) return sendClerkError(exchange, error.error);
      throw error;
    }
  };
}

/** The path without `/v1`, which Clerk's SDK leaves out for the verification of tokens. */
function operationPath(path: string): string | undefined {
  if (path.startsWith("/v1/")) return path.slice("/v1".length);
  return path.startsWith("/oauth_applications/") ? path : undefined;
}

function operations(parts: BackendApiParts): [method: string, path: RegExp, operation: Operation][] {
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

/** A part of a path as text; what cannot be decoded is no id of anything. */
function decoded(part = ""): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function notFound(longMessage: string): Refused {
  return new Refused({ status: 404, code: "resource_not_found", message: "not found", longMessage });
}

function missing(kind: string, id: string): never {
  throw notFound(`No ${kind} was found with id ${id}.`);
}

/** Newest first, narrowed by the filters that are repeated query parameters. */
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
