/** The users and organizations of the stand-in, in memory. A restart begins with the seed again. */
import type { Clock } from "../clock.js";
import { newId } from "../ids.js";
import type { Seed } from "../seed/seed.js";

/** Free-form data that an application keeps with a user or an organization. */
export type Metadata = Record<string, unknown>;

export interface LocalUser {
  /** `user_…` */
  readonly id: string;
  username: string;
  email: string;
  firstName: string | null;
  lastName: string | null;
  /** A banned user cannot sign in or refresh. */
  banned: boolean;
  publicMetadata: Metadata;
  privateMetadata: Metadata;
  unsafeMetadata: Metadata;
  externalId: string | null;
  /** Milliseconds since the epoch, like Clerk's. */
  readonly createdAt: number;
  updatedAt: number;
  lastSignInAt: number | null;
}

export interface LocalOrganization {
  /** `org_…` */
  readonly id: string;
  name: string;
  slug: string;
  publicMetadata: Metadata;
  privateMetadata: Metadata;
  readonly createdAt: number;
  updatedAt: number;
}

export interface LocalMembership {
  /** `orgmem_…` */
  readonly id: string;
  readonly userId: string;
  readonly organizationId: string;
  /** `org:admin`, `org:member`, … */
  role: string;
  readonly createdAt: number;
  updatedAt: number;
}

/** A user to create. Every member has a default. */
export interface NewUser {
  id?: string;
  username?: string;
  email?: string;
  firstName?: string | null;
  lastName?: string | null;
  banned?: boolean;
  publicMetadata?: Metadata;
  privateMetadata?: Metadata;
  unsafeMetadata?: Metadata;
  externalId?: string | null;
}

/** The members of a user that can be changed. */
export type UserChanges = Omit<NewUser, "id">;

export interface NewOrganization {
  id?: string;
  name?: string;
  slug?: string;
  publicMetadata?: Metadata;
  privateMetadata?: Metadata;
}

/** The members of an organization that can be changed. */
export type OrganizationChanges = Omit<NewOrganization, "id">;

export class Directory {
  readonly #clock: Clock;
  readonly #users = new Map<string, LocalUser>();
  readonly #organizations = new Map<string, LocalOrganization>();
  /** Keyed by organization and user, in the order of joining. */
  readonly #memberships = new Map<string, LocalMembership>();
  readonly #roles = new Map<string, readonly string[]>();

  constructor(seed: Seed, clock: Clock) {
    this.#clock = clock;
    for (const [role, permissions] of Object.entries(seed.roles)) this.#roles.set(role, permissions);
    for (const user of seed.users) this.createUser(withoutUndefined(user));
    for (const organization of seed.organizations) this.createOrganization(withoutUndefined(organization));
    for (const { user, organization, role } of seed.memberships) {
      this.addMember(this.organization(organization), this.user(user), role);
    }
  }

  users(): LocalUser[] {
    return [...this.#users.values()];
  }

  /** By id, username or email. */
  findUser(reference: string): LocalUser | undefined {
    return (
      this.#users.get(reference) ??
      this.users().find((user) => user.username === reference || user.email === reference)
    );
  }

  user(reference: string): LocalUser {
    const user = this.findUser(reference);
    if (user) return user;
    throw new Error(`There is no user "${reference}". There are: ${names(this.users(), "username")}.`);
  }

  createUser(input: NewUser): LocalUser {
    const id = input.id ?? newId("user");
    const username = input.username ?? id.toLowerCase();
    const email = input.email ?? `${username}@example.com`;
    for (const value of [id, username, email]) {
      if (this.findUser(value)) throw new Error(`There already is a user "${value}".`);
    }
    const now = this.#clock.now();
    const user: LocalUser = {
      id,
      username,
      email,
      firstName: input.firstName ?? null,
      lastName: input.lastName ?? null,
      banned: input.banned ?? false,
      publicMetadata: input.publicMetadata ?? {},
      privateMetadata: input.privateMetadata ?? {},
      unsafeMetadata: input.unsafeMetadata ?? {},
      externalId: input.externalId ?? null,
      createdAt: now,
      updatedAt: now,
      lastSignInAt: null,
    };
    this.#users.set(id, user);
    return user;
  }

  updateUser(user: LocalUser, changes: UserChanges): void {
    for (const value of [changes.username, changes.email]) {
      const other = value === undefined ? undefined : this.findUser(value);
      if (other && other !== user) throw new Error(`There already is a user "${value}".`);
    }
    Object.assign(user, withoutUndefined(changes), { updatedAt: this.#clock.now() });
  }

  deleteUser(user: LocalUser): void {
    this.#users.delete(user.id);
    for (const membership of this.membershipsOf(user)) this.#removeMembership(membership);
  }

  organizations(): LocalOrganization[] {
    return [...this.#organizations.values()];
  }

  /** By id or slug. */
  findOrganization(reference: string): LocalOrganization | undefined {
    return (
      this.#organizations.get(reference) ??
      this.organizations().find((organization) => organization.slug === reference)
    );
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
      if (this.findOrganization(value)) throw new Error(`There already is an organization "${value}".`);
    }
    const now = this.#clock.now();
    const organization: LocalOrganization = {
      id,
      name: input.name ?? slug,
      slug,
      publicMetadata: input.publicMetadata ?? {},
      privateMetadata: input.privateMetadata ?? {},
      createdAt: now,
      updatedAt: now,
    };
    this.#organizations.set(id, organization);
    return organization;
  }

  updateOrganization(organization: LocalOrganization, changes: OrganizationChanges): void {
    const other = changes.slug === undefined ? undefined : this.findOrganization(changes.slug);
    if (other && other !== organization)
      throw new Error(`There already is an organization "${changes.slug}".`);
    Object.assign(organization, withoutUndefined(changes), { updatedAt: this.#clock.now() });
  }

  deleteOrganization(organization: LocalOrganization): void {
    this.#organizations.delete(organization.id);
    for (const membership of this.membersOf(organization)) this.#removeMembership(membership);
  }

  /** Newest first, as Clerk lists them. */
  membershipsOf(user: LocalUser): LocalMembership[] {
    return [...this.#memberships.values()].filter((membership) => membership.userId === user.id).reverse();
  }

  /** Newest first, as Clerk lists them. */
  membersOf(organization: LocalOrganization): LocalMembership[] {
    return [...this.#memberships.values()]
      .filter((membership) => membership.organizationId === organization.id)
      .reverse();
  }

  membership(organization: LocalOrganization, user: LocalUser): LocalMembership | undefined {
    return this.#memberships.get(membershipKey(organization.id, user.id));
  }

  addMember(organization: LocalOrganization, user: LocalUser, role: string): LocalMembership {
    this.permissions(role);
    if (this.membership(organization, user)) {
      throw new Error(`"${user.username}" already is a member of "${organization.slug}".`);
    }
    const now = this.#clock.now();
    const membership: LocalMembership = {
      id: newId("orgmem"),
      userId: user.id,
      organizationId: organization.id,
      role,
      createdAt: now,
      updatedAt: now,
    };
    this.#memberships.set(membershipKey(organization.id, user.id), membership);
    return membership;
  }

  setRole(organization: LocalOrganization, user: LocalUser, role: string): LocalMembership {
    this.permissions(role);
    const membership = this.#requiredMembership(organization, user);
    Object.assign(membership, { role, updatedAt: this.#clock.now() });
    return membership;
  }

  removeMember(organization: LocalOrganization, user: LocalUser): void {
    this.#removeMembership(this.#requiredMembership(organization, user));
  }

  /** The permissions of a role. */
  permissions(role: string): readonly string[] {
    const permissions = this.#roles.get(role);
    if (permissions) return permissions;
    throw new Error(
      `There is no role "${role}". There are: ${[...this.#roles.keys()].join(", ")}. ` +
        "Add it to the seed's roles, or call organizations.defineRole().",
    );
  }

  defineRole(role: string, permissions: readonly string[]): void {
    this.#roles.set(role, [...permissions]);
  }

  #requiredMembership(organization: LocalOrganization, user: LocalUser): LocalMembership {
    const membership = this.membership(organization, user);
    if (membership) return membership;
    throw new Error(`"${user.username}" is no member of "${organization.slug}".`);
  }

  #removeMembership(membership: LocalMembership): void {
    this.#memberships.delete(membershipKey(membership.organizationId, membership.userId));
  }
}

function membershipKey(organizationId: string, userId: string): string {
  return `${organizationId} ${userId}`;
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
