/** Users in the format of Clerk's Backend API. */
import type { AccountRecord } from "../accounts/external-accounts.js";
import { type Directory, type LocalUser, placeholderUsername } from "../directory/directory.js";
import { derivedText } from "../ids.js";
import { externalAccountResource } from "./connected-accounts.js";

/** The local Clerk serves the pictures itself, so that no URL points to the internet. */
export function imageUrl(issuer: string, id: string): string {
  return `${issuer}/images/${id}.svg`;
}

/** `null` where the local Clerk has given the user one, for its own pages. */
export function usernameOf({ id, username }: LocalUser): string | null {
  return username === placeholderUsername(id) ? null : username;
}

/** The id of an email address or phone number of a user. */
export function identificationId({ id }: LocalUser, value: string): string {
  return `idn_${derivedText(`${id} ${value}`).slice(0, 27)}`;
}

export function userResource(
  issuer: string,
  directory: Directory,
  user: LocalUser,
  accounts: readonly AccountRecord[],
) {
  const { settings } = user;
  const locked = directory.isLocked(user);
  const [phoneNumber] = user.phoneNumbers;
  return {
    id: user.id,
    object: "user",
    external_id: user.externalId,
    primary_email_address_id: identificationId(user, user.email),
    primary_phone_number_id: phoneNumber === undefined ? null : identificationId(user, phoneNumber),
    primary_web3_wallet_id: null,
    username: usernameOf(user),
    first_name: user.firstName,
    last_name: user.lastName,
    locale: settings.locale,
    image_url: imageUrl(issuer, user.id),
    profile_image_url: imageUrl(issuer, user.id),
    has_image: false,
    public_metadata: user.publicMetadata,
    private_metadata: user.privateMetadata,
    unsafe_metadata: user.unsafeMetadata,
    email_addresses: [user.email, ...user.otherEmails].map((address) => ({
      ...identification(user, "email_address", address),
      email_address: address,
    })),
    phone_numbers: user.phoneNumbers.map((number) => ({
      ...identification(user, "phone_number", number),
      phone_number: number,
      reserved_for_second_factor: false,
      default_second_factor: false,
      backup_codes: null,
    })),
    web3_wallets: [],
    passkeys: [],
    password_enabled: user.passwordEnabled,
    two_factor_enabled: false,
    totp_enabled: false,
    backup_code_enabled: false,
    mfa_enabled_at: null,
    mfa_disabled_at: null,
    password_last_updated_at: null,
    external_accounts: accounts.map((account) => externalAccountResource(user, account)),
    saml_accounts: [],
    enterprise_accounts: [],
    last_sign_in_at: user.lastSignInAt,
    banned: user.banned,
    locked,
    lockout_expires_in_seconds: locked ? directory.lockoutSeconds(user) : null,
    verification_attempts_remaining: locked ? 0 : 100,
    updated_at: user.updatedAt,
    created_at: user.createdAt,
    delete_self_enabled: settings.deleteSelfEnabled,
    create_organization_enabled: settings.createOrganizationEnabled,
    create_organizations_limit: settings.createOrganizationsLimit,
    last_active_at: user.lastSignInAt,
    legal_accepted_at: settings.legalAcceptedAt,
    bypass_client_trust: settings.bypassClientTrust,
  };
}

function identification(user: LocalUser, object: string, value: string) {
  return {
    id: identificationId(user, value),
    object,
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
  };
}
