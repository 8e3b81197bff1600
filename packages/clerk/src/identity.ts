/** The kinds of callers and credentials. */

/**
 * Every kind of caller. `label`: text for people. `signsIn`: whether the caller can sign in again, with more scopes or
 * another organization. `hasScopes`: whether the credential's scopes are OAuth scopes; the scopes of a machine's token
 * are ids of machines.
 */
export const CALLERS = {
  user: { label: "a signed-in user", signsIn: true, hasScopes: true },
  api_key: { label: "an API key", signsIn: false, hasScopes: true },
  machine: { label: "a machine token", signsIn: false, hasScopes: false },
} as const;

/** The kind of caller: a user with an OAuth access token, an API key, or a machine with an M2M token. */
export type CallerKind = keyof typeof CALLERS;

/** Every kind of credential that Clerk issues, and the kind of caller that presents it. */
export const CREDENTIALS = {
  oauth_token: "user",
  api_key: "api_key",
  m2m_token: "machine",
} as const satisfies Readonly<Record<string, CallerKind>>;

/** The kinds of credential that Clerk issues and this server can accept, by their names in Clerk's SDKs. */
export type CredentialKind = keyof typeof CREDENTIALS;

export const CALLER_KINDS = Object.keys(CALLERS) as CallerKind[];
export const CREDENTIAL_KINDS = Object.keys(CREDENTIALS) as CredentialKind[];

/** The shapes of Clerk's ids, by prefix. */
export const ID_SHAPES = {
  user: /^user_[A-Za-z0-9]+$/,
  org: /^org_[A-Za-z0-9]+$/,
  mch: /^mch_[A-Za-z0-9]+$/,
} as const;

export function isUserId(value: string): boolean {
  return ID_SHAPES.user.test(value);
}

export function isOrganizationId(value: string): boolean {
  return ID_SHAPES.org.test(value);
}

export function isMachineId(value: string): boolean {
  return ID_SHAPES.mch.test(value);
}

/** The scope with which a user picks an organization at consent. */
export const ORGANIZATION_SCOPE = "user:org:read";

/** Roles and permissions may be written with or without `org:`, as in Clerk's own SDKs. */
export function withPrefix(name: string): string {
  return name.startsWith("org:") ? name : `org:${name}`;
}
