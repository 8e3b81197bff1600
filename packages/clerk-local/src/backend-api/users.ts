/** `/users` */
import type { LocalUser } from "../directory/directory.js";
import { readJson } from "../http/exchange.js";
import { mergedMetadata, metadataOf } from "./metadata.js";
import { orderBy, ordered } from "./order.js";
import { formOf } from "./parameters.js";
import type { BackendApiParts } from "./parts.js";
import { type Page, pageOf, pageQuery, queryOf, word } from "./query.js";
import { formError, missing, valueInvalid } from "./refusals.js";
import type { Route } from "./route.js";
import { revokeSessionsOf } from "./sessions.js";
import { newUser, userChanges, userMetadata } from "./user-changes.js";
import { matchingUsers, userFilters } from "./user-filters.js";
import { usernameOf, userResource } from "./user-resource.js";

/** How long a locked user is locked, by Clerk's default. */
const LOCKOUT_MS = 3_600_000;

const ORDER = {
  created_at: (user: LocalUser) => user.createdAt,
  updated_at: (user: LocalUser) => user.updatedAt,
  email_address: (user: LocalUser) => user.email,
  web3wallet: () => null,
  first_name: (user: LocalUser) => user.firstName,
  last_name: (user: LocalUser) => user.lastName,
  phone_number: (user: LocalUser) => user.phoneNumbers[0] ?? null,
  username: usernameOf,
  last_active_at: (user: LocalUser) => user.lastSignInAt,
  last_sign_in_at: (user: LocalUser) => user.lastSignInAt,
};
const ORDER_KEYS = Object.keys(ORDER) as (keyof typeof ORDER)[];

const KINDS = ["publicMetadata", "privateMetadata", "unsafeMetadata"] as const;

export function userRoutes(parts: BackendApiParts): Route[] {
  const { issuer, directory, store, clock, externalAccounts } = parts;
  const userOf = (id: string) => directory.userById(id) ?? missing("user", id);
  const resource = (user: LocalUser) => userResource(issuer, directory, user, externalAccounts.list(user.id));
  const lockedUntil = () => clock.now() + LOCKOUT_MS;

  return [
    [
      "GET",
      /^\/users$/,
      (_id, exchange) => {
        const { order_by, starting_after, ...query } = pageQuery(
          { ...userFilters, order_by: orderBy(ORDER_KEYS, "-created_at"), starting_after: word },
          exchange,
        );
        const users = ordered(matchingUsers(parts, query), order_by, ORDER);
        if (starting_after === undefined) return pageOf(users, query).map(resource);
        if (order_by.key !== "created_at") {
          throw valueInvalid("order_by", "starting_after needs an order by created_at.");
        }
        return pageOf(usersAfter(users, starting_after, query), { ...query, offset: 0 }).map(resource);
      },
    ],
    [
      "GET",
      /^\/users\/count$/,
      (_id, exchange) => ({
        object: "total_count",
        total_count: matchingUsers(parts, queryOf(userFilters, exchange)).length,
      }),
    ],
    ["GET", /^\/users\/([^/]+)$/, (id) => resource(userOf(id))],
    [
      "POST",
      /^\/users$/,
      async (_id, { req }) =>
        resource(directory.createUser(newUser(directory, await readJson(req), lockedUntil()))),
    ],
    [
      "PATCH",
      /^\/users\/([^/]+)$/,
      async (id, { req }) => {
        const user = userOf(id);
        const version = req.headers["clerk-api-version"];
        const { signsOut, ...changes } = userChanges(
          directory,
          user,
          await readJson(req),
          typeof version === "string" ? version : undefined,
        );
        directory.updateUser(user, changes);
        if (signsOut) revokeSessionsOf(store, id);
        return resource(user);
      },
    ],
    [
      "DELETE",
      /^\/users\/([^/]+)$/,
      (id) => {
        const user = userOf(id);
        directory.deleteUser(user);
        revokeSessionsOf(store, id);
        const { externalId } = user;
        return { object: "user", id, deleted: true, ...(externalId !== null && { external_id: externalId }) };
      },
    ],
    [
      "PATCH",
      /^\/users\/([^/]+)\/metadata$/,
      async (id, exchange) => {
        const user = userOf(id);
        directory.updateUser(user, mergedMetadata(user, await formOf(userMetadata, exchange), ...KINDS));
        return resource(user);
      },
    ],
    [
      "PUT",
      /^\/users\/([^/]+)\/metadata$/,
      async (id, exchange) => {
        const user = userOf(id);
        directory.updateUser(user, metadataOf(await formOf(userMetadata, exchange), ...KINDS));
        return resource(user);
      },
    ],
    [
      "POST",
      /^\/users\/([^/]+)\/(ban|unban|lock|unlock)$/,
      (id, _exchange, _caller, action) => {
        const user = userOf(id);
        if (action.endsWith("ban")) directory.updateUser(user, { banned: action === "ban" });
        else directory.updateUser(user, { lockedUntil: action === "lock" ? lockedUntil() : null });
        if (action === "ban") revokeSessionsOf(store, id);
        return resource(user);
      },
    ],
  ];
}

/** The users that follow the one with the id `cursor`. */
function usersAfter(users: LocalUser[], cursor: string, { offset }: Page): LocalUser[] {
  if (offset > 0) {
    const problem = "`offset` isn't allowed when `starting_after` is present.";
    throw formError("form_conditional_param_disallowed", "offset", problem, "is not allowed");
  }
  const index = users.findIndex(({ id }) => id === cursor);
  if (index === -1) throw valueInvalid("starting_after", `There is no user ${cursor} in this list.`);
  return users.slice(index + 1);
}
