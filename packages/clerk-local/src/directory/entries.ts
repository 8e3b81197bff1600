/** The entries of the directory: users, organizations, memberships, invitations and roles. */

/** Free-form data that an application keeps with a user or an organization. */
export type Metadata = Record<string, unknown>;

/** Members of a user in the Backend API that the local Clerk stores but does not use. */
export interface UserSettings {
  /** Language tag, BCP 47. */
  locale: string | null;
  deleteSelfEnabled: boolean;
  createOrganizationEnabled: boolean;
  /** `null` or `0`: no limit. */
  createOrganizationsLimit: number | null;
  /** Milliseconds since the epoch. */
  legalAcceptedAt: number | null;
  bypassClientTrust: boolean;
}

export interface LocalUser {
  /** `user_…` */
  readonly id: string;
  username: string;
  /** The primary address. */
  email: string;
  /** Further addresses, all verified. */
  otherEmails: readonly string[];
  /** E.164, all verified; the first is the primary one. */
  phoneNumbers: readonly string[];
  firstName: string | null;
  lastName: string | null;
  /** A banned user cannot sign in or refresh. */
  banned: boolean;
  /** A locked user cannot sign in until then. Milliseconds since the epoch; `null`: not locked. */
  lockedUntil: number | null;
  /** Whether the Backend API says that there is a password. The local Clerk asks for none, and keeps none. */
  passwordEnabled: boolean;
  publicMetadata: Metadata;
  privateMetadata: Metadata;
  unsafeMetadata: Metadata;
  externalId: string | null;
  settings: UserSettings;
  /** Milliseconds since the epoch, like Clerk's. */
  createdAt: number;
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
  /** The most members and pending invitations. `0`: no limit; `null`: none was set, and none is kept. */
  maxAllowedMemberships: number | null;
  adminDeleteEnabled: boolean;
  /** Id of the user who created it, if the Backend API was told. */
  readonly createdBy: string | null;
  createdAt: number;
  updatedAt: number;
}

export interface LocalMembership {
  /** `orgmem_…` */
  readonly id: string;
  readonly userId: string;
  readonly organizationId: string;
  /** `org:admin`, `org:member`, … */
  role: string;
  publicMetadata: Metadata;
  privateMetadata: Metadata;
  readonly createdAt: number;
  updatedAt: number;
}

/** An invitation to an organization. No mail is sent, and it cannot be accepted. */
export interface LocalInvitation {
  /** `orginv_…` */
  readonly id: string;
  readonly organizationId: string;
  readonly emailAddress: string;
  readonly role: string;
  readonly inviterId: string | null;
  readonly publicMetadata: Metadata;
  readonly privateMetadata: Metadata;
  revoked: boolean;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly createdAt: number;
  updatedAt: number;
}

export interface LocalRole {
  /** `org:admin`, `org:member`, … */
  readonly key: string;
  permissions: readonly string[];
  readonly createdAt: number;
  updatedAt: number;
}

/** A user to create. Every member has a default. */
export interface NewUser {
  id?: string | undefined;
  username?: string | undefined;
  email?: string | undefined;
  otherEmails?: readonly string[] | undefined;
  phoneNumbers?: readonly string[] | undefined;
  firstName?: string | null | undefined;
  lastName?: string | null | undefined;
  banned?: boolean | undefined;
  lockedUntil?: number | null | undefined;
  passwordEnabled?: boolean | undefined;
  publicMetadata?: Metadata | undefined;
  privateMetadata?: Metadata | undefined;
  unsafeMetadata?: Metadata | undefined;
  externalId?: string | null | undefined;
  settings?: UserSettings | undefined;
  createdAt?: number | undefined;
}

/** The members of a user that can be changed. */
export type UserChanges = Omit<NewUser, "id">;

export interface NewOrganization {
  id?: string | undefined;
  name?: string | undefined;
  slug?: string | undefined;
  publicMetadata?: Metadata | undefined;
  privateMetadata?: Metadata | undefined;
  maxAllowedMemberships?: number | null | undefined;
  adminDeleteEnabled?: boolean | undefined;
  createdBy?: string | null | undefined;
  createdAt?: number | undefined;
}

/** The members of an organization that can be changed. */
export type OrganizationChanges = Omit<NewOrganization, "id" | "createdBy">;

export interface NewInvitation {
  emailAddress: string;
  role: string;
  inviterId: string | null;
  publicMetadata: Metadata;
  privateMetadata: Metadata;
  /** Seconds. */
  lifetime: number;
}
