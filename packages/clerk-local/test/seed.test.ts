import { createClerkLocal, defaultSeed, type SeedInput } from "@xmcp-dev/clerk-local";
import { describe, expect, it } from "vitest";
import { backend, json, standIn } from "./support/stand-in.js";

const ada = { username: "ada", email: "ada@example.com" };

describe("the default seed", () => {
  it("has an administrator, a member, a user without organizations and a banned user", async () => {
    const { users, organizations } = await standIn();
    const roles = (name: string) =>
      users
        .memberships(name)
        .map(({ organizationId, role }) => `${organizations.get(organizationId).slug} ${role}`);
    expect(roles("ada").sort()).toEqual(["acme org:admin", "globex org:member"]);
    expect(roles("bob")).toEqual(["acme org:member"]);
    expect(roles("grace")).toEqual([]);
    expect(users.get("eve").banned).toBe(true);
  });

  it("has neither machines nor API keys", async () => {
    const { apiKeys, machines } = await standIn();
    expect([...apiKeys.list(), ...machines.list()]).toEqual([]);
  });

  it("has ids of Clerk's shape and only example addresses", () => {
    for (const user of defaultSeed.users) {
      expect(user.id).toMatch(/^user_\w{27}$/);
      expect(user.email).toMatch(/@example\.com$/);
    }
    for (const organization of defaultSeed.organizations ?? [])
      expect(organization.id).toMatch(/^org_\w{27,28}$/);
  });
});

describe("a seed", () => {
  it("needs only one user", async () => {
    const local = await standIn({ seed: { users: [ada] } });
    expect(local.users.get("ada").id).toMatch(/^user_\w{27}$/);
  });

  it("defines roles, permissions and metadata", async () => {
    const local = await standIn({
      seed: {
        users: [{ ...ada, publicMetadata: { plan: "pro" }, externalId: "42" }],
        organizations: [{ name: "Initech", slug: "initech" }],
        roles: { "org:owner": ["org:reports:read"] },
        memberships: [{ user: "ada@example.com", organization: "initech", role: "org:owner" }],
      },
    });
    const { id } = local.users.get("ada");
    expect(await json(await backend(local, `/v1/users/${id}`))).toMatchObject({
      public_metadata: { plan: "pro" },
      external_id: "42",
    });
    const { data } = await json(await backend(local, `/v1/users/${id}/organization_memberships`));
    expect(data).toMatchObject([
      { role: "org:owner", permissions: ["org:reports:read"], organization: { slug: "initech" } },
    ]);
  });

  it("defines machines that may talk to each other, and API keys", async () => {
    const local = await standIn({
      seed: {
        users: [ada],
        organizations: [{ name: "Acme", slug: "acme" }],
        machines: [
          { name: "cron", scopedMachines: ["mch_api"] },
          { id: "mch_api", name: "api", scopedMachines: ["cron"] },
        ],
        apiKeys: [
          { subject: "ada", name: "Demo", scopes: ["a"], secret: "ak_demo_for_the_docs" },
          { subject: "acme" },
        ],
      },
    });
    const [api, cron] = local.machines.list();
    expect(api).toMatchObject({ id: "mch_api", name: "api", scopedMachines: [cron?.id] });
    expect(cron).toMatchObject({ id: expect.stringMatching(/^mch_\w{27}$/), scopedMachines: ["mch_api"] });
    expect(local.apiKeys.list()).toMatchObject([
      { subject: local.organizations.get("acme").id, secret: expect.stringMatching(/^ak_\w{32}$/) },
      { subject: local.users.get("ada").id, name: "Demo", scopes: ["a"] },
    ]);
    const answer = await backend(local, "/api_keys/verify", {
      method: "POST",
      body: JSON.stringify({ secret: "ak_demo_for_the_docs" }),
    });
    expect(await json(answer)).toMatchObject({ name: "Demo" });
  });

  it.each<[string, SeedInput, string]>([
    ["no users", { users: [] }, "users"],
    [
      "two users with the same name",
      { users: [ada, { ...ada, email: "x@example.com" }] },
      'users.1.username: "ada" is used twice',
    ],
    [
      "a member who does not exist",
      {
        users: [ada],
        organizations: [{ name: "A", slug: "a" }],
        memberships: [{ user: "bob", organization: "a", role: "org:member" }],
      },
      'memberships.0.user: there is no user "bob"',
    ],
    [
      "a membership in an organization that does not exist",
      { users: [ada], memberships: [{ user: "ada", organization: "a", role: "org:member" }] },
      'there is no organization "a"',
    ],
    [
      "a role that is not defined",
      {
        users: [ada],
        organizations: [{ name: "A", slug: "a" }],
        memberships: [{ user: "ada", organization: "a", role: "org:king" }],
      },
      '"roles" does not define "org:king"',
    ],
    [
      "a permission of the wrong form",
      { users: [ada], roles: { "org:admin": ["everything"] } },
      "org:documents:read",
    ],
    [
      "one of Clerk's own scopes",
      { users: [ada], scopes: { email: { description: "x" } } },
      "Clerk's own scopes",
    ],
    [
      "an application with an unknown scope",
      {
        users: [ada],
        oauthApplications: [{ clientId: "c", name: "C", redirectUris: ["http://127.0.0.1/"], scopes: ["x"] }],
      },
      '"scopes" does not define "x"',
    ],
    [
      "a machine that may talk to an unknown machine",
      { users: [ada], machines: [{ name: "cron", scopedMachines: ["api"] }] },
      'machines.0.scopedMachines: there is no machine "api"',
    ],
    [
      "two machines with the same name",
      { users: [ada], machines: [{ name: "cron" }, { name: "cron" }] },
      'machines.1.name: "cron" is used twice',
    ],
    [
      "an API key for an unknown subject",
      { users: [ada], apiKeys: [{ subject: "bob" }] },
      'apiKeys.0.subject: there is no user or organization "bob"',
    ],
    [
      "a secret of the wrong form",
      { users: [ada], apiKeys: [{ subject: "ada", secret: "sk_live_mine" }] },
      'apiKeys.0.secret: must be "ak_"',
    ],
    ["an unknown member", { users: [{ ...ada, nickname: "A" } as never] }, "nickname"],
  ])("with %s is refused", async (_name, seed, problem) => {
    await expect(createClerkLocal({ seed })).rejects.toThrow(problem);
  });

  it("is refused with every problem in one message", async () => {
    const seed = { users: [{ username: "Ada!", email: "nonsense" }] };
    await expect(createClerkLocal({ seed })).rejects.toThrow(/users\.0\.username[\s\S]*users\.0\.email/);
  });
});
