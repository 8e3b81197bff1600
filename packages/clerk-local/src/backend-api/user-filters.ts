/** The filters of lists of users, and of lists of members. */
import type { z } from "zod";
import type { Directory, LocalUser } from "../directory/directory.js";
import type { BackendApiParts } from "./parts.js";
import { time, word, words, yesOrNo } from "./query.js";
import { formError } from "./refusals.js";

/** Filters that members of an organization also have. */
export const memberFilters = {
  user_id: words,
  email_address: words,
  phone_number: words,
  username: words,
  web3_wallet: words,
  query: word,
  email_address_query: word,
  phone_number_query: word,
  username_query: word,
  name_query: word,
  last_active_at_before: time,
  last_active_at_after: time,
  created_at_before: time,
  created_at_after: time,
};

export const userFilters = {
  ...memberFilters,
  external_id: words,
  organization_id: words,
  banned: yesOrNo,
  last_active_at_since: time,
  last_sign_in_at_before: time,
  last_sign_in_at_after: time,
  provider: word,
  provider_user_id: words,
};

type Filters = Partial<{ [Name in keyof typeof userFilters]: z.output<(typeof userFilters)[Name]> }>;
type Test = (user: LocalUser) => boolean;
type Parts = Pick<BackendApiParts, "directory" | "externalAccounts">;

/** The users who pass every filter, in the order of their creation. */
export function matchingUsers(parts: Parts, filters: Filters): LocalUser[] {
  return candidates(parts.directory, filters).filter(userTest(parts, filters));
}

/** Whether a user passes every filter. */
export function userTest({ directory, externalAccounts }: Parts, filters: Filters): Test {
  if (filters.provider === undefined && filters.provider_user_id?.length) throw incomplete("provider");
  if (filters.provider !== undefined && !filters.provider_user_id?.length)
    throw incomplete("provider_user_id");
  const tests = [
    signed(filters.user_id, (user) => [user.id]),
    signed(filters.external_id, (user) => [user.externalId ?? ""]),
    signed(filters.organization_id, (user) =>
      directory.membershipsOf(user).map(({ organizationId }) => organizationId),
    ),
    among(filters.email_address, emails),
    among(filters.phone_number, (user) => user.phoneNumbers),
    among(filters.username, (user) => [user.username]),
    // Nobody here has a wallet.
    among(filters.web3_wallet, () => []),
    among(filters.provider_user_id, (user) =>
      externalAccounts
        .list(user.id, filters.provider?.replace(/^oauth_/, ""))
        .map(({ providerUserId }) => providerUserId),
    ),
    containing(filters.query, (user) => [
      ...emails(user),
      ...user.phoneNumbers,
      user.username,
      user.id,
      name(user),
    ]),
    containing(filters.email_address_query, emails),
    containing(filters.phone_number_query, (user) => user.phoneNumbers),
    containing(filters.username_query, (user) => [user.username]),
    containing(filters.name_query, (user) => [name(user)]),
    filters.banned === undefined ? undefined : (user: LocalUser) => user.banned === filters.banned,
    ...between((user) => user.createdAt, filters.created_at_after, filters.created_at_before),
    ...between((user) => user.lastSignInAt, filters.last_sign_in_at_after, filters.last_sign_in_at_before),
    ...between((user) => user.lastSignInAt, filters.last_active_at_after, filters.last_active_at_before),
    ...between((user) => user.lastSignInAt, justBefore(filters.last_active_at_since), undefined),
  ].filter((test) => test !== undefined);
  return (user) => tests.every((test) => test(user));
}

/** All users, unless a filter uses an index. */
function candidates(directory: Directory, filters: Filters): LocalUser[] {
  const lookups: [readonly string[] | undefined, (value: string) => (LocalUser | undefined)[]][] = [
    [included(filters.user_id), (id) => [directory.userById(id)]],
    [filters.email_address, (address) => [directory.userBy("email_address", address)]],
    [filters.username, (username) => [directory.userBy("username", username)]],
    [filters.phone_number, (number) => [directory.userBy("phone_number", number)]],
    [included(filters.external_id), (id) => [directory.userBy("external_id", id)]],
    [
      included(filters.organization_id),
      (id) => directory.memberships.ofOrganization(id).map(({ userId }) => directory.userById(userId)),
    ],
  ];
  const [values, lookup] = lookups.find(([named]) => named?.length) ?? [];
  if (!values || !lookup) return directory.users();
  return directory.inOrder(values.flatMap(lookup).filter((user) => user !== undefined));
}

/** A value with `-` before it must not be among the user's; of the others, one must be. */
function signed(
  values: readonly string[] | undefined,
  of: (user: LocalUser) => readonly string[],
): Test | undefined {
  if (!values?.length) return undefined;
  const wanted = new Set(included(values));
  const unwanted = new Set(excluded(values));
  return (user) => {
    const own = of(user);
    return (
      (wanted.size === 0 || own.some((value) => wanted.has(value))) &&
      !own.some((value) => unwanted.has(value))
    );
  };
}

/** Without the values that are excluded. In a query, a plus sign that is not encoded is a space. */
export function included(values: readonly string[] = []): string[] {
  return values.filter((value) => !value.startsWith("-")).map((value) => value.replace(/^[+ ]/, ""));
}

export function excluded(values: readonly string[] = []): string[] {
  return values.filter((value) => value.startsWith("-")).map((value) => value.slice(1));
}

function among(
  values: readonly string[] | undefined,
  of: (user: LocalUser) => readonly string[],
): Test | undefined {
  if (!values?.length) return undefined;
  const wanted = new Set(values.map((value) => value.toLowerCase()));
  return (user) => of(user).some((value) => wanted.has(value.toLowerCase()));
}

function containing(part: string | undefined, of: (user: LocalUser) => readonly string[]): Test | undefined {
  if (part === undefined) return undefined;
  const wanted = part.toLowerCase();
  return (user) => of(user).some((value) => value.toLowerCase().includes(wanted));
}

function between(
  of: (user: LocalUser) => number | null,
  after: number | undefined,
  before: number | undefined,
): Test[] {
  const tests: Test[] = [];
  if (after !== undefined) tests.push((user) => (of(user) ?? -Infinity) > after);
  if (before !== undefined) tests.push((user) => (of(user) ?? Infinity) < before);
  return tests;
}

function justBefore(time: number | undefined): number | undefined {
  return time === undefined ? undefined : time - 1;
}

function emails({ email, otherEmails }: LocalUser): string[] {
  return [email, ...otherEmails];
}

function name({ firstName, lastName }: LocalUser): string {
  return [firstName, lastName].filter(Boolean).join(" ");
}

function incomplete(parameter: string) {
  return formError(
    "form_conditional_param_missing",
    parameter,
    "`provider` and `provider_user_id` must be used together.",
    "is missing",
  );
}
