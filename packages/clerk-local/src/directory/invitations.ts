/** The invitations to organizations. They are kept in memory, like everything in the directory. */
import type { Clock } from "../clock.js";
import { newId } from "../ids.js";
import type { LocalInvitation, NewInvitation } from "./entries.js";

export type InvitationStatus = "pending" | "revoked" | "expired";

export class Invitations {
  readonly #clock: Clock;
  /** By organization, then by id. */
  readonly #all = new Map<string, Map<string, LocalInvitation>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(organizationId: string, id: string): LocalInvitation | undefined {
    return this.#all.get(organizationId)?.get(id);
  }

  /** Oldest first. */
  ofOrganization(organizationId: string): LocalInvitation[] {
    return [...(this.#all.get(organizationId)?.values() ?? [])];
  }

  pendingIn(organizationId: string): LocalInvitation[] {
    return this.ofOrganization(organizationId).filter((entry) => this.status(entry) === "pending");
  }

  /** Oldest first. */
  all(): LocalInvitation[] {
    return [...this.#all.values()]
      .flatMap((invitations) => [...invitations.values()])
      .sort((a, b) => a.createdAt - b.createdAt);
  }

  status({ revoked, expiresAt }: LocalInvitation): InvitationStatus {
    if (revoked) return "revoked";
    return expiresAt <= this.#clock.now() ? "expired" : "pending";
  }

  add(organizationId: string, { lifetime, ...input }: NewInvitation): LocalInvitation {
    const now = this.#clock.now();
    const invitation: LocalInvitation = {
      id: newId("orginv"),
      organizationId,
      ...input,
      revoked: false,
      expiresAt: now + lifetime * 1000,
      createdAt: now,
      updatedAt: now,
    };
    const invitations = this.#all.get(organizationId) ?? new Map<string, LocalInvitation>();
    this.#all.set(organizationId, invitations.set(invitation.id, invitation));
    return invitation;
  }

  revoke(invitation: LocalInvitation): void {
    Object.assign(invitation, { revoked: true, updatedAt: this.#clock.now() });
  }

  removeAllOf(organizationId: string): void {
    this.#all.delete(organizationId);
  }
}
