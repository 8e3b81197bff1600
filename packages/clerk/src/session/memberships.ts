import type { OrganizationMembership } from "@clerk/backend";
import type { ClerkBackend } from "../clerk/backend.js";
import { lookups } from "../clerk/lookups.js";
import { ClerkFailure, isNotFound, unavailableIfRejected } from "../errors/clerk-failure.js";
import { CALLERS } from "../identity.js";
import { deepFreeze } from "../runtime/memory.js";
import type { AccessToken } from "../verification/access-token.js";

export interface Membership {
  /** e.g. `org:admin` */
  readonly role: string;
  /** e.g. `org:documents:delete` */
  readonly permissions: readonly string[];
  /** The organization's slug, if it has one. */
  readonly slug: string | undefined;
}

interface Member {
  readonly userId: string;
  readonly organizationId: string;
}

/**
 * The membership for a token: `null` if the token names no organization, the user is not a member of it, or Clerk says that
 * the user is banned.
 */
export type Memberships = (token: AccessToken) => Promise<Membership | null | ClerkFailure>;

const PAGE_SIZE = 500;
const MAX_PAGES = 20;

/** Tokens carry only `org_id`. Role and permissions are looked up, and cached per user and organization. */
export function memberships(backend: ClerkBackend): Memberships {
  const membershipOf = lookups(
    ({ userId, organizationId }: Member) => `${userId} ${organizationId}`,
    (member) => findMembership(backend, member).catch(nullIfNotFound),
  );
  return async ({ caller, subject: userId, organizationId }) =>
    CALLERS[caller].signsIn && organizationId !== undefined ? membershipOf({ userId, organizationId }) : null;
}

/** Clerk answers 404 if the user does not exist. */
function nullIfNotFound(error: unknown): null {
  if (isNotFound(error)) return null;
  throw unavailableIfRejected(error);
}

async function findMembership(
  backend: ClerkBackend,
  { userId, organizationId }: Member,
): Promise<Membership | null> {
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await backend.call("organization lookup", (client) =>
      client.users.getOrganizationMembershipList({ userId, limit: PAGE_SIZE, offset: page * PAGE_SIZE }),
    );
    // For an empty answer, the SDK returns no object.
    const { data } = (answer as Partial<typeof answer> | undefined) ?? {};
    if (!Array.isArray(data)) throw new ClerkFailure("unavailable", new Error("the answer is not a list"));
    const found = data.find((membership) => membership.organization.id === organizationId);
    if (found !== undefined) {
      if (isBanned(found)) return null;
      const { role, permissions, organization } = found;
      return deepFreeze({ role, permissions, slug: organization.slug ?? undefined });
    }
    if (data.length < PAGE_SIZE) return null;
  }
  return null;
}

/** In Clerk's answer, but not in the SDK's type. */
function isBanned({ raw }: OrganizationMembership): boolean {
  const about: object = raw?.public_user_data ?? {};
  return "banned" in about && about.banned === true;
}
