import { ClerkFailure } from "../errors/clerk-failure.js";
import type { DenyReason } from "../errors/refusal.js";
import { CALLERS, type CallerKind, ORGANIZATION_SCOPE, withPrefix } from "../identity.js";
import type { Access, AccessRule, OneOf } from "../options/access-rules.js";
import { namesOrganization } from "../session/caller-session.js";
import { ConnectedAccount, chosenAccount, type ProviderAccounts } from "../session/connected-accounts.js";
import { type MissingConnection, providerName } from "../session/connection-required.js";
import type { Membership } from "../session/memberships.js";
import type { Metadata } from "../session/public-metadata.js";
import { type Session, userIdOf } from "../session/session.js";

/** An unmet requirement. */
export type Denial =
  /** A new sign-in with these scopes would meet it. */
  | { readonly kind: "scopes"; readonly reason: StepUpReason; readonly scopes: readonly string[] }
  /** No scope would meet it. `need` describes the requirement for a person. */
  | { readonly kind: "denied"; readonly reason: DenyReason; readonly need: string }
  /** The user would meet it by connecting an account. */
  | { readonly kind: "connection"; readonly missing: MissingConnection }
  /** Clerk had to be called and did not answer. */
  | { readonly kind: "unknown"; readonly failure: ClerkFailure };

export type StepUpReason = Extract<DenyReason, "scope_insufficient" | "organization_missing">;

/** The facts that rules are evaluated against. A `ClerkFailure` replaces a value that Clerk did not provide. */
export interface Facts {
  readonly session: Session;
  readonly scopes: ReadonlySet<string>;
  /** `null` if the caller has no organization or is not a member of the one in the token. */
  readonly membership: Membership | null | ClerkFailure;
  /** `null` for a caller that is not a user. */
  readonly metadata: Metadata | null | ClerkFailure;
  /** By provider. `"unasked"`: the answer does not depend on them. */
  readonly connections: ReadonlyMap<string, ProviderAccounts | ClerkFailure> | "unasked";
}

/** One compiled condition of a rule: returns the denial if the caller does not meet it. */
export type Requirement = (facts: Facts) => Denial | undefined;

type Requiring<Name extends keyof AccessRule> = (needed: NonNullable<AccessRule[Name]>) => Requirement;

/** One requirement for each member of a rule. */
const REQUIREMENTS: { readonly [Name in keyof Required<AccessRule>]: Requiring<Name> } = {
  callers:
    (kinds) =>
    ({ session }) =>
      kinds.includes(session.caller) ? undefined : denied("caller_not_allowed", callersNeeded(kinds)),
  users:
    (ids) =>
    ({ session }) =>
      ids.includes(userIdOf(session) ?? "")
        ? undefined
        : denied("caller_not_allowed", "you to be one of the allowed users"),
  organization: () => organizationMissing,
  organizations: (ids) => (facts) =>
    organizationMissing(facts) ??
    (ids.includes(facts.session.organizationId ?? "")
      ? undefined
      : denied("caller_not_allowed", "one of the allowed organizations to be active")),
  role(roles) {
    const names = listOf(roles).map(withPrefix);
    return inOrganization(({ role }) =>
      names.includes(role) ? undefined : denied("role_missing", `the role ${names.join(" or ")}`),
    );
  },
  permission(permissions) {
    const names = listOf(permissions).map(withPrefix);
    return inOrganization((membership) => {
      const missing = names.filter((name) => !membership.permissions.includes(name));
      return missing.length === 0
        ? undefined
        : denied("permission_missing", `the permission ${missing.join(" and ")}`);
    });
  },
  metadata:
    (needed) =>
    ({ metadata }) => {
      if (metadata instanceof ClerkFailure) return { kind: "unknown", failure: metadata };
      return Object.entries(needed).every(([name, values]) => matches(metadata, name, listOf(values)))
        ? undefined
        : denied("metadata_mismatch", metadataNeeded(needed));
    },
  connection:
    (needed) =>
    ({ session, connections }) => {
      if (session.caller !== "user")
        return denied("caller_not_allowed", "a signed-in user, who connects accounts");
      if (connections === "unasked") return undefined;
      for (const [provider, scopes] of Object.entries(needed)) {
        const accounts = connections.get(provider) ?? [];
        if (accounts instanceof ClerkFailure)
          return accounts.kind === "rejected"
            ? denied(
                "connection_missing",
                `this server's operator to enable ${providerName(provider)} in Clerk`,
              )
            : { kind: "unknown", failure: accounts };
        const chosen = chosenAccount(provider, accounts, scopes);
        if (!(chosen instanceof ConnectedAccount)) return { kind: "connection", missing: chosen };
      }
      return undefined;
    },
  scopes:
    (needed) =>
    ({ scopes }) =>
      lacking(needed.filter((scope) => !scopes.has(scope))),
  anyScope:
    (needed) =>
    ({ scopes }) =>
      needed.some((scope) => scopes.has(scope)) ? undefined : lacking(needed.slice(0, 1)),
};

/** The requirements of a rule, all of which must be met. */
export function requirementsOf(access: Access): readonly Requirement[] {
  if (access === "public" || access === "authenticated") return [];
  if (access === "deny") return [() => denied("access_closed", "a rule that opens it, but no rule does")];
  return Object.entries(access).flatMap(([name, needed]) => {
    if (needed === undefined) return [];
    const requiring = REQUIREMENTS[name as keyof AccessRule] as Requiring<never>;
    return requiring(needed as never);
  });
}

function denied(reason: Extract<Denial, { kind: "denied" }>["reason"], need: string): Denial {
  return { kind: "denied", reason, need };
}

function lacking(scopes: readonly string[]): Denial | undefined {
  return scopes.length === 0 ? undefined : { kind: "scopes", reason: "scope_insufficient", scopes };
}

/**
 * A user chooses an organization at sign-in. The scope is requested only if the token lacks it: a user who already had
 * the choice gains nothing from a second sign-in.
 */
function organizationMissing({ session, scopes, membership }: Facts): Denial | undefined {
  if (session.organizationId !== undefined) return undefined;
  if (membership instanceof ClerkFailure) return { kind: "unknown", failure: membership };
  if (!CALLERS[session.caller].signsIn)
    return denied("organization_missing", "a credential of an organization");
  if (!scopes.has(ORGANIZATION_SCOPE))
    return { kind: "scopes", reason: "organization_missing", scopes: [ORGANIZATION_SCOPE] };
  return denied(
    "organization_missing",
    namesOrganization(session)
      ? "you to be a member of the organization you signed in with"
      : "an active organization: sign in again and choose one",
  );
}

function inOrganization(check: (membership: Membership) => Denial | undefined): Requirement {
  return (facts) => {
    const missing = organizationMissing(facts);
    if (missing !== undefined) return missing;
    const { membership } = facts;
    if (membership instanceof ClerkFailure) return { kind: "unknown", failure: membership };
    return check(membership ?? NO_MEMBERSHIP);
  };
}

/** An organization's own API key acts for the organization, and has no membership. */
const NO_MEMBERSHIP: Membership = { role: "", permissions: [], slug: undefined };

function matches(metadata: Metadata | null, name: string, values: readonly unknown[]): boolean {
  if (metadata === null || !Object.hasOwn(metadata, name)) return false;
  return listOf(metadata[name]).some((value) => values.includes(value));
}

/** e.g. `role admin or premium in the user's public metadata` */
function metadataNeeded(needed: NonNullable<AccessRule["metadata"]>): string {
  const values = Object.entries(needed).map(([name, accepted]) => `${name} ${listOf(accepted).join(" or ")}`);
  return `${values.join(" and ")} in the user's public metadata`;
}

function callersNeeded(kinds: readonly CallerKind[]): string {
  return kinds.map((kind) => CALLERS[kind].label).join(" or ");
}

export function listOf<T>(value: OneOf<T>): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}
