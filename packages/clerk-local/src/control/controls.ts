/** The controls that can be called over HTTP, each with the members of its argument. */
import { z } from "zod";
import { tokenKinds } from "../tokens/kinds.js";
import type { ClerkLocal } from "./clerk-local.js";

/** Takes the parsed JSON body of a request and returns the body of the response. Throws when the argument is wrong. */
export type Control = (argument: unknown) => unknown;

const text = z.string();
const texts = z.array(text);
const object = z.record(text, z.unknown());

/** A member has the same type in every control that uses it. */
const members = {
  ...each(
    text,
    "account",
    "body",
    "clientId",
    "contentType",
    "email",
    "id",
    "key",
    "machine",
    "method",
    "name",
  ),
  ...each(text, "organization", "path", "role", "slug", "subject", "token", "user", "username"),
  ...each(text.nullable(), "externalId", "firstName", "lastName"),
  ...each(text, "label", "provider"),
  ...each(texts, "omit", "permissions", "repositories", "scopedMachines", "scopes"),
  ...each(object, "claims", "document", "header", "privateMetadata", "publicMetadata", "unsafeMetadata"),
  ...each(z.boolean(), "banned", "drop", "hang", "keepOld", "refreshable", "reset"),
  ...each(z.number(), "count", "expiresIn"),
  ...each(z.int().min(1), "defaultTokenTtlSeconds", "times"),
  latencyMs: z.number().min(0),
  offsetSeconds: z.int(),
  retryAfterSeconds: z.int().min(0),
  status: z.int().min(200).max(599),
  resource: z.union([text, texts]),
  decision: z.enum(["allow", "deny"]),
  format: z.enum(["jwt", "opaque"]),
  kind: z.enum(tokenKinds.map(({ name }) => name)),
};

type Members = typeof members;

const mintOptions = {
  ...optional("user", "organization", "clientId", "scopes", "resource", "expiresIn", "count"),
  ...optional("format", "kind", "claims", "omit", "header"),
};
const faultRule = {
  ...required("path"),
  ...optional("method", "status", "latencyMs", "hang", "drop", "body", "contentType"),
  ...optional("retryAfterSeconds", "times"),
};
const approval = z.union([z.boolean(), z.strictObject(optional("user", "organization", "decision"))]);
const userChanges = {
  ...optional("username", "email", "firstName", "lastName", "banned", "externalId"),
  ...optional("publicMetadata", "privateMetadata", "unsafeMetadata"),
};
const membership = z.strictObject({ ...required("organization"), ...optional("role") });
const memberships = z.union([z.int().min(0).max(10_000), z.array(z.union([text, membership]))]);
const newUser = { ...userChanges, ...optional("id"), organizations: z.exactOptional(memberships) };
const organizationChanges = optional("name", "slug", "publicMetadata", "privateMetadata");
const newAccount = {
  ...required("user", "provider"),
  ...optional("username", "scopes", "label", "refreshable", "repositories"),
  expiresIn: z.exactOptional(z.number().nullable()),
};
const aUser = required("user");
const anOrganization = required("organization");

/** Every control by its name in the URL path. */
export function controlsOf(local: ClerkLocal): Record<string, Control> {
  const { users, organizations, apiKeys, machines, metadataClients, connectedAccounts } = local;
  return {
    mint: taking(mintOptions, (options) => local.mint(options)),
    rotateKeys: taking(optional("keepOld"), (options) => local.rotateKeys(options)),
    faults: taking({ rules: z.array(z.strictObject(faultRule)).default([]) }, ({ rules }) =>
      local.faults(rules),
    ),
    clock: taking(optional("offsetSeconds"), (options) => local.clock(options)),
    revoke: taking(required("token"), async ({ token }) => ({ revoked: await local.revoke(token) })),
    requests: taking(optional("reset"), (options) => ({ requests: local.requests(options) })),
    autoApprove: taking({ approval }, (argument) => local.autoApprove(argument.approval)),
    "users.list": taking({}, () => ({ users: users.list() })),
    "users.get": taking(aUser, ({ user }) => users.get(user)),
    "users.create": taking(newUser, (input) => users.create(input)),
    "users.update": taking({ ...aUser, changes: z.strictObject(userChanges) }, ({ user, changes }) =>
      users.update(user, changes),
    ),
    "users.ban": taking(aUser, ({ user }) => users.ban(user)),
    "users.unban": taking(aUser, ({ user }) => users.unban(user)),
    "users.delete": taking(aUser, ({ user }) => users.delete(user)),
    "users.memberships": taking(aUser, ({ user }) => ({ memberships: users.memberships(user) })),
    "organizations.list": taking({}, () => ({ organizations: organizations.list() })),
    "organizations.get": taking(anOrganization, ({ organization }) => organizations.get(organization)),
    "organizations.create": taking({ ...organizationChanges, ...optional("id") }, (input) =>
      organizations.create(input),
    ),
    "organizations.update": taking(
      { ...anOrganization, changes: z.strictObject(organizationChanges) },
      ({ organization, changes }) => organizations.update(organization, changes),
    ),
    "organizations.delete": taking(anOrganization, ({ organization }) => organizations.delete(organization)),
    "organizations.members": taking(anOrganization, ({ organization }) => ({
      members: organizations.members(organization),
    })),
    "organizations.addMember": taking(
      { ...required("organization", "user"), ...optional("role") },
      ({ organization, user, role }) => organizations.addMember(organization, user, role),
    ),
    "organizations.setRole": taking(
      required("organization", "user", "role"),
      ({ organization, user, role }) => organizations.setRole(organization, user, role),
    ),
    "organizations.removeMember": taking(required("organization", "user"), ({ organization, user }) =>
      organizations.removeMember(organization, user),
    ),
    "organizations.defineRole": taking(required("role", "permissions"), ({ role, permissions }) =>
      organizations.defineRole(role, permissions),
    ),
    "apiKeys.create": taking(
      { ...required("subject"), ...optional("name", "scopes", "claims", "expiresIn") },
      (input) => apiKeys.create(input),
    ),
    "apiKeys.list": taking({}, () => ({ apiKeys: apiKeys.list() })),
    "apiKeys.revoke": taking(required("key"), ({ key }) => apiKeys.revoke(key)),
    "machines.create": taking(optional("id", "name", "scopedMachines", "defaultTokenTtlSeconds"), (input) =>
      machines.create(input),
    ),
    "machines.list": taking({}, () => ({ machines: machines.list() })),
    "machines.token": taking(
      { ...required("machine"), ...optional("format", "expiresIn", "claims", "scopes") },
      ({ machine, ...options }) => machines.token(machine, options),
    ),
    "metadataClients.publish": taking(required("document"), ({ document }) =>
      metadataClients.publish(document),
    ),
    "metadataClients.allow": taking(required("clientId"), ({ clientId }) => metadataClients.allow(clientId)),
    "metadataClients.block": taking(required("clientId"), ({ clientId }) => metadataClients.block(clientId)),
    "metadataClients.forget": taking(required("clientId"), ({ clientId }) => ({
      forgotten: metadataClients.forget(clientId),
    })),
    "metadataClients.list": taking({}, () => ({ metadataClients: metadataClients.list() })),
    "connectedAccounts.connect": taking(newAccount, (input) => connectedAccounts.connect(input)),
    "connectedAccounts.list": taking(optional("user"), ({ user }) => ({
      connectedAccounts: connectedAccounts.list(user),
    })),
    "connectedAccounts.disconnect": taking(required("account"), ({ account }) =>
      connectedAccounts.disconnect(account),
    ),
    "connectedAccounts.expire": taking(
      { ...required("account"), ...optional("refreshable") },
      ({ account, ...options }) => connectedAccounts.expire(account, options),
    ),
  };
}

/** A control that accepts exactly these members. It throws one TypeError that lists every problem. */
function taking<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (argument: z.output<z.ZodObject<Shape, z.core.$strict>>) => unknown,
): Control {
  const schema = z.strictObject(shape);
  return (argument) => {
    const result = schema.safeParse(argument);
    if (result.success) return run(result.data);
    throw new TypeError(
      result.error.issues
        .map(({ path, message }) => `${path.join(".") || "argument"}: ${message}`)
        .join("; "),
    );
  };
}

function each<Schema extends z.ZodType, const Name extends string>(schema: Schema, ...names: Name[]) {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, Schema>;
}

function required<const Name extends keyof Members>(...names: Name[]) {
  return Object.fromEntries(names.map((name) => [name, members[name]])) as Pick<Members, Name>;
}

/** `exactOptional`: the types of this package do not allow `undefined` as the value of an optional member. */
function optional<const Name extends keyof Members>(...names: Name[]) {
  const shape = Object.fromEntries(names.map((name) => [name, z.exactOptional(members[name])]));
  return shape as { [Each in Name]: z.ZodExactOptional<Members[Each]> };
}
