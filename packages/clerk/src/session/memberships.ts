import type { ClerkBackend } from "../clerk/backend.js";
import { type Lookups, lookups } from "../clerk/lookups.js";
import { ClerkFailure } from "../errors/clerk-failure.js";
import { frozen } from "../runtime/memory.js";

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

/** A user's membership in an organization: `null` if there is none. */
export type Memberships = Lookups<Member, Membership | null>;

const PAGE_SIZE = 500;
const MAX_PAGES = 20;

/** Tokens carry only `org_id`; role and permissions are looked up once per user, organization and time. */
export function memberships(backend: ClerkBackend): Memberships {
  return lookups(
    ({ userId, organizationId }) => `${userId} ${organizationId}`,
    (member) => look(backend, member).catch(nobody),
  );
}

/** Clerk does not know the user. */
function nobody(error: unknown): null {
  if (error instanceof ClerkFailure && error.kind === "rejected") return null;
  throw error;
}

async function look(backend: ClerkBackend, { userId, organizationId }: Member): Promise<Membership | null> {
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { data } = await backend.call("organization lookup", (client) =>
      client.users.getOrganizationMembershipList({ userId, limit: PAGE_SIZE, offset: page * PAGE_SIZE }),
    );
    if (!Array.isArray(data)) throw new ClerkFailure("unavailable", new Error("the answer is not a list"));
    const found = data.find((membership) => membership.organization.id === organizationId);
    if (found !== undefined) {
      const { role, permissions, organization } = found;
      return frozen({ role, permissions, slug: organization.slug ?? undefined });
    }
    if (data.length < PAGE_SIZE) return null;
  }
  return null;
}
