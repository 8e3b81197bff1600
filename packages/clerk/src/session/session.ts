import type { EventCaller } from "../events/events.js";
import { type CallerKind, isUserId } from "../identity.js";

/** What `has()` is asked for; of several members each must hold. */
export interface Has {
  /** A scope of the token; a declared hierarchy counts. */
  readonly scope?: string | undefined;
  /** e.g. `org:admin`, with or without `org:` */
  readonly role?: string | undefined;
  /** e.g. `org:documents:delete`, with or without `org:` */
  readonly permission?: string | undefined;
}

/**
 * Who is calling, as the credential and the organization's membership say. Lists and claims are remembered for the next
 * request with the credential, and frozen: to change one throws a `TypeError`.
 */
export interface Session {
  /** What kind of caller this is. Anything but `user` only where `accepts` lets it in. */
  readonly caller: CallerKind;
  /** Whom the credential stands for: `user_…`, or for an API key also `org_…`, or for a machine `mch_…`. */
  readonly subject: string;
  /**
   * `user_…`: the user who signed in, or whose API key it is. Not enumerable where there is none.
   *
   * @throws {AccessDenied} if the caller is no user, so that no tool goes on with an id that is not there.
   */
  readonly userId: string;
  /** Clerk session, only if the token names one; OAuth access tokens do not. */
  readonly sessionId?: string;
  /**
   * The organization the user picked at consent (`user:org:read`), if they are still a member of it; or the one whose
   * API key it is.
   */
  readonly organizationId?: string;
  /** Absent as `organizationRole` is, and where the organization has none. */
  readonly organizationSlug?: string;
  /** e.g. `org:admin`. Absent without an organization, for an API key, and while Clerk cannot be asked. */
  readonly organizationRole?: string;
  /** e.g. `["org:documents:delete"]`. Absent as `organizationRole` is. */
  readonly organizationPermissions?: readonly string[];
  /** For an API key or M2M token that never expires, the end of the year 9999. */
  readonly expiresAt: Date;
  /** When the credential was issued. */
  readonly issuedAt: Date;
  /** What the user granted; for a machine, the machines that the token is for. */
  readonly scopes: readonly string[];
  /**
   * The OAuth client (the MCP client's registration) that the token was given to; for an API key its id (`ak_…`), for a
   * machine the machine's (`mch_…`).
   */
  readonly clientId: string;
  /** `oat_…`, `ak_…` or `mt_…`: names the token in records; it is not the token. */
  readonly tokenId?: string;
  /** The verified JWT payload, or Clerk's description of an opaque token. Not the token itself. */
  readonly claims: Readonly<Record<string, unknown>>;
  /**
   * Whether the caller has the scope, the role, the permission: all that are asked for. Asked for nothing, `false`.
   *
   * @throws {ClerkFailure} for a role or permission that Clerk cannot be asked about.
   */
  has(asked: Has): boolean;
}

/** The user that the session is of, if any. */
export function userIdOf({ subject }: Session): string | undefined {
  return isUserId(subject) ? subject : undefined;
}

/** The members of an event that say who. */
export function callerOf(session: Session): EventCaller {
  const { caller, clientId, organizationId } = session;
  const userId = userIdOf(session);
  return {
    caller,
    ...(userId !== undefined && { userId }),
    clientId,
    ...(organizationId !== undefined && { organizationId }),
  };
}
