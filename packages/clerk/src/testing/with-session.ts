import type { ClerkClient, User } from "@clerk/backend";
import {
  CALLER_KINDS,
  CALLERS,
  type CallerKind,
  isMachineId,
  isOrganizationId,
  isUserId,
  ORGANIZATION_SCOPE,
  withPrefix,
} from "../identity.js";
import type { Mediation } from "../mcp/mediation.js";
import { sessionOf } from "../session/caller-session.js";
import {
  type AccountDetails,
  ConnectedAccount,
  type Connections,
  requireUser,
} from "../session/connected-accounts.js";
import { runWithContext } from "../session/context.js";
import type { Session } from "../session/session.js";
import { type Given, onlyGiven, type UserDescription } from "./given.js";

/** The organization that a caller acts for. */
export interface OrganizationDescription {
  /** `org_…` */
  readonly id: string;
  /** With or without `org:`. Default: `org:member`. An API key has none. */
  readonly role?: string | undefined;
  /** With or without `org:`. Default: none. */
  readonly permissions?: readonly string[] | undefined;
  readonly slug?: string | undefined;
}

/** An account of the caller at another provider. */
export type AccountDescription = {
  readonly [Name in keyof AccountDetails]?: AccountDetails[Name] | undefined;
};

/** Who calls the tool. Every member is optional. */
export interface CallerDescription {
  /** Default: `user`. `anonymous`: a caller who is not signed in, for what is `"public"`. */
  readonly caller?: CallerKind | "anonymous" | undefined;
  /**
   * The id, `user_…`, or what `getUser()` returns. Default: `user_test`; an API key with an organization and no user
   * belongs to the organization.
   */
  readonly user?: string | UserDescription | undefined;
  /** The id, `org_…`, or the membership. Default: none. */
  readonly organization?: string | OrganizationDescription | undefined;
  /** The id of a machine, `mch_…`. Default: `mch_test`. */
  readonly machine?: string | undefined;
  /** Default: none, and `user:org:read` with an organization. */
  readonly scopes?: readonly string[] | undefined;
  /**
   * What `getConnectedAccount()` finds, by provider: an account, or `null` for none. `token` defaults to `"token"`, `scopes`
   * to none.
   */
  readonly connectedAccounts?: Readonly<Record<string, AccountDescription | null>> | undefined;
  /** What `getClient()` returns: the calls that the tool makes. */
  readonly client?: Given<ClerkClient> | undefined;
  /** Default: `client_test`. */
  readonly clientId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly tokenId?: string | undefined;
  /** Default: the whole second before now. */
  readonly issuedAt?: Date | undefined;
  /** Default: a day after `issuedAt`. */
  readonly expiresAt?: Date | undefined;
  /** Members of `session.claims`. Default: none. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

const DAY_MS = 86_400_000;

const CLIENT = { path: "getClient()", option: (members: string) => `client: { ${members} }` };

/** A tool's function alone is called, so nothing asks for leave to run. */
const NO_GUARD: Mediation = {
  mayRun: () => false,
  paths: () => [],
  schemesOf: () => undefined,
  list: undefined,
  began: () => () => {},
  failed: () => {},
};

/**
 * Runs a function as if the described caller had called the tool: `getSession()`, `getOptionalSession()`, `getUser()` and
 * `getClient()` answer from the description. There is no server and no network, and no access rule applies: test those
 * with a client of the built server.
 *
 * If the tool reads something that the description lacks, it throws an error that names it. Calls that the function starts
 * keep their caller until they end, even if others run at the same time.
 *
 * @throws {TypeError} if an id has the wrong form or the description contradicts itself.
 * @returns what `run` returns.
 */
export function withSession<T>(caller: CallerDescription, run: () => T): T {
  requireKnown(caller);
  const session = caller.caller === "anonymous" ? undefined : described(caller);
  return runWithContext(
    {
      session,
      client: onlyGiven((caller.client ?? {}) as ClerkClient, CLIENT),
      user: session && (async () => userOf(session, caller.user)),
      connections: session && connectionsOf(session, caller.connectedAccounts),
      question: () => undefined,
      mediation: NO_GUARD,
      authInfo: undefined,
    },
    run,
  );
}

const MEMBERS: Readonly<Record<keyof CallerDescription, true>> = {
  caller: true,
  user: true,
  organization: true,
  machine: true,
  scopes: true,
  connectedAccounts: true,
  client: true,
  clientId: true,
  sessionId: true,
  tokenId: true,
  issuedAt: true,
  expiresAt: true,
  claims: true,
};

/** A misspelt member would run the test as another caller. */
function requireKnown(caller: CallerDescription): void {
  const unknown = Object.keys(caller).filter((name) => !Object.hasOwn(MEMBERS, name));
  if (unknown.length > 0)
    throw new TypeError(
      `withSession: there is no member ${unknown.join(", ")}. There are: ${Object.keys(MEMBERS).join(", ")}.`,
    );
  const { caller: kind = "user", scopes, user, organization, issuedAt, expiresAt } = caller;
  const refuse = (what: string) => {
    throw new TypeError(`withSession: ${what}`);
  };
  if (kind !== "anonymous" && !Object.hasOwn(CALLERS, kind))
    refuse(`caller is "anonymous" or one of ${CALLER_KINDS.join(", ")}.`);
  for (const [name, value] of Object.entries({ user, organization }))
    if (value === null) refuse(`${name} is an id or an object. Leave it out for none.`);
  if (scopes !== undefined && !Array.isArray(scopes)) refuse('scopes is a list, e.g. ["profile"].');
  for (const [name, value] of Object.entries({ issuedAt, expiresAt }))
    if (value !== undefined && !(value instanceof Date && !Number.isNaN(value.getTime())))
      refuse(`${name} is a Date, e.g. new Date(Date.now() + 60_000).`);
  if (issuedAt && expiresAt && expiresAt < issuedAt) refuse("expiresAt is before issuedAt.");
  const given = Object.entries(caller).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const pointless = given.filter((name) => !["caller", "client"].includes(name));
  if (kind === "anonymous" && pointless.length > 0)
    refuse(`an anonymous caller has no ${pointless.join(", ")}. Leave it out, or give another caller.`);
  if (
    kind === "api_key" &&
    typeof organization === "object" &&
    (organization.role ?? organization.permissions)
  )
    refuse("an API key has no role and no permissions in an organization. Leave them out.");
}

/** As `getUser()`, rejects with `AccessDenied` if the caller is no user. */
function userOf({ userId }: Session, user: CallerDescription["user"]): User {
  const given = typeof user === "object" ? user : { id: userId };
  const option = (members: string) => `user: { id: "${userId}", ${members} }`;
  return onlyGiven(given as unknown as User, { path: "(await getUser())", option });
}

function connectionsOf(session: Session, given: CallerDescription["connectedAccounts"] = {}): Connections {
  return {
    page: "https://accounts.test/user",
    async accounts(provider) {
      requireUser(session);
      const account = given[provider];
      if (account === null) return [];
      if (account !== undefined)
        return [
          new ConnectedAccount(provider, {
            ...account,
            externalAccountId: account.externalAccountId ?? "eac_test",
            token: account.token ?? "token",
          }),
        ];
      throw new Error(
        `[Clerk] The test does not give an account of ${provider}. Give it: withSession({ connectedAccounts: { "${provider}": { scopes: […] } } }, …), or null for none`,
      );
    },
  };
}

function described(description: CallerDescription): Session {
  const { caller = "user", clientId = "client_test", sessionId, tokenId, claims } = description;
  const organization = organizationOf(description);
  const issuedAt = description.issuedAt?.getTime() ?? Math.floor(Date.now() / 1000) * 1000;
  const isMember = caller === "user" && organization !== undefined;
  const scopes = [...(description.scopes ?? []), ...(isMember ? [ORGANIZATION_SCOPE] : [])];
  return sessionOf({
    token: {
      caller: caller as CallerKind,
      subject: subjectOf(description, organization),
      clientId,
      scopes: Object.freeze([...new Set(scopes)]),
      tokenId,
      organizationId: organization?.id,
      issuedAt,
      expiresAt: description.expiresAt?.getTime() ?? issuedAt + DAY_MS,
      claims: Object.freeze({ ...(sessionId !== undefined && { sid: sessionId }), ...claims }),
    },
    membership: isMember
      ? {
          role: withPrefix(organization.role ?? "member"),
          permissions: Object.freeze((organization.permissions ?? []).map(withPrefix)),
          slug: organization.slug,
        }
      : null,
    scopes: new Set(scopes),
  });
}

function organizationOf({ organization, caller }: CallerDescription): OrganizationDescription | undefined {
  if (organization === undefined) return undefined;
  if (caller === "machine") throw new TypeError("organization: a machine acts for none. Leave it out.");
  const given = typeof organization === "string" ? { id: organization } : organization;
  return { ...given, id: checked("organization", given.id, isOrganizationId, "org_acme") };
}

function subjectOf(
  { caller, user, machine }: CallerDescription,
  organization: OrganizationDescription | undefined,
): string {
  if (caller === "machine") {
    if (user !== undefined)
      throw new TypeError("user: a machine has none. Leave it out, or give another caller.");
    return checked("machine", machine ?? "mch_test", isMachineId, "mch_cron");
  }
  if (machine !== undefined) throw new TypeError('machine: give caller: "machine" too.');
  if (caller === "api_key" && user === undefined && organization !== undefined) return organization.id;
  const id = typeof user === "object" ? user.id : (user ?? "user_test");
  return checked("user", id, isUserId, "user_ada");
}

function checked(name: string, id: string, isValid: (id: string) => boolean, example: string): string {
  if (isValid(id)) return id;
  throw new TypeError(
    `${name}: "${id}" is not a Clerk ID. Use one such as "${example}": letters and digits after the _.`,
  );
}
