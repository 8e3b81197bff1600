import { LRUCache } from "lru-cache";
import type { ClerkBackend } from "../clerk/backend.js";
import { ClerkFailure } from "../clerk/failure.js";

export interface Membership {
  /** e.g. `org:admin` */
  readonly role: string;
  /** e.g. `org:documents:delete` */
  readonly permissions: readonly string[];
}

/**
 * A user's membership in an organization: `null` if there is none, `undefined` while Clerk cannot be asked and
 * nothing is known from before.
 */
export type Memberships = (userId: string, organizationId: string) => Promise<Membership | null | undefined>;

const MAX_ENTRIES = 10_000;
const TTL_MS = 60_000;
/** How much longer an answer is believed while Clerk cannot be asked. */
const GRACE_MS = 10 * 60_000;
/** How long it takes until Clerk is asked again after it could not be. */
const FAILURE_TTL_MS = 2_000;
const PAGE_SIZE = 500;
const MAX_PAGES = 20;

/** Tokens carry only `org_id`; role and permissions are looked up once per user, organization and minute. */
export function memberships(backend: ClerkBackend): Memberships {
  const cache = new LRUCache<string, Found, Pair>({
    max: MAX_ENTRIES,
    ttl: TTL_MS,
    fetchMethod: async (_key, last, { context, options }) => {
      try {
        return { membership: await look(backend, context), at: Date.now() };
      } catch (error) {
        if (!(error instanceof ClerkFailure)) throw error;
        if (error.kind === "rejected") return { membership: null, at: Date.now() };
        options.ttl = FAILURE_TTL_MS;
        if (last !== undefined && Date.now() - last.at < TTL_MS + GRACE_MS) return last;
        return { membership: undefined, at: Date.now() };
      }
    },
  });
  return async (userId, organizationId) => {
    const pair = { userId, organizationId };
    const { membership } = await cache.forceFetch(`${userId} ${organizationId}`, { context: pair });
    return membership;
  };
}

interface Found {
  readonly membership: Membership | null | undefined;
  readonly at: number;
}

interface Pair {
  readonly userId: string;
  readonly organizationId: string;
}

async function look(backend: ClerkBackend, { userId, organizationId }: Pair): Promise<Membership | null> {
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { data } = await backend.call("organization lookup", (client) =>
      client.users.getOrganizationMembershipList({ userId, limit: PAGE_SIZE, offset: page * PAGE_SIZE }),
    );
    if (!Array.isArray(data)) throw new ClerkFailure("unavailable", new Error("the answer is not a list"));
    const found = data.find((membership) => membership.organization.id === organizationId);
    if (found !== undefined) return { role: found.role, permissions: found.permissions };
    if (data.length < PAGE_SIZE) return null;
  }
  return null;
}
