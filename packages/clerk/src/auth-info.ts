import type { CallerKind } from "./access/rules.js";
import { type Session, userIdOf } from "./session/session.js";

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
    readonly caller: CallerKind;
    readonly subject: string;
    /** Absent if the caller is no user. */
    readonly userId?: string;
    readonly organizationId?: string;
    readonly organizationSlug?: string;
    readonly organizationRole?: string;
    readonly organizationPermissions?: readonly string[];
    readonly tokenId?: string;
  };
}

export function authInfoOf(session: Session, resource: string): AuthInfo {
  const {
    caller,
    subject,
    organizationId,
    organizationSlug,
    organizationRole,
    organizationPermissions,
    tokenId,
  } = session;
  const userId = userIdOf(session);
  return {
    token: "",
    clientId: session.clientId,
    scopes: [...session.scopes],
    expiresAt: Math.floor(session.expiresAt.getTime() / 1000),
    // A URL can be changed, so each caller gets its own, and only if it asks.
    get resource() {
      return new URL(resource);
    },
    extra: {
      caller,
      subject,
      ...(userId !== undefined && { userId }),
      ...(organizationId !== undefined && { organizationId }),
      ...(organizationSlug !== undefined && { organizationSlug }),
      ...(organizationRole !== undefined && { organizationRole }),
      ...(organizationPermissions !== undefined && { organizationPermissions }),
      ...(tokenId !== undefined && { tokenId }),
    },
  };
}
