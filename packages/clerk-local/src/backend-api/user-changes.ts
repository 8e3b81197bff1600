/** Parses the bodies of requests that create or change a user. */
import { z } from "zod";
import type { Directory, LocalUser, NewUser, UserChanges } from "../directory/directory.js";
import { Refused } from "../http/clerk-error.js";
import { dateTime, email, optionalFlag, optionalText, phoneNumber } from "./fields.js";
import { metadata, metadataOf } from "./metadata.js";
import { checked } from "./parameters.js";
import { formError, identifierExists, parameterUnknown } from "./refusals.js";
import { identificationId } from "./user-resource.js";

const KINDS = ["publicMetadata", "privateMetadata", "unsafeMetadata"] as const;

/** The SDK sends a Date as JSON does. */
const attributes = {
  external_id: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  locale: optionalText,
  timezone: optionalText,
  username: optionalText,
  password: optionalText,
  password_digest: optionalText,
  password_hasher: optionalText,
  skip_password_checks: optionalFlag,
  delete_self_enabled: optionalFlag,
  create_organization_enabled: optionalFlag,
  create_organizations_limit: z.int().min(0).nullable().optional(),
  legal_accepted_at: dateTime,
  skip_legal_checks: optionalFlag,
  created_at: dateTime,
  bypass_client_trust: optionalFlag,
};

const metadataMembers = {
  public_metadata: metadata.nullable().optional(),
  private_metadata: metadata.nullable().optional(),
  unsafe_metadata: metadata.nullable().optional(),
};

/** The body of `PATCH` and `PUT /users/{id}/metadata`. */
export const userMetadata = z.strictObject(metadataMembers);

const verified = z.array(z.literal("verified")).optional();

const creation = z.strictObject({
  ...attributes,
  ...metadataMembers,
  email_address: z.array(email).default([]),
  email_address_identification_status: verified,
  phone_number: z.array(phoneNumber).default([]),
  phone_number_identification_status: verified,
  skip_password_requirement: optionalFlag,
  banned: optionalFlag,
  locked: optionalFlag,
});

const patch = z.strictObject({
  ...attributes,
  ...metadataMembers,
  primary_email_address_id: optionalText,
  notify_primary_email_address_changed: optionalFlag,
  primary_phone_number_id: optionalText,
  sign_out_of_other_sessions: optionalFlag,
});

/** Clerk's own parameters for what the local Clerk does not have. */
const DISABLED = ["web3_wallet", "totp_secret", "backup_codes", "profile_image_id", "primary_web3_wallet_id"];

/** The version of the API that no longer takes metadata with other changes. */
const WITHOUT_METADATA = "2026-05-12";

/** The body of `POST /users`. @param lockedUntil for a user who is created locked */
export function newUser(directory: Directory, body: unknown, lockedUntil: number): NewUser {
  refuseDisabled(body, "skip_user_requirement");
  const form = checked(creation, body);
  const [address, ...otherEmails] = form.email_address;
  // An instance decides what its users must have. Here it is an email address.
  if (address === undefined) throw dataMissing("email_address");
  const user: NewUser = {
    ...changesIn(form),
    ...(form.username && { username: form.username }),
    email: address,
    otherEmails,
    phoneNumbers: form.phone_number,
    passwordEnabled: hasPassword(form),
    banned: form.banned ?? false,
    lockedUntil: form.locked ? lockedUntil : null,
  };
  refuseTaken(directory, user);
  return user;
}

/** The body of `PATCH /users/{id}`. @param version of the API, as the request names it */
export function userChanges(
  directory: Directory,
  user: LocalUser,
  body: unknown,
  version: string | undefined,
): UserChanges & { signsOut: boolean } {
  refuseDisabled(body);
  const form = checked(patch, body);
  const deprecated = Object.keys(metadataMembers).find((name) => Object.hasOwn(form, name));
  if (deprecated !== undefined && version !== undefined && version >= WITHOUT_METADATA) {
    throw metadataDeprecated(deprecated, "users");
  }
  const changes: UserChanges = {
    ...changesIn(form, user),
    ...(form.username !== undefined && { username: form.username || user.id.toLowerCase() }),
    ...(hasPassword(form) && { passwordEnabled: true }),
    ...withPrimaryEmail(user, form.primary_email_address_id),
    ...withPrimaryPhone(user, form.primary_phone_number_id),
  };
  refuseTaken(directory, changes, user);
  return { ...changes, signsOut: hasPassword(form) && form.sign_out_of_other_sessions === true };
}

export function metadataDeprecated(parameter: string, resource: string): Refused {
  const text = `${parameter} is deprecated. Use PATCH or PUT /v1/${resource}/{id}/metadata instead.`;
  return formError("form_param_deprecated", parameter, text, "is deprecated");
}

type Attributes = z.output<typeof patch> | z.output<typeof creation>;

function changesIn(form: Attributes, user?: LocalUser): UserChanges {
  checkPassword(form);
  const settings = {
    locale: form.locale,
    deleteSelfEnabled: form.delete_self_enabled ?? undefined,
    createOrganizationEnabled: form.create_organization_enabled ?? undefined,
    createOrganizationsLimit: form.create_organizations_limit,
    legalAcceptedAt: form.legal_accepted_at,
    bypassClientTrust: form.bypass_client_trust ?? undefined,
  };
  return given({
    firstName: form.first_name,
    lastName: form.last_name,
    externalId: form.external_id,
    createdAt: form.created_at ?? undefined,
    ...metadataOf(form, ...KINDS),
    settings: { ...user?.settings, ...given(settings) },
  }) as UserChanges;
}

function given(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function hasPassword(form: Attributes): boolean {
  return Boolean(form.password ?? form.password_digest);
}

/** The password is judged and forgotten. */
function checkPassword({ password, skip_password_checks: isUnchecked }: Attributes): void {
  if (typeof password !== "string" || isUnchecked) return;
  if (password.length < 8) {
    const problem = "Passwords must be 8 characters or more.";
    throw formError("form_password_length_too_short", "password", problem, problem);
  }
  if (Buffer.byteLength(password) > 72) {
    const problem = "Your password is too long. Please use a shorter one.";
    throw formError("form_password_size_in_bytes_exceeded", "password", problem, problem);
  }
}

function withPrimaryEmail(user: LocalUser, id: string | null | undefined): UserChanges {
  if (typeof id !== "string") return {};
  const all = [user.email, ...user.otherEmails];
  const email = identified(user, all, id, "primary_email_address_id");
  return { email, otherEmails: all.filter((address) => address !== email) };
}

function withPrimaryPhone(user: LocalUser, id: string | null | undefined): UserChanges {
  if (typeof id !== "string") return {};
  const number = identified(user, user.phoneNumbers, id, "primary_phone_number_id");
  return { phoneNumbers: [number, ...user.phoneNumbers.filter((other) => other !== number)] };
}

function identified(user: LocalUser, values: readonly string[], id: string, parameter: string): string {
  const found = values.find((value) => identificationId(user, value) === id);
  if (found !== undefined) return found;
  throw formError(
    "form_resource_not_found",
    parameter,
    `The resource associated with the supplied ${parameter} was not found.`,
    "is missing",
  );
}

function refuseDisabled(body: unknown, ...others: string[]): void {
  if (typeof body !== "object" || body === null) return;
  const disabled = [...DISABLED, ...others].find((name) => Object.hasOwn(body, name));
  if (disabled) throw parameterUnknown(disabled, "clerk-local does not have this feature.");
}

function refuseTaken(directory: Directory, changes: UserChanges, self?: LocalUser): void {
  const taken = directory.takenIdentifier(changes, self);
  if (taken) throw identifierExists(taken[0]);
}

function dataMissing(parameter: string): Refused {
  return new Refused({
    status: 422,
    code: "form_data_missing",
    message: "missing data",
    longMessage: `["${parameter}"] data doesn't match user requirements set for this instance`,
    meta: { param_names: [parameter] },
  });
}
