/** The controls that a call over HTTP can reach, each with the argument that it takes. */
import { z } from "zod";
import type { AutoApproval } from "../options.js";
import { tokenKinds } from "../tokens/kinds.js";
import type { MintOptions } from "../tokens/mint.js";
import type { ClerkLocal } from "./clerk-local.js";
import type { UserInput } from "./directory-control.js";
import type { FaultRule } from "./faults.js";
import type { MachineTokenOptions, NewApiKey } from "./machine-control.js";

/** Takes the JSON of a request, returns what is answered; throws when the argument is wrong. */
export type Control = (argument: unknown) => unknown;

const text = z.string();
const texts = z.array(text);
const object = z.record(text, z.unknown());
const metadata = { publicMetadata: object, privateMetadata: object, unsafeMetadata: object };

const mintArgument = z.strictObject({
  user: text.optional(),
  clientId: text.optional(),
  scopes: texts.optional(),
  resource: z.union([text, texts]).optional(),
  organization: text.optional(),
  expiresIn: z.number().optional(),
  count: z.number().optional(),
  format: z.enum(["jwt", "opaque"]).optional(),
  kind: z.enum(tokenKinds.map((kind) => kind.name)).optional(),
  claims: object.optional(),
  omit: texts.optional(),
  header: object.optional(),
});

const faultRule = z.strictObject({
  path: text,
  method: text.optional(),
  status: z.int().min(200).max(599).optional(),
  latencyMs: z.number().min(0).optional(),
  hang: z.boolean().optional(),
  drop: z.boolean().optional(),
  body: text.optional(),
  contentType: text.optional(),
  retryAfterSeconds: z.int().min(0).optional(),
  times: z.int().min(1).optional(),
});

const approval = z.strictObject({
  user: text.optional(),
  organization: text.optional(),
  decision: z.enum(["allow", "deny"]).optional(),
});

const userChanges = z
  .strictObject({
    username: text,
    email: text,
    firstName: text.nullable(),
    lastName: text.nullable(),
    banned: z.boolean(),
    externalId: text.nullable(),
    ...metadata,
  })
  .partial();

const userInput = userChanges.extend({
  id: text.optional(),
  organizations: z
    .union([
      z.int().min(0).max(10_000),
      z.array(z.union([text, z.strictObject({ organization: text, role: text.optional() })])),
    ])
    .optional(),
});

const organizationInput = z
  .strictObject({ id: text, name: text, slug: text, publicMetadata: object, privateMetadata: object })
  .partial();

const newApiKey = z.strictObject({
  subject: text,
  name: text.optional(),
  scopes: texts.optional(),
  claims: object.optional(),
  expiresIn: z.number().optional(),
});

const newMachine = z
  .strictObject({
    id: text,
    name: text,
    scopedMachines: texts,
    defaultTokenTtlSeconds: z.int().min(1),
  })
  .partial();

const machineToken = z.strictObject({
  machine: text,
  format: z.enum(["jwt", "opaque"]).optional(),
  expiresIn: z.number().optional(),
  claims: object.optional(),
  scopes: texts.optional(),
});

const aUser = z.strictObject({ user: text });
const anOrganization = z.strictObject({ organization: text });
const aMember = z.strictObject({ organization: text, user: text });
const nothing = z.strictObject({});

/** Zod's optional members may be `undefined`, which the options of this package never are. */
type Exact<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function withoutUndefined<T extends object>(value: T): Exact<T> {
  return value as Exact<T>;
}

export function controlsOf(local: ClerkLocal): Record<string, Control> {
  const { users, organizations, apiKeys, machines } = local;
  return {
    mint: taking(mintArgument, (argument) => local.mint(argument as MintOptions)),
    rotateKeys: taking(z.strictObject({ keepOld: z.boolean().default(true) }), (argument) =>
      local.rotateKeys(argument),
    ),
    faults: taking(z.strictObject({ rules: z.array(faultRule).default([]) }), ({ rules }) =>
      local.faults(rules as FaultRule[]),
    ),
    clock: taking(z.strictObject({ offsetSeconds: z.int().default(0) }), (argument) => local.clock(argument)),
    revoke: taking(z.strictObject({ token: text }), async ({ token }) => ({
      revoked: await local.revoke(token),
    })),
    requests: taking(z.strictObject({ reset: z.boolean().default(false) }), (argument) => ({
      requests: local.requests(argument),
    })),
    autoApprove: taking(z.strictObject({ approval: z.union([z.boolean(), approval]) }), (argument) =>
      local.autoApprove(argument.approval as AutoApproval | boolean),
    ),
    "users.list": taking(nothing, () => ({ users: users.list() })),
    "users.get": taking(aUser, ({ user }) => users.get(user)),
    "users.create": taking(userInput, (input) => users.create(input as UserInput)),
    "users.update": taking(aUser.extend({ changes: userChanges }), ({ user, changes }) =>
      users.update(user, withoutUndefined(changes)),
    ),
    "users.ban": taking(aUser, ({ user }) => users.ban(user)),
    "users.unban": taking(aUser, ({ user }) => users.unban(user)),
    "users.delete": taking(aUser, ({ user }) => users.delete(user)),
    "users.memberships": taking(aUser, ({ user }) => ({ memberships: users.memberships(user) })),
    "organizations.list": taking(nothing, () => ({ organizations: organizations.list() })),
    "organizations.get": taking(anOrganization, ({ organization }) => organizations.get(organization)),
    "organizations.create": taking(organizationInput, (input) =>
      organizations.create(withoutUndefined(input)),
    ),
    "organizations.update": taking(
      anOrganization.extend({ changes: organizationInput.omit({ id: true }) }),
      ({ organization, changes }) => organizations.update(organization, withoutUndefined(changes)),
    ),
    "organizations.delete": taking(anOrganization, ({ organization }) => organizations.delete(organization)),
    "organizations.members": taking(anOrganization, ({ organization }) => ({
      members: organizations.members(organization),
    })),
    "organizations.addMember": taking(
      aMember.extend({ role: text.default("org:member") }),
      ({ organization, user, role }) => organizations.addMember(organization, user, role),
    ),
    "organizations.setRole": taking(aMember.extend({ role: text }), ({ organization, user, role }) =>
      organizations.setRole(organization, user, role),
    ),
    "organizations.removeMember": taking(aMember, ({ organization, user }) =>
      organizations.removeMember(organization, user),
    ),
    "organizations.defineRole": taking(
      z.strictObject({ role: text, permissions: texts }),
      ({ role, permissions }) => organizations.defineRole(role, permissions),
    ),
    "apiKeys.create": taking(newApiKey, (input) => apiKeys.create(input as NewApiKey)),
    "apiKeys.list": taking(nothing, () => ({ apiKeys: apiKeys.list() })),
    "apiKeys.revoke": taking(z.strictObject({ key: text }), ({ key }) => apiKeys.revoke(key)),
    "machines.create": taking(newMachine, (input) => machines.create(withoutUndefined(input))),
    "machines.list": taking(nothing, () => ({ machines: machines.list() })),
    "machines.token": taking(machineToken, ({ machine, ...options }) =>
      machines.token(machine, options as MachineTokenOptions),
    ),
  };
}

/** A control whose argument is checked first; what is wrong with it is said in one message. */
function taking<Schema extends z.ZodType>(
  schema: Schema,
  run: (argument: z.output<Schema>) => unknown,
): Control {
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
