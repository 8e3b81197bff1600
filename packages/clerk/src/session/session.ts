import type { AccessToken } from "../verification/access-token.js";
import type { Membership } from "./memberships.js";

/** Who is calling, as the access token and the organization's membership say. */
export interface Session {
  /** `user_…` */
  readonly userId: string;
  /** Clerk session, only if the token names one; OAuth access tokens do not. */
  readonly sessionId?: string;
  /** The organization the user picked at consent (`user:org:read`), if they are still a member of it. */
  readonly organizationId?: string;
  /** e.g. `org:admin`. Absent without an organization, and while Clerk cannot be asked. */
  readonly organizationRole?: string;
  /** e.g. `["org:documents:delete"]`. Absent as `organizationRole` is. */
  readonly organizationPermissions?: readonly string[];
  readonly expiresAt: Date;
  readonly issuedAt: Date;
  readonly scopes: readonly string[];
  /** The OAuth client (the MCP client's registration) that the token was given to. */
  readonly clientId: string;
  /** `oat_…`: names the token in records; it is not the token. */
  readonly tokenId?: string;
  /** The verified JWT payload, or Clerk's description of an opaque token. Not the token itself. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Builds the session; `membership` is `null` if the user is not in the organization that the token names. */
export function sessionOf(token: AccessToken, membership: Membership | null | undefined): Session {
  const sessionId = token.claims.sid;
  return {
    userId: token.userId,
    ...(typeof sessionId === "string" && { sessionId }),
    ...(token.organizationId !== undefined &&
      membership !== null && { organizationId: token.organizationId }),
    ...(membership && {
      organizationRole: membership.role,
      organizationPermissions: membership.permissions,
    }),
    expiresAt: token.expiresAt,
    issuedAt: token.issuedAt,
    scopes: token.scopes,
    clientId: token.clientId,
    ...(token.tokenId !== undefined && { tokenId: token.tokenId }),
    claims: token.claims,
  };
}
