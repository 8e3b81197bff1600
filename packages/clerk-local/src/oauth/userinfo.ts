/** `/oauth/userinfo`, in Clerk's format. oidc-provider's own endpoint refuses tokens with an audience. */

import type { Directory, LocalUser } from "../directory/directory.js";
import { sendClerkError } from "../http/clerk-error.js";
import { allowAnyOrigin } from "../http/cors.js";
import { bearerToken, type Handler, sendJson } from "../http/exchange.js";
import { scopeWords } from "../scopes.js";
import type { AccessTokenRecord, AccessTokens } from "../tokens/access-tokens.js";
import type { KeyRing } from "../tokens/keys.js";

export interface UserinfoParts {
  issuer: string;
  directory: Directory;
  tokens: AccessTokens;
  keys: KeyRing;
}

export function userinfoHandler(parts: UserinfoParts): Handler {
  return async (exchange) => {
    if (exchange.path !== "/oauth/userinfo") return false;
    if (allowAnyOrigin(exchange, "GET, POST")) return true;
    const token = bearerToken(exchange);
    const found = token ? await parts.tokens.find(token) : undefined;
    const user = found?.state === "active" ? parts.directory.findUser(found.record.accountId) : undefined;
    if (found?.state !== "active" || !user) {
      return sendClerkError(
        exchange,
        {
          status: 401,
          code: "oauth_token_invalid",
          message: "The access token is missing, invalid, expired or revoked.",
        },
        { "www-authenticate": token ? 'Bearer error="invalid_token"' : "Bearer" },
      );
    }
    return sendJson(exchange, 200, userinfo(parts, user, found.record), { "cache-control": "no-store" });
  };
}

function userinfo({ issuer, directory, keys }: UserinfoParts, user: LocalUser, record: AccessTokenRecord) {
  const granted = scopeWords(record.scope);
  const organization =
    record.organizationId && granted.includes("user:org:read")
      ? directory.findOrganization(record.organizationId)
      : undefined;
  return {
    object: "oauth_user_info",
    instance_id: keys.current.kid,
    user_id: user.id,
    sub: user.id,
    ...(granted.includes("email") && { email: user.email, email_verified: true }),
    ...(granted.includes("profile") && {
      name: [user.firstName, user.lastName].filter(Boolean).join(" "),
      given_name: user.firstName,
      family_name: user.lastName,
      username: user.username,
      preferred_username: user.username,
      picture: `${issuer}/images/${user.id}.svg`,
    }),
    ...(granted.includes("public_metadata") && {
      public_metadata: user.publicMetadata,
      unsafe_metadata: user.unsafeMetadata,
    }),
    ...(granted.includes("private_metadata") && { private_metadata: user.privateMetadata }),
    ...(organization && {
      org_id: organization.id,
      org_name: organization.name,
      org_slug: organization.slug,
    }),
  };
}
