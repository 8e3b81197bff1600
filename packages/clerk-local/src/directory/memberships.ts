/** Memberships, indexed by user and by organization. */
import { newId } from "../ids.js";
import type { LocalMembership } from "./entries.js";

type ByOther = Map<string, LocalMembership>;

export class Memberships {
  /** By organization, then by user, in the order of joining. */
  readonly #members = new Map<string, ByOther>();
  /** By user, then by organization, in the order of joining. */
  readonly #places = new Map<string, ByOther>();

  get(organizationId: string, userId: string): LocalMembership | undefined {
    return this.#members.get(organizationId)?.get(userId);
  }

  /** Oldest first. */
  all(): LocalMembership[] {
    return [...this.#members.values()]
      .flatMap((members) => [...members.values()])
      .sort((a, b) => a.createdAt - b.createdAt);
  }

  /** Newest first. */
  ofUser(userId: string): LocalMembership[] {
    return [...(this.#places.get(userId)?.values() ?? [])].reverse();
  }

  /** Newest first. */
  ofOrganization(organizationId: string): LocalMembership[] {
    return [...(this.#members.get(organizationId)?.values() ?? [])].reverse();
  }

  countOf(organizationId: string): number {
    return this.#members.get(organizationId)?.size ?? 0;
  }

  add(organizationId: string, userId: string, role: string, now: number): LocalMembership {
    const membership: LocalMembership = {
      id: newId("orgmem"),
      userId,
      organizationId,
      role,
      publicMetadata: {},
      privateMetadata: {},
      createdAt: now,
      updatedAt: now,
    };
    within(this.#members, organizationId).set(userId, membership);
    within(this.#places, userId).set(organizationId, membership);
    return membership;
  }

  remove({ organizationId, userId }: LocalMembership): void {
    this.#members.get(organizationId)?.delete(userId);
    this.#places.get(userId)?.delete(organizationId);
  }
}

function within(all: Map<string, ByOther>, key: string): ByOther {
  const found = all.get(key) ?? new Map<string, LocalMembership>();
  all.set(key, found);
  return found;
}
