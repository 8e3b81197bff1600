import type { Session } from "./session/session.js";

/** The MCP SDK's `AuthInfo`, which tools see as `extra.authInfo`. */
export interface AuthInfo {
  /** Always empty: a tool has no use for the raw token, and what it does not have it cannot leak. */
  readonly token: "";
  readonly clientId: string;
  readonly scopes: string[];
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly resource: URL;
  readonly extra: {
    readonly userId: string;
    readonly organizationId?: string;
    readonly organizationRole?: string;
    readonly organizationPermissions?: readonly string[];
    readonly tokenId?: string;
  };
}

export function authInfoOf(session: Session, resource: string): AuthInfo {
  const { userId, organizationId, organizationRole, organizationPermissions, tokenId } = session;
  return {
    token: "",
    clientId: session.clientId,
    scopes: [...session.scopes],
    expiresAt: Math.floor(session.expiresAt.getTime() / 1000),
    resource: new URL(resource),
    extra: {
      userId,
      ...(organizationId !== undefined && { organizationId }),
      ...(organizationRole !== undefined && { organizationRole }),
      ...(organizationPermissions !== undefined && { organizationPermissions }),
      ...(tokenId !== undefined && { tokenId }),
    },
  };
}
