import { describe, expect, it } from "vitest";
import { backend, json, standIn } from "./support/stand-in.js";

describe("users", () => {
  it("are found by id, username and email", async () => {
    const { users } = await standIn();
    const ada = users.get("ada");
    expect(users.get(ada.id)).toEqual(ada);
    expect(users.get(ada.email)).toEqual(ada);
    expect(() => users.get("nobody")).toThrow(/no user "nobody".*ada, bob, grace, eve/);
    expect(users.list().map((user) => user.username)).toEqual(["ada", "bob", "grace", "eve"]);
  });

  it("can be created without any details", async () => {
    const local = await standIn();
    const user = local.users.create();
    expect(user.id).toMatch(/^user_\w{27}$/);
    expect((await backend(local, `/v1/users/${user.id}`)).status).toBe(200);
  });

  it("can be created with organizations: a number of new ones, or existing ones", async () => {
    const { users, organizations } = await standIn();
    expect(users.memberships(users.create({ organizations: 3 }).id)).toMatchObject([
      { role: "org:admin" },
      { role: "org:admin" },
      { role: "org:admin" },
    ]);
    const { id } = users.create({ organizations: ["acme", { organization: "globex", role: "org:admin" }] });
    expect(users.memberships(id).map((membership) => [membership.organizationId, membership.role])).toEqual([
      [organizations.get("globex").id, "org:admin"],
      [organizations.get("acme").id, "org:member"],
    ]);
  });

  it("can be changed, banned and deleted", async () => {
    const local = await standIn();
    const { users, organizations } = local;
    const { id } = users.get("ada");
    expect(users.update("ada", { lastName: "King", privateMetadata: { crm: 1 } })).toMatchObject({
      lastName: "King",
    });
    expect(await json(await backend(local, `/v1/users/${id}`))).toMatchObject({
      last_name: "King",
      private_metadata: { crm: 1 },
    });
    expect(users.ban("ada").banned).toBe(true);
    expect(await json(await backend(local, `/v1/users/${id}`))).toMatchObject({ banned: true });
    expect(users.unban("ada").banned).toBe(false);
    users.delete("ada");
    expect((await backend(local, `/v1/users/${id}`)).status).toBe(404);
    expect(organizations.members("acme")).toHaveLength(1);
    expect(organizations.members("globex")).toHaveLength(0);
  });

  it("are returned as copies", async () => {
    const { users } = await standIn();
    users.get("ada").banned = true;
    expect(users.get("ada").banned).toBe(false);
  });

  it("cannot share a name or address", async () => {
    const { users } = await standIn();
    expect(() => users.create({ username: "ada" })).toThrow('is already a user "ada"');
    expect(() => users.update("bob", { email: "ada@example.com" })).toThrow("already");
  });
});

describe("organizations", () => {
  it("can be created, changed and deleted", async () => {
    const local = await standIn();
    const { organizations, users } = local;
    const { id } = organizations.create({ name: "Initech", slug: "initech" });
    expect(id).toMatch(/^org_\w{27}$/);
    organizations.update("initech", { name: "Initrode" });
    expect(await json(await backend(local, "/v1/organizations/initech"))).toMatchObject({
      id,
      name: "Initrode",
    });
    organizations.addMember("initech", "grace");
    organizations.delete("initech");
    expect((await backend(local, "/v1/organizations/initech")).status).toBe(404);
    expect(users.memberships("grace")).toEqual([]);
  });

  it("gain and lose members, who change roles", async () => {
    const local = await standIn();
    const { organizations } = local;
    const roleOfGrace = async () => {
      const page = await json(
        await backend(local, `/v1/users/${local.users.get("grace").id}/organization_memberships`),
      );
      return (page.data as { role: string; permissions: string[] }[]).map(({ role, permissions }) => ({
        role,
        permissions,
      }));
    };
    expect(organizations.addMember("acme", "grace")).toMatchObject({ role: "org:member" });
    organizations.defineRole("org:editor", ["org:documents:write"]);
    organizations.setRole("acme", "grace", "org:editor");
    expect(await roleOfGrace()).toEqual([{ role: "org:editor", permissions: ["org:documents:write"] }]);
    organizations.removeMember("acme", "grace");
    expect(await roleOfGrace()).toEqual([]);
  });

  it("throw errors that name the mistake", async () => {
    const { organizations } = await standIn();
    expect(() => organizations.get("nowhere")).toThrow(/no organization "nowhere".*acme, globex/);
    expect(() => organizations.setRole("acme", "grace", "org:admin")).toThrow(
      '"grace" is not a member of "acme"',
    );
    expect(() => organizations.addMember("acme", "ada")).toThrow("is already a member");
    expect(() => organizations.addMember("acme", "grace", "org:king")).toThrow(
      /no role "org:king".*org:admin/,
    );
    expect(() => organizations.create({ slug: "acme" })).toThrow("is already an organization");
  });
});
