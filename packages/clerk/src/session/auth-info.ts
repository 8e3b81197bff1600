import type { CallerKind } from "../identity.js";
import { type Session, userIdOf } from "./session.js";

/** The MCP SDK's `AuthInfo`, which tools see as `extra.authInfo`. */
export interface AuthInfo {
  /** Always empty: a tool does not need the raw token, and cannot leak it this way. */
  readonly token: "";
  readonly clientId: string;
  readonly scopes: string[];
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly resource: URL;
  readonly extra: {
    readonly caller: CallerKind;
    readonly subject: string;
    /** Absent if the caller is not a user. */
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
  const extra: Mutable<AuthInfo["extra"]> = { caller, subject };
  if (userId !== undefined) extra.userId = userId;
  if (organizationId !== undefined) extra.organizationId = organizationId;
  if (organizationSlug !== undefined) extra.organizationSlug = organizationSlug;
  if (organizationRole !== undefined) extra.organizationRole = organizationRole;
  if (organizationPermissions !== undefined) extra.organizationPermissions = organizationPermissions;
  if (tokenId !== undefined) extra.tokenId = tokenId;
  return {
    token: "",
    clientId: session.clientId,
    scopes: [...session.scopes],
    expiresAt: Math.floor(session.expiresAt.getTime() / 1000),
    // A URL is mutable, so each access returns a new one.
    get resource() {
      return new URL(resource);
    },
    extra,
  };
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
