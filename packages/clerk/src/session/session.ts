import { withPrefix } from "../access/facts.js";
import type { CallerKind } from "../access/rules.js";
import { AccessDenied } from "../access-denied.js";
import { ClerkFailure } from "../clerk/failure.js";
import type { AccessToken } from "../verification/access-token.js";
import type { Membership } from "./memberships.js";

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

/** What a session is made of. */
export interface SessionParts {
  readonly token: AccessToken;
  /** `null` if the user is not in the organization that the token names. */
  readonly membership: Membership | null | ClerkFailure;
  /** The token's scopes and all that they include. */
  readonly scopes: ReadonlySet<string>;
}

export function sessionOf(parts: SessionParts): Session {
  return new CallerSession(parts);
}

/** The user that the session is of, if any. */
export function userIdOf({ subject }: Session): string | undefined {
  return subject.startsWith("user_") ? subject : undefined;
}

/** Whether the credential names an organization, be the caller (still) in it or not. */
export function namesOrganization(session: Session): boolean {
  return CallerSession.namesOrganization(session);
}

class CallerSession implements Session {
  readonly caller: CallerKind;
  readonly subject: string;
  declare readonly userId: string;
  declare readonly sessionId?: string;
  declare readonly organizationId?: string;
  declare readonly organizationSlug?: string;
  declare readonly organizationRole?: string;
  declare readonly organizationPermissions?: readonly string[];
  readonly expiresAt: Date;
  readonly issuedAt: Date;
  readonly scopes: readonly string[];
  readonly clientId: string;
  declare readonly tokenId?: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    const { token, membership } = parts;
    const sessionId = token.claims.sid;
    this.caller = token.caller;
    this.subject = token.subject;
    this.expiresAt = new Date(token.expiresAt);
    this.issuedAt = new Date(token.issuedAt);
    this.scopes = token.scopes;
    this.clientId = token.clientId;
    this.claims = token.claims;
    this.#parts = parts;
    const userId = userIdOf(this);
    if (userId === undefined) Object.defineProperty(this, "userId", { get: noUser });
    else this.userId = userId;
    if (typeof sessionId === "string") this.sessionId = sessionId;
    if (token.tokenId !== undefined) this.tokenId = token.tokenId;
    if (token.organizationId !== undefined && (token.caller !== "user" || membership !== null))
      this.organizationId = token.organizationId;
    if (isMember(membership)) {
      this.organizationRole = membership.role;
      this.organizationPermissions = membership.permissions;
      if (membership.slug !== undefined) this.organizationSlug = membership.slug;
    }
  }

  static namesOrganization(session: Session): boolean {
    return #parts in session && session.#parts.token.organizationId !== undefined;
  }

  has({ scope, role, permission }: Has): boolean {
    if (scope === undefined && role === undefined && permission === undefined) return false;
    const { scopes, membership } = this.#parts;
    if (scope !== undefined && !scopes.has(scope)) return false;
    if (role === undefined && permission === undefined) return true;
    if (membership instanceof ClerkFailure) throw membership;
    if (role !== undefined && membership?.role !== withPrefix(role)) return false;
    return permission === undefined || (membership?.permissions.includes(withPrefix(permission)) ?? false);
  }
}

function isMember(membership: SessionParts["membership"]): membership is Membership {
  return membership !== null && !(membership instanceof ClerkFailure);
}

function noUser(): never {
  throw new AccessDenied(
    "This is for signed-in users; the caller is a machine or an organization's API key.",
  );
}
