import type { EventCaller } from "../events/events.js";
import { type CallerKind, isUserId } from "../identity.js";

/** The checks of `has()`. All members that are present must be met. */
export interface Has {
  /** A scope of the token, or one that `scopeHierarchy` includes. */
  readonly scope?: string | undefined;
  /** e.g. `org:admin`, with or without `org:` */
  readonly role?: string | undefined;
  /** e.g. `org:documents:delete`, with or without `org:` */
  readonly permission?: string | undefined;
}

/**
 * Who is calling, according to the credential and the organization membership. Lists and claims are cached for the
 * credential's next request, so they are frozen: changing one throws a `TypeError`.
 */
export interface Session {
  /** The kind of caller. Always `user` unless `accepts` allows others. */
  readonly caller: CallerKind;
  /** The subject of the credential: `user_…`, for an API key also `org_…`, for a machine `mch_…`. */
  readonly subject: string;
  /**
   * `user_…`: the user who signed in, or who owns the API key. Not enumerable if the caller is not a user.
   *
   * @throws {AccessDenied} if the caller is not a user, so that no tool continues without an id.
   */
  readonly userId: string;
  /** The Clerk session, if the token names one. OAuth access tokens do not. */
  readonly sessionId?: string;
  /**
   * The organization that the user chose at consent (`user:org:read`), or the one that owns the API key. Absent if the
   * user is no longer a member, or banned.
   */
  readonly organizationId?: string;
  /** Absent if `organizationRole` is, or if the organization has no slug. */
  readonly organizationSlug?: string;
  /** e.g. `org:admin`. Absent without an organization, for an API key, and during an outage of Clerk. */
  readonly organizationRole?: string;
  /** e.g. `["org:documents:delete"]`. Absent if `organizationRole` is. */
  readonly organizationPermissions?: readonly string[];
  /** When the credential expires. The end of the year 9999 for an API key or M2M token that never does. */
  readonly expiresAt: Date;
  /** When the credential was issued. */
  readonly issuedAt: Date;
  /** The scopes that the user granted; for a machine, the machines that Clerk says the token is for. */
  readonly scopes: readonly string[];
  /**
   * The OAuth client that the token was issued to: the ID of the MCP client's registration (`client_…`), or the URL of
   * its metadata document. For an API key, the key's ID (`ak_…`); for a machine, the machine's (`mch_…`).
   */
  readonly clientId: string;
  /** `oat_…`, `ak_…` or `mt_…`. It identifies the token in records, and is not a credential. */
  readonly tokenId?: string;
  /** The verified JWT payload, or Clerk's description of an opaque token. Never the token itself. */
  readonly claims: Readonly<Record<string, unknown>>;
  /**
   * Whether the caller has the given scope, role and permission. `false` if none is given.
   *
   * @throws {ClerkFailure} for a role or permission during an outage of Clerk.
   */
  has(asked: Has): boolean;
}

/** The user id of a session, if the caller is a user. */
export function userIdOf({ subject }: Session): string | undefined {
  return isUserId(subject) ? subject : undefined;
}

/** The members of an event that describe the caller. */
export function callerOf(session: Session | undefined): EventCaller {
  if (session === undefined) return { caller: "anonymous" };
  const { caller, clientId, organizationId } = session;
  const userId = userIdOf(session);
  return {
    caller,
    ...(userId !== undefined && { userId }),
    clientId,
    ...(organizationId !== undefined && { organizationId }),
  };
}
