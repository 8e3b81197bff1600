/** Lets a test change the users and organizations of a running local Clerk. */
import type {
  Directory,
  LocalMembership,
  LocalOrganization,
  LocalUser,
  NewOrganization,
  NewUser,
  OrganizationChanges,
  UserChanges,
} from "../directory/directory.js";

/** A user to create. */
export interface UserInput extends NewUser {
  /**
   * A number creates that many organizations with the user as `org:admin`. A list names existing organizations by id or
   * slug, with the user's role in each. Default role: `org:member`.
   */
  organizations?:
    | number
    | readonly (string | { organization: string; role?: string | undefined })[]
    | undefined;
}

/** Users are named by id, username or email. Returned objects are copies. */
export interface UsersControl {
  list(): LocalUser[];
  /** Throws if the user does not exist. */
  get(user: string): LocalUser;
  /** Creates a user. Every member has a default. */
  create(input?: UserInput): LocalUser;
  update(user: string, changes: UserChanges): LocalUser;
  /** A banned user cannot sign in or refresh. Access tokens issued before stay valid. */
  ban(user: string): LocalUser;
  unban(user: string): LocalUser;
  /** Removes the user and all their memberships. */
  delete(user: string): void;
  /** The user's memberships, newest first. */
  memberships(user: string): LocalMembership[];
}

/** Organizations are named by id or slug. Returned objects are copies. */
export interface OrganizationsControl {
  list(): LocalOrganization[];
  /** Throws if the organization does not exist. */
  get(organization: string): LocalOrganization;
  create(input?: NewOrganization): LocalOrganization;
  update(organization: string, changes: OrganizationChanges): LocalOrganization;
  delete(organization: string): void;
  /** Newest first. */
  members(organization: string): LocalMembership[];
  /** Default role: `org:member`. */
  addMember(organization: string, user: string, role?: string | undefined): LocalMembership;
  setRole(organization: string, user: string, role: string): LocalMembership;
  removeMember(organization: string, user: string): void;
  /** Creates a role or replaces its permissions, as in `defineRole("org:editor", ["org:documents:write"])`. */
  defineRole(role: string, permissions: readonly string[]): void;
}

export function usersControl(directory: Directory): UsersControl {
  const update = (reference: string, changes: UserChanges) => {
    const user = directory.user(reference);
    directory.updateUser(user, changes);
    return structuredClone(user);
  };
  return {
    list: () => structuredClone(directory.users()),
    get: (reference) => structuredClone(directory.user(reference)),
    create({ organizations = [], ...input } = {}) {
      const user = directory.createUser(input);
      if (typeof organizations === "number") {
        for (let index = 1; index <= organizations; index++) {
          const organization = directory.createOrganization({ name: `Organization ${index}` });
          directory.addMember(organization, user, "org:admin");
        }
      } else {
        for (const entry of organizations) {
          const { organization, role = "org:member" } =
            typeof entry === "string" ? { organization: entry } : entry;
          directory.addMember(directory.organization(organization), user, role);
        }
      }
      return structuredClone(user);
    },
    update,
    ban: (reference) => update(reference, { banned: true }),
    unban: (reference) => update(reference, { banned: false }),
    delete: (reference) => directory.deleteUser(directory.user(reference)),
    memberships: (reference) => structuredClone(directory.membershipsOf(directory.user(reference))),
  };
}

export function organizationsControl(directory: Directory): OrganizationsControl {
  const both = (organization: string, user: string) =>
    [directory.organization(organization), directory.user(user)] as const;
  return {
    list: () => structuredClone(directory.organizations()),
    get: (reference) => structuredClone(directory.organization(reference)),
    create: (input = {}) => structuredClone(directory.createOrganization(input)),
    update(reference, changes) {
      const organization = directory.organization(reference);
      directory.updateOrganization(organization, changes);
      return structuredClone(organization);
    },
    delete: (reference) => directory.deleteOrganization(directory.organization(reference)),
    members: (reference) => structuredClone(directory.membersOf(directory.organization(reference))),
    addMember: (organization, user, role = "org:member") =>
      structuredClone(directory.addMember(...both(organization, user), role)),
    setRole: (organization, user, role) =>
      structuredClone(directory.setRole(...both(organization, user), role)),
    removeMember: (organization, user) => directory.removeMember(...both(organization, user)),
    defineRole: (role, permissions) => directory.defineRole(role, permissions),
  };
}
