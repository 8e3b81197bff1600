/** Users, organizations, memberships and tokens in the format of Clerk's Backend API. */
import type { Directory, LocalMembership, LocalOrganization, LocalUser } from "../directory/directory.js";
import { scopeWords } from "../scopes.js";
import type { AccessTokenRecord, AccessTokens } from "../tokens/access-tokens.js";

/** The stand-in serves the pictures itself, so that no URL points to the internet. */
function imageUrl(issuer: string, id: string): string {
  return `${issuer}/images/${id}.svg`;
}

export function userResource(issuer: string, user: LocalUser) {
  const emailId = user.id.replace(/^user_/, "idn_");
  return {
    id: user.id,
    object: "user",
    external_id: user.externalId,
    primary_email_address_id: emailId,
    primary_phone_number_id: null,
    primary_web3_wallet_id: null,
    username: user.username,
    first_name: user.firstName,
    last_name: user.lastName,
    locale: null,
    image_url: imageUrl(issuer, user.id),
    profile_image_url: imageUrl(issuer, user.id),
    has_image: false,
    public_metadata: user.publicMetadata,
    private_metadata: user.privateMetadata,
    unsafe_metadata: user.unsafeMetadata,
    email_addresses: [
      {
        id: emailId,
        object: "email_address",
        email_address: user.email,
        reserved: false,
        verification: {
          object: "verification_admin",
          status: "verified",
          strategy: "admin",
          attempts: null,
          expire_at: null,
        },
        linked_to: [],
        created_at: user.createdAt,
        updated_at: user.createdAt,
      },
    ],
    phone_numbers: [],
    web3_wallets: [],
    passkeys: [],
    password_enabled: true,
    two_factor_enabled: false,
    totp_enabled: false,
    backup_code_enabled: false,
    mfa_enabled_at: null,
    mfa_disabled_at: null,
    password_last_updated_at: null,
    external_accounts: [],
    saml_accounts: [],
    enterprise_accounts: [],
    last_sign_in_at: user.lastSignInAt,
    banned: user.banned,
    locked: false,
    lockout_expires_in_seconds: null,
    verification_attempts_remaining: 100,
    updated_at: user.updatedAt,
    created_at: user.createdAt,
    delete_self_enabled: true,
    create_organization_enabled: true,
    create_organizations_limit: null,
    last_active_at: user.lastSignInAt,
    legal_accepted_at: null,
    bypass_client_trust: false,
  };
}

export function organizationResource(issuer: string, directory: Directory, organization: LocalOrganization) {
  return {
    object: "organization",
    id: organization.id,
    name: organization.name,
    slug: organization.slug,
    image_url: imageUrl(issuer, organization.id),
    has_image: false,
    members_count: directory.membersOf(organization).length,
    missing_member_with_elevated_permissions: false,
    pending_invitations_count: 0,
    max_allowed_memberships: 5,
    admin_delete_enabled: true,
    public_metadata: organization.publicMetadata,
    private_metadata: organization.privateMetadata,
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
    role_name: membership.role.replace(/^org:/, ""),
    permissions: directory.permissions(membership.role),
    public_metadata: {},
    private_metadata: {},
    organization: organizationResource(issuer, directory, organization),
    public_user_data: {
      user_id: user.id,
      first_name: user.firstName,
      last_name: user.lastName,
      image_url: imageUrl(issuer, user.id),
      profile_image_url: imageUrl(issuer, user.id),
      has_image: false,
      identifier: user.email,
      username: user.username,
      banned: user.banned,
    },
    created_at: membership.createdAt,
    updated_at: membership.updatedAt,
  };
}

export function accessTokenResource(
  tokens: AccessTokens,
  record: AccessTokenRecord,
  state: { revoked: boolean; expired: boolean; unit: "ms" | "s" },
) {
  const time = (seconds: number) => (state.unit === "ms" ? seconds * 1000 : seconds);
  const audience = tokens.audience(record);
  return {
    object: "clerk_idp_oauth_access_token",
    id: record.id,
    client_id: record.clientId,
    subject: record.accountId,
    scopes: scopeWords(record.scope),
    revoked: state.revoked,
    revocation_reason: state.revoked ? "Revoked" : null,
    expired: state.expired,
    expiration: time(record.expiresAt),
    created_at: time(record.issuedAt),
    updated_at: time(record.issuedAt),
    ...(audience.length > 0 && { aud: audience }),
  };
}
