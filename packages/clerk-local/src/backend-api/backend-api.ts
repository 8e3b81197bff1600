/** The part of Clerk's Backend API that an MCP server uses. Any other path gets a 501 that names it. */
import { Refused, sendClerkError } from "../http/clerk-error.js";
import { type Handler, send, sendJson } from "../http/exchange.js";
import { apiKeyRoutes } from "./api-keys.js";
import { callerOf } from "./caller.js";
import { connectedAccountRoutes } from "./connected-accounts.js";
import { invitationRoutes } from "./invitations.js";
import { m2mTokenRoutes } from "./m2m-tokens.js";
import { machineRoutes } from "./machines.js";
import { membershipRoutes } from "./memberships.js";
import { oauthApplicationRoutes } from "./oauth-applications.js";
import { oauthSettingsRoutes } from "./oauth-settings.js";
import { organizationRoutes } from "./organizations.js";
import type { BackendApiParts } from "./parts.js";
import { RateLimit } from "./rate-limit.js";
import { roleRoutes } from "./roles.js";
import type { Route } from "./route.js";
import { sessionRoutes } from "./sessions.js";
import { signInTokenRoutes } from "./sign-in-tokens.js";
import { userRoutes } from "./users.js";
import { verifyAccessToken } from "./verify.js";

export function backendApiHandler(parts: BackendApiParts): Handler {
  const routes = routesOf(parts);
  const rateLimit = new RateLimit(parts.profile);
  return async (exchange) => {
    const path = operationPath(exchange.path);
    if (path === undefined) return false;
    try {
      const caller = callerOf(exchange, parts, path.startsWith("/m2m_tokens"));
      // Clerk does not limit requests for its keys.
      const wait = path === "/jwks" ? 0 : rateLimit.wait(parts.clock.now());
      if (wait > 0) {
        return sendClerkError(exchange, tooManyRequests(), { "retry-after": String(wait) });
      }
      for (const [method, pattern, operation, status = 200] of routes) {
        const match = method === exchange.method ? pattern.exec(path) : null;
        if (match) {
          const body = await operation(decoded(match[1]), exchange, caller, decoded(match[2]));
          return body === undefined ? send(exchange, status, "") : sendJson(exchange, status, body);
        }
      }
      throw notImplemented(exchange.method, exchange.path);
    } catch (error) {
      if (error instanceof Refused) return sendClerkError(exchange, error.error);
      throw error;
    }
  };
}

/** The first that matches is taken. */
function routesOf(parts: BackendApiParts): Route[] {
  return [
    ["GET", /^\/jwks$/, () => parts.keys.jwks()],
    [
      "POST",
      /^\/oauth_applications\/access_tokens\/verify$/,
      (_id, exchange) => verifyAccessToken(parts, exchange),
    ],
    ...userRoutes(parts),
    ...connectedAccountRoutes(parts),
    ...membershipRoutes(parts),
    ...organizationRoutes(parts),
    ...invitationRoutes(parts),
    ...roleRoutes(parts),
    ...sessionRoutes(parts),
    ...signInTokenRoutes(parts),
    ...oauthApplicationRoutes(parts),
    ...oauthSettingsRoutes(parts),
    ...apiKeyRoutes(parts),
    ...machineRoutes(parts),
    ...m2mTokenRoutes(parts),
  ];
}

/** The path without `/v1`. Clerk's SDK omits the prefix for tokens and API keys. */
function operationPath(path: string): string | undefined {
  if (path.startsWith("/v1/")) return path.slice("/v1".length);
  return /^\/(oauth_applications\/|(api_keys|m2m_tokens)(\/|$))/.test(path) ? path : undefined;
}

/** Decodes a path segment. A segment that cannot be decoded is returned unchanged and matches no id. */
function decoded(part = ""): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A code of its own: a call that is missing here must not look like a user who is missing. */
function notImplemented(method: string, path: string): Refused {
  return new Refused({
    status: 501,
    code: "clerk_local_not_implemented",
    message: "not implemented",
    longMessage: `clerk-local does not implement ${method} ${path}.`,
  });
}

function tooManyRequests() {
  return {
    status: 429,
    code: "too_many_requests",
    message: "Too many requests",
    longMessage: "Too many requests. Please try again in a bit.",
  };
}
