import { AccessDenied, getClient, getOptionalSession, getSession, getUser } from "@xmcp-dev/clerk";
import { withSession } from "@xmcp-dev/clerk/testing";
import { expect, it } from "vitest";

it("gives a tool the session that the test describes", () => {
  const session = withSession(
    {
      user: "user_ada",
      scopes: ["documents:read"],
      organization: { id: "org_acme", role: "admin", permissions: ["documents:delete"], slug: "acme" },
      clientId: "client_1",
      sessionId: "sess_1",
      claims: { plan: "pro" },
    },
    getSession,
  );
  expect(session).toMatchObject({
    caller: "user",
    userId: "user_ada",
    organizationId: "org_acme",
    organizationSlug: "acme",
    organizationRole: "org:admin",
    organizationPermissions: ["org:documents:delete"],
    clientId: "client_1",
    sessionId: "sess_1",
    claims: { plan: "pro" },
  });
  expect(
    session.has({ role: "org:admin", permission: "org:documents:delete", scope: "documents:read" }),
  ).toBe(true);
  expect(session.has({ scope: "documents:write" })).toBe(false);
  expect(session.expiresAt.getTime() - session.issuedAt.getTime()).toBe(86_400_000);
});

it("without a description, calls as a user who was granted nothing", () => {
  const session = withSession({}, getSession);
  expect(session).toMatchObject({ caller: "user", userId: "user_test", scopes: [], clientId: "client_test" });
  expect(session).not.toHaveProperty("organizationId");
  expect(session.has({ role: "org:member" })).toBe(false);
});

it("describes API keys, machines and nobody", () => {
  const ofUser = withSession({ caller: "api_key", user: "user_ada" }, getSession);
  expect(ofUser).toMatchObject({ caller: "api_key", userId: "user_ada" });
  const ofOrganization = withSession({ caller: "api_key", organization: "org_acme" }, getSession);
  expect(ofOrganization).toMatchObject({ subject: "org_acme", organizationId: "org_acme" });
  expect(() => ofOrganization.userId).toThrow(AccessDenied);
  const machine = withSession({ caller: "machine", machine: "mch_cron" }, getSession);
  expect(machine).toMatchObject({ caller: "machine", subject: "mch_cron" });
  expect(withSession({ caller: "anonymous" }, getOptionalSession)).toBeUndefined();
  expect(() => withSession({ caller: "anonymous" }, getSession)).toThrow("Nobody is signed in");
});

it("getUser() returns the user that the test gives, and names what it does not give", async () => {
  await withSession({ user: { id: "user_ada", firstName: "Ada" } }, async () => {
    const user = await getUser();
    expect(user.firstName).toBe("Ada");
    expect(user).toEqual({ id: "user_ada", firstName: "Ada" });
    expect(() => user.lastName).toThrow(
      '[Clerk] The test does not give (await getUser()).lastName. Give it: withSession({ user: { id: "user_ada", lastName: … } }, …)',
    );
  });
  await withSession({ user: "user_bob" }, async () => {
    const user = await getUser();
    expect(user.id).toBe("user_bob");
    expect(() => user.primaryEmailAddress).toThrow("primaryEmailAddress: …");
  });
  await expect(withSession({ caller: "machine" }, getUser)).rejects.toThrow(AccessDenied);
});

it("getClient() makes the calls that the test gives, and names the others", async () => {
  const client = {
    users: { getUserList: async () => ({ data: [{ id: "user_bob", firstName: "Bob" }], totalCount: 1 }) },
  };
  await withSession({ client }, async () => {
    const { data } = await getClient().users.getUserList({ limit: 10 });
    expect(data[0]?.firstName).toBe("Bob");
    expect(() => getClient().users.getUser("user_bob")).toThrow(
      "[Clerk] The test does not give getClient().users.getUser. Give it: withSession({ client: { users: { getUser: … } } }, …)",
    );
    expect(() => getClient().organizations).toThrow("withSession({ client: { organizations: … } }, …)");
  });
});

it("a call that the test gives resolves, also if the test's function does not, and its answer has only what the test gives", async () => {
  const client = { users: { getUser: (id: string) => ({ id, publicMetadata: {} }) } };
  await withSession({ client }, async () => {
    const user = await getClient()
      .users.getUser("user_bob")
      .finally(() => {});
    expect(user).toMatchObject({ id: "user_bob" });
    expect(user.publicMetadata.plan).toBeUndefined();
    expect(() => user.firstName).toThrow(
      "[Clerk] The test does not give (await getClient().users.getUser()).firstName. Give it: withSession({ client: { users: { getUser: () => ({ firstName: … }) } } }, …)",
    );
  });
});

it.each([
  [{ caller: "anonymous", user: "user_ada", scopes: ["a"] }, "an anonymous caller has no user, scopes"],
  [{ caller: "api_key", organization: { id: "org_acme", role: "admin" } }, "an API key has no role"],
  [{ caller: "robot" }, 'caller is "anonymous" or one of user, api_key, machine.'],
  [{ scopes: "profile" }, "scopes is a list"],
  [{ expiresAt: new Date(Number.NaN) }, "expiresAt is a Date"],
  [{ issuedAt: new Date(2), expiresAt: new Date(1) }, "expiresAt is before issuedAt."],
  [{ user: null }, "user is an id or an object."],
])("refuses the contradictory or wrong description %j", (description, text) => {
  expect(() => withSession(description as never, () => {})).toThrow(text);
});

it("keeps callers apart that run at once", async () => {
  const name = async () => {
    await new Promise(setImmediate);
    return getSession().userId;
  };
  const both = Promise.all([withSession({ user: "user_a" }, name), withSession({ user: "user_b" }, name)]);
  expect(await both).toEqual(["user_a", "user_b"]);
  expect(getSession).toThrow("outside a request");
});

it("refuses a description that Clerk could not have made", () => {
  const run = (description: Parameters<typeof withSession>[0]) => () => withSession(description, () => {});
  expect(run({ user: "ada" })).toThrow('user: "ada" is not a Clerk ID. Use one such as "user_ada"');
  expect(run({ organization: "acme" })).toThrow("organization:");
  expect(run({ caller: "machine", user: "user_ada" })).toThrow("user: a machine has none");
  expect(run({ caller: "machine", organization: "org_acme" })).toThrow(
    "organization: a machine acts for none",
  );
  expect(run({ machine: "mch_cron" })).toThrow('give caller: "machine" too');
});

it("refuses a member that it does not know, and a time that is no Date", () => {
  const run = (description: object) => () => withSession(description, () => {});
  expect(run({ userId: "user_ada" })).toThrow(
    "withSession: there is no member userId. There are: caller, user,",
  );
  expect(run({ expiresAt: Date.now() })).toThrow("withSession: expiresAt is a Date");
});

it("takes members that are undefined, whatever the compiler's settings", () => {
  const organization = undefined;
  expect(withSession({ user: undefined, organization, scopes: undefined }, getSession).userId).toBe(
    "user_test",
  );
});
