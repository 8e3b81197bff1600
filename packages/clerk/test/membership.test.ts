import { getSession } from "@xmcp-dev/clerk";
import type { ClerkLocal, FaultRule } from "@xmcp-dev/clerk-local";
import { describe, expect, it, vi } from "vitest";
import { localClerk, type ProtectedServer, protectedServer } from "./protected-server.js";

async function fresh(): Promise<{ clerk: ClerkLocal; server: ProtectedServer }> {
  const clerk = await localClerk();
  return { clerk, server: await protectedServer(clerk, {}, () => getSession()) };
}

const LOOKUP = /\/memberships$|organization_memberships/;
const lookups = (clerk: ClerkLocal): number =>
  clerk.requests().filter(({ path }) => LOOKUP.test(path)).length;

describe("role and permissions", () => {
  it("are those of the user in the token's organization", async () => {
    const { clerk, server } = await fresh();
    const { access_token } = await clerk.mint({ resource: server.url, user: "ada", organization: "globex" });
    expect(await (await server.call(access_token)).json()).toMatchObject({
      organizationId: clerk.organizations.get("globex").id,
      organizationRole: "org:member",
      organizationPermissions: ["org:documents:read", "org:sys_memberships:read"],
    });
  });

  it("are found among any number of organizations", async () => {
    const { clerk, server } = await fresh();
    const user = clerk.users.create({ organizations: ["acme"] }).id;
    for (let index = 0; index < 600; index += 1) {
      clerk.organizations.addMember(clerk.organizations.create().id, user);
    }
    const { access_token } = await clerk.mint({ resource: server.url, user, organization: "acme" });
    expect(await (await server.call(access_token)).json()).toMatchObject({ organizationRole: "org:member" });
  });

  it("are looked up once for many calls, and not for a token without an organization", async () => {
    const { clerk, server } = await fresh();
    const of = { resource: server.url, user: "ada", count: 20 };
    for (const token of (await clerk.mint(of)).tokens) await server.call(token);
    expect(lookups(clerk)).toBe(0);
    await Promise.all(
      (await clerk.mint({ ...of, organization: "acme" })).tokens.map((token) => server.call(token)),
    );
    expect(lookups(clerk)).toBe(1);
  });
});

describe("a user who is not in the token's organization has no role", () => {
  it.each(["left", "never was"])("(%s)", async (how) => {
    const { clerk, server } = await fresh();
    const user = how === "left" ? "ada" : "grace";
    const { access_token } = await clerk.mint({ resource: server.url, user, organization: "acme" });
    if (how === "left") clerk.organizations.removeMember("acme", "ada");
    const response = await server.call(access_token);
    expect(response.status).toBe(200);
    const session = (await response.json()) as Record<string, unknown>;
    for (const field of ["organizationId", "organizationRole", "organizationPermissions"]) {
      expect(session).not.toHaveProperty(field);
    }
  });
});

describe("while Clerk cannot answer", () => {
  it.each([
    ["unreachable", { drop: true }],
    ["failing", { status: 500 }],
    ["limiting the rate", { status: 429 }],
    ["rejecting the secret key", { status: 401 }],
    ["answering something unexpected", { body: '{"data":null}' }],
    ["answering nothing", { status: 204 }],
    ...[301, 400, 410, 418, 422].map((status): [string, Partial<FaultRule>] => [
      `answering ${status}`,
      { status },
    ]),
  ])("(%s) the request passes, without an organization or a role", async (_, fault) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { clerk, server } = await fresh();
    clerk.faults({ path: "/v1/*", ...fault });
    const { access_token } = await clerk.mint({ resource: server.url, user: "ada", organization: "acme" });
    const response = await server.call(access_token);
    expect(response.status).toBe(200);
    const session = await response.json();
    for (const member of ["organizationId", "organizationSlug"]) expect(session).not.toHaveProperty(member);
    expect(session).not.toHaveProperty("organizationRole");
    expect(session).not.toHaveProperty("organizationPermissions");
    const ruled = await protectedServer(clerk, {}, () => getSession().has({ role: "org:admin" }));
    const asking = await clerk.mint({ resource: ruled.url, user: "ada", organization: "acme" });
    expect((await ruled.call(asking.access_token)).status, "unknown is not no").not.toBe(200);
  });

  it("it is not asked again for each request", async () => {
    const { clerk, server } = await fresh();
    clerk.faults({ path: "/v1/*", status: 500 });
    const { tokens } = await clerk.mint({
      resource: server.url,
      user: "ada",
      organization: "acme",
      count: 10,
    });
    for (const token of tokens) await server.call(token);
    expect(lookups(clerk)).toBeLessThanOrEqual(2);
  });

  it("the role returns once Clerk answers again", async () => {
    const { clerk, server } = await fresh();
    clerk.faults({ path: "/v1/*", status: 500 });
    const { access_token } = await clerk.mint({ resource: server.url, user: "ada", organization: "acme" });
    await server.call(access_token);
    clerk.faults();
    const role = async () =>
      ((await (await server.call(access_token)).json()) as Record<string, unknown>).organizationRole;
    await expect.poll(role, { timeout: 5_000 }).toBe("org:admin");
  });
});
