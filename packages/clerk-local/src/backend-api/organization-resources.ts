/** Organizations, their members and invitations in the format of Clerk's Backend API. */
import type {
  Directory,
  LocalInvitation,
  LocalMembership,
  LocalOrganization,
  LocalUser,
} from "../directory/directory.js";
import { roleName } from "./role-resources.js";
import { imageUrl, usernameOf } from "./user-resource.js";

/** What Clerk reports of an organization that has no limit of its own. */
const DEFAULT_MAX_MEMBERSHIPS = 5;

/** Members that an answer has only if the request asks for them. */
export interface OrganizationExtras {
  include_members_count?: boolean | undefined;
  include_missing_member_with_elevated_permissions?: boolean | undefined;
}

export function organizationResource(
  issuer: string,
  directory: Directory,
  organization: LocalOrganization,
  extras: OrganizationExtras = {},
) {
  const { memberships, roles, invitations } = directory;
  return {
    object: "organization",
    id: organization.id,
    name: organization.name,
    slug: organization.slug,
    image_url: imageUrl(issuer, organization.id),
    has_image: false,
    ...(extras.include_members_count && { members_count: memberships.countOf(organization.id) }),
    ...(extras.include_missing_member_with_elevated_permissions && {
      missing_member_with_elevated_permissions: !directory
        .membersOf(organization)
        .some(({ role }) => roles.isElevated(role)),
    }),
    pending_invitations_count: invitations.pendingIn(organization.id).length,
    max_allowed_memberships: organization.maxAllowedMemberships ?? DEFAULT_MAX_MEMBERSHIPS,
    admin_delete_enabled: organization.adminDeleteEnabled,
    public_metadata: organization.publicMetadata,
    private_metadata: organization.privateMetadata,
    ...(organization.createdBy !== null && { created_by: organization.createdBy }),
    created_at: organization.createdAt,
    updated_at: organization.updatedAt,
  };
}

export function membershipResource(issuer: string, directory: Directory, membership: LocalMembership) {
  const user = directory.user(membership.userId);
  const organization = directory.organization(membership.organizationId);
  return {
    object: "organization_membership",
    id: membership.id,
    role: membership.role,
    role_name: roleName(membership.role),
    permissions: directory.permissions(membership.role),
    public_metadata: membership.publicMetadata,
    private_metadata: membership.privateMetadata,
    organization: organizationResource(issuer, directory, organization),
    public_user_data: {
      ...publicUserData(issuer, user),
      profile_image_url: imageUrl(issuer, user.id),
      username: usernameOf(user),
      banned: user.banned,
    },
    created_at: membership.createdAt,
    updated_at: membership.updatedAt,
  };
}

export function invitationResource(issuer: string, directory: Directory, invitation: LocalInvitation) {
  const inviter = invitation.inviterId === null ? undefined : directory.userById(invitation.inviterId);
  return {
    object: "organization_invitation",
    id: invitation.id,
    email_address: invitation.emailAddress,
    role: invitation.role,
    role_name: roleName(invitation.role),
    organization_id: invitation.organizationId,
    inviter_id: invitation.inviterId,
    public_inviter_data: inviter ? publicUserData(issuer, inviter) : null,
    status: directory.invitations.status(invitation),
    public_metadata: invitation.publicMetadata,
    private_metadata: invitation.privateMetadata,
    url: null,
    expires_at: invitation.expiresAt,
    created_at: invitation.createdAt,
    updated_at: invitation.updatedAt,
  };
}

/** For lists across organizations. */
export function placedInvitationResource(issuer: string, directory: Directory, invitation: LocalInvitation) {
  const { id, name, slug } = directory.organization(invitation.organizationId);
  return {
    ...invitationResource(issuer, directory, invitation),
    public_organization_data: { id, name, slug, image_url: imageUrl(issuer, id), has_image: false },
  };
}

function publicUserData(issuer: string, user: LocalUser) {
  return {
    user_id: user.id,
    first_name: user.firstName,
    last_name: user.lastName,
    image_url: imageUrl(issuer, user.id),
    has_image: false,
    identifier: user.email,
  };
}
