import { ClerkFailure } from "../errors/clerk-failure.js";
import { CALLERS, type CallerKind, withPrefix } from "../identity.js";
import type { AccessToken } from "../verification/access-token.js";
import { AccessDenied } from "./access-denied.js";
import type { Membership } from "./memberships.js";
import { type Has, type Session, userIdOf } from "./session.js";

/** The parts of a session. */
export interface SessionParts {
  readonly token: AccessToken;
  /** `null` if the user is not a member of the organization in the token. Unconfirmed, it is left out of the session. */
  readonly membership: Membership | null | ClerkFailure;
  /** The token's scopes, and every scope that they include. */
  readonly scopes: ReadonlySet<string>;
}

export function sessionOf(parts: SessionParts): Session {
  return new CallerSession(parts);
}

/** Whether the credential names an organization, even if the caller is no longer a member of it. */
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
    if (token.organizationId !== undefined && (!CALLERS[token.caller].signsIn || isMember(membership)))
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
