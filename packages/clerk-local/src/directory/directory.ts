/** The users and organizations of the local Clerk, in memory. A restart begins with the seed again. */
import type { Clock } from "../clock.js";
import { newId } from "../ids.js";
import type { Seed } from "../seed/seed.js";
import type {
  LocalMembership,
  LocalOrganization,
  LocalUser,
  NewOrganization,
  NewUser,
  OrganizationChanges,
  UserChanges,
  UserSettings,
} from "./entries.js";
import { type IdentifierKind, Identifiers } from "./identifiers.js";
import { Invitations } from "./invitations.js";
import { Memberships } from "./memberships.js";
import { Roles } from "./roles.js";

export type * from "./entries.js";

const DEFAULT_SETTINGS: UserSettings = {
  locale: null,
  deleteSelfEnabled: true,
  createOrganizationEnabled: true,
  createOrganizationsLimit: null,
  legalAcceptedAt: null,
  bypassClientTrust: false,
};

export class Directory {
  readonly memberships = new Memberships();
  readonly invitations: Invitations;
  readonly roles: Roles;
  readonly #clock: Clock;
  readonly #users = new Map<string, LocalUser>();
  readonly #identifiers = new Identifiers();
  /** Counts up with each user, for the order of those who were created in the same millisecond. */
  readonly #ranks = new Map<string, number>();
  #lastRank = 0;
  readonly #organizations = new Map<string, LocalOrganization>();
  readonly #slugs = new Map<string, LocalOrganization>();

  constructor(seed: Seed, clock: Clock) {
    this.#clock = clock;
    this.roles = new Roles(clock);
    this.invitations = new Invitations(clock);
    for (const [role, permissions] of Object.entries(seed.roles)) this.roles.define(role, permissions);
    for (const user of seed.users) this.createUser(withoutUndefined(user));
    for (const organization of seed.organizations) this.createOrganization(withoutUndefined(organization));
    for (const { user, organization, role } of seed.memberships) {
      this.addMember(this.organization(organization), this.user(user), role);
    }
  }

  /** In the order of their creation. */
  users(): LocalUser[] {
    return [...this.#users.values()];
  }

  /** Some users in the order of their creation, each once. */
  inOrder(users: readonly LocalUser[]): LocalUser[] {
    const rank = ({ id }: LocalUser) => this.#ranks.get(id) ?? 0;
    return [...new Set(users)].sort((a, b) => rank(a) - rank(b));
  }

  /** By id, username or email. */
  findUser(reference: string): LocalUser | undefined {
    return (
      this.#users.get(reference) ??
      this.#identifiers.find("username", reference) ??
      this.#identifiers.find("email_address", reference)
    );
  }

  userById(id: string): LocalUser | undefined {
    return this.#users.get(id);
  }

  userBy(kind: IdentifierKind, value: string): LocalUser | undefined {
    return this.#identifiers.find(kind, value);
  }

  user(reference: string): LocalUser {
    const user = this.findUser(reference);
    if (user) return user;
    throw new Error(`There is no user "${reference}". There are: ${names(this.users(), "username")}.`);
  }

  /** The kind and the value of the first identifier in `changes` that another user has. */
  takenIdentifier(changes: UserChanges, self?: LocalUser): [IdentifierKind, string] | undefined {
    return this.#identifiers.taken(changes, self);
  }

  createUser(input: NewUser): LocalUser {
    const id = input.id ?? newId("user");
    const username = input.username ?? placeholderUsername(id);
    const email = input.email ?? `${username}@example.com`;
    if (this.#users.has(id)) throw new Error(`There is already a user "${id}".`);
    this.#refuseTaken({ ...input, username, email });
    const now = this.#clock.now();
    const user: LocalUser = {
      id,
      username,
      email,
      otherEmails: input.otherEmails ?? [],
      phoneNumbers: input.phoneNumbers ?? [],
      firstName: input.firstName ?? null,
      lastName: input.lastName ?? null,
      banned: input.banned ?? false,
      lockedUntil: input.lockedUntil ?? null,
      passwordEnabled: input.passwordEnabled ?? true,
      publicMetadata: input.publicMetadata ?? {},
      privateMetadata: input.privateMetadata ?? {},
      unsafeMetadata: input.unsafeMetadata ?? {},
      externalId: input.externalId ?? null,
      settings: { ...DEFAULT_SETTINGS, ...input.settings },
      createdAt: input.createdAt ?? now,
      updatedAt: now,
      lastSignInAt: null,
    };
    this.#users.set(id, user);
    this.#lastRank += 1;
    this.#ranks.set(id, this.#lastRank);
    this.#identifiers.add(user);
    return user;
  }

  updateUser(user: LocalUser, changes: UserChanges): void {
    this.#refuseTaken(changes, user);
    this.#identifiers.remove(user);
    Object.assign(user, withoutUndefined(changes), { updatedAt: this.#clock.now() });
    this.#identifiers.add(user);
  }

  deleteUser(user: LocalUser): void {
    this.#users.delete(user.id);
    this.#ranks.delete(user.id);
    this.#identifiers.remove(user);
    for (const membership of this.membershipsOf(user)) this.memberships.remove(membership);
  }

  /** Whether the user cannot sign in for now. */
  isLocked(user: LocalUser): boolean {
    return this.lockoutSeconds(user) > 0;
  }

  /** Until the user can sign in again. */
  lockoutSeconds({ lockedUntil }: LocalUser): number {
    return Math.max(0, Math.ceil(((lockedUntil ?? 0) - this.#clock.now()) / 1000));
  }

  /** In the order of their creation. */
  organizations(): LocalOrganization[] {
    return [...this.#organizations.values()];
  }

  /** By id or slug. */
  findOrganization(reference: string): LocalOrganization | undefined {
    return this.#organizations.get(reference) ?? this.#slugs.get(reference);
  }

  organizationById(id: string): LocalOrganization | undefined {
    return this.#organizations.get(id);
  }

  organization(reference: string): LocalOrganization {
    const organization = this.findOrganization(reference);
    if (organization) return organization;
    throw new Error(
      `There is no organization "${reference}". There are: ${names(this.organizations(), "slug")}.`,
    );
  }

  createOrganization(input: NewOrganization): LocalOrganization {
    const id = input.id ?? newId("org");
    const slug = input.slug ?? id.toLowerCase();
    for (const value of [id, slug]) {
      if (this.findOrganization(value)) throw new Error(`There is already an organization "${value}".`);
    }
    const now = this.#clock.now();
    const organization: LocalOrganization = {
      id,
      name: input.name ?? slug,
      slug,
      publicMetadata: input.publicMetadata ?? {},
      privateMetadata: input.privateMetadata ?? {},
      maxAllowedMemberships: input.maxAllowedMemberships ?? null,
      adminDeleteEnabled: input.adminDeleteEnabled ?? true,
      createdBy: input.createdBy ?? null,
      createdAt: input.createdAt ?? now,
      updatedAt: now,
    };
    this.#organizations.set(id, organization);
    this.#slugs.set(slug, organization);
    return organization;
  }

  updateOrganization(organization: LocalOrganization, changes: OrganizationChanges): void {
    const other = changes.slug === undefined ? undefined : this.findOrganization(changes.slug);
    if (other && other !== organization)
      throw new Error(`There is already an organization "${changes.slug}".`);
    this.#slugs.delete(organization.slug);
    Object.assign(organization, withoutUndefined(changes), { updatedAt: this.#clock.now() });
    this.#slugs.set(organization.slug, organization);
  }

  deleteOrganization(organization: LocalOrganization): void {
    this.#organizations.delete(organization.id);
    this.#slugs.delete(organization.slug);
    this.invitations.removeAllOf(organization.id);
    for (const membership of this.membersOf(organization)) this.memberships.remove(membership);
  }

  /** Newest first, as Clerk lists them. */
  membershipsOf(user: LocalUser): LocalMembership[] {
    return this.memberships.ofUser(user.id);
  }

  /** Newest first, as Clerk lists them. */
  membersOf(organization: LocalOrganization): LocalMembership[] {
    return this.memberships.ofOrganization(organization.id);
  }

  membership(organization: LocalOrganization, user: LocalUser): LocalMembership | undefined {
    return this.memberships.get(organization.id, user.id);
  }

  addMember(organization: LocalOrganization, user: LocalUser, role: string): LocalMembership {
    this.permissions(role);
    if (this.membership(organization, user)) {
      throw new Error(`"${user.username}" is already a member of "${organization.slug}".`);
    }
    return this.memberships.add(organization.id, user.id, role, this.#clock.now());
  }

  setRole(organization: LocalOrganization, user: LocalUser, role: string): LocalMembership {
    this.permissions(role);
    return this.updateMembership(this.#requiredMembership(organization, user), { role });
  }

  updateMembership(
    membership: LocalMembership,
    changes: Partial<Pick<LocalMembership, "role" | "publicMetadata" | "privateMetadata">>,
  ): LocalMembership {
    return Object.assign(membership, changes, { updatedAt: this.#clock.now() });
  }

  removeMember(organization: LocalOrganization, user: LocalUser): void {
    this.memberships.remove(this.#requiredMembership(organization, user));
  }

  /** The permissions of a role. */
  permissions(role: string): readonly string[] {
    return this.roles.permissions(role);
  }

  defineRole(role: string, permissions: readonly string[]): void {
    this.roles.define(role, permissions);
  }

  #refuseTaken(changes: UserChanges, self?: LocalUser): void {
    const taken = this.takenIdentifier(changes, self);
    if (taken) throw new Error(`There is already a user "${taken[1]}".`);
  }

  #requiredMembership(organization: LocalOrganization, user: LocalUser): LocalMembership {
    const membership = this.membership(organization, user);
    if (membership) return membership;
    throw new Error(`"${user.username}" is not a member of "${organization.slug}".`);
  }
}

/** The username of a user who has none. */
export function placeholderUsername(id: string): string {
  return id.toLowerCase();
}

function names<Key extends string>(entries: Record<Key, string>[], member: Key): string {
  return entries.length > 20
    ? `${entries.length} others`
    : entries.map((entry) => entry[member]).join(", ") || "none";
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function withoutUndefined<T extends object>(input: T): Defined<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Defined<T>;
}
