/** The seed: everything that exists when the local Clerk starts. Plain JSON, validated as a whole. */
import { z } from "zod";
import { builtInScopes } from "../scopes.js";
import { externalAccountSeed, problemsOfAccounts, providersSeed } from "./account-seeds.js";
import { apiKeySeed, machineSeed, problemsOfMachines } from "./machine-seeds.js";

const metadata = z.record(z.string(), z.unknown()).default({});
const slug = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, "must be lower-case letters, digits, - and _");
const permission = z.string().regex(/^org:[a-z0-9_]+:[a-z0-9_]+$/, 'must look like "org:documents:read"');
const role = z.string().regex(/^org:[a-z0-9_]+$/, 'must look like "org:admin"');

const user = z.strictObject({
  id: z
    .string()
    .regex(/^user_\w+$/, 'must start with "user_"')
    .optional(),
  username: slug,
  email: z.email(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  banned: z.boolean().default(false),
  publicMetadata: metadata,
  privateMetadata: metadata,
  unsafeMetadata: metadata,
  externalId: z.string().optional(),
});

const organization = z.strictObject({
  id: z
    .string()
    .regex(/^org_\w+$/, 'must start with "org_"')
    .optional(),
  name: z.string().min(1),
  slug,
  publicMetadata: metadata,
  privateMetadata: metadata,
});

const membership = z.strictObject({ user: z.string(), organization: z.string(), role });

const customScope = z.strictObject({
  /** Shown on the consent page. */
  description: z.string().min(1),
  /** Whether the discovery documents list it. */
  advertised: z.boolean().default(true),
});

const oauthApplication = z.strictObject({
  clientId: z.string().min(1),
  name: z.string().min(1),
  redirectUris: z.array(z.string()).min(1),
  /** The scopes that it may request. Default: `["email", "offline_access", "profile"]`. */
  scopes: z.array(z.string()).optional(),
  /** Absent: a public client, which must use PKCE. */
  clientSecret: z.string().min(1).optional(),
});

/** A client ID metadata document, as its client publishes it. */
const clientDocument = z.looseObject({ client_id: z.url() });

const schema = z
  .strictObject({
    users: z.array(user).min(1),
    organizations: z.array(organization).default([]),
    /** Permissions of each role. */
    roles: z.record(role, z.array(permission)).default({ "org:admin": [], "org:member": [] }),
    memberships: z.array(membership).default([]),
    /** Custom scopes, in addition to Clerk's own. */
    scopes: z.record(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/), customScope).default({}),
    oauthApplications: z.array(oauthApplication).default([]),
    /** Answered at their `client_id` without being fetched. */
    clientDocuments: z.array(clientDocument).default([]),
    machines: z.array(machineSeed).default([]),
    apiKeys: z.array(apiKeySeed).default([]),
    providers: providersSeed,
    externalAccounts: z.array(externalAccountSeed).default([]),
  })
  .superRefine((seed, context) => {
    const problem = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });

    const unique = (list: string, member: string, values: (string | undefined)[]) => {
      values.forEach((value, index) => {
        if (value !== undefined && values.indexOf(value) !== index) {
          problem([list, index, member], `"${value}" is used twice`);
        }
      });
    };
    for (const member of ["id", "username", "email"] as const) {
      unique(
        "users",
        member,
        seed.users.map((entry) => entry[member]),
      );
    }
    for (const member of ["id", "slug"] as const) {
      unique(
        "organizations",
        member,
        seed.organizations.map((entry) => entry[member]),
      );
    }
    unique(
      "oauthApplications",
      "clientId",
      seed.oauthApplications.map((application) => application.clientId),
    );
    for (const member of ["id", "name"] as const) {
      unique(
        "machines",
        member,
        seed.machines.map((entry) => entry[member]),
      );
    }
    unique(
      "apiKeys",
      "secret",
      seed.apiKeys.map((entry) => entry.secret),
    );

    const users = new Set(seed.users.flatMap((entry) => [entry.id, entry.username, entry.email]));
    const organizations = new Set(seed.organizations.flatMap((entry) => [entry.id, entry.slug]));
    const pairs = new Set<string>();
    seed.memberships.forEach((entry, index) => {
      const at = (member: string) => ["memberships", index, member];
      if (!users.has(entry.user)) problem(at("user"), `there is no user "${entry.user}"`);
      if (!organizations.has(entry.organization)) {
        problem(at("organization"), `there is no organization "${entry.organization}"`);
      }
      if (!(entry.role in seed.roles)) problem(at("role"), `"roles" does not define "${entry.role}"`);
      const pair = `${entry.user} ${entry.organization}`;
      if (pairs.has(pair)) problem(at("user"), `"${entry.user}" is already a member`);
      pairs.add(pair);
    });

    for (const { path, message } of [
      ...problemsOfMachines(seed, new Set([...users, ...organizations])),
      ...problemsOfAccounts(seed, users),
    ]) {
      problem(path, message);
    }

    for (const scope of Object.keys(seed.scopes)) {
      if (scope in builtInScopes) problem(["scopes", scope], "is one of Clerk's own scopes");
    }
    seed.oauthApplications.forEach((application, index) => {
      for (const scope of application.scopes ?? []) {
        if (!(scope in builtInScopes) && !(scope in seed.scopes)) {
          problem(["oauthApplications", index, "scopes"], `"scopes" does not define "${scope}"`);
        }
      }
    });
  });

/** The input of a seed. See the README for an example. */
export type SeedInput = z.input<typeof schema>;

/** A validated seed, with the defaults filled in. */
export type Seed = z.output<typeof schema>;

/** Validates a seed. Throws one `TypeError` that lists every problem. */
export function parseSeed(input: unknown): Seed {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `  - ${issue.path.join(".") || "seed"}: ${issue.message}`,
  );
  throw new TypeError(`The seed cannot be used:\n${problems.join("\n")}`);
}
