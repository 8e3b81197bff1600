/** What a ban at Clerk takes away at once, what within a minute, and what only with the token. */
import { type AccessRule, type ClerkProviderOptions, getSession } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import { declareTools } from "./guarded-tools.js";
import { localClerk, type ProtectedServer, protectedServer } from "./protected-server.js";

declareTools("greet", "wipe");

const ACME = "org_local000000000000000000acme";

async function fresh(rule: AccessRule, options: ClerkProviderOptions = {}) {
  const clerk = await localClerk();
  clerk.users.update("ada", { publicMetadata: { plan: "pro" } });
  const server = await protectedServer(clerk, { access: { tools: { wipe: rule } }, ...options }, () => ({
    ...getSession(),
  }));
  const token = async (user = "ada", format: "jwt" | "opaque" = "jwt") =>
    (await clerk.mint({ resource: server.url, user, organization: "acme", format })).access_token;
  return { clerk, server, token };
}

const statusOf = async ({ call }: ProtectedServer, token: string, tool = "wipe") =>
  (await call(token, tool)).status;

/** Advances the clock of this process. */
function pass(ms: number): void {
  for (const one of [Date, performance]) {
    const now = one.now.bind(one);
    vi.spyOn(one, "now").mockImplementation(() => now() + ms);
  }
}

const RULES: [string, AccessRule][] = [
  ["a role", { role: "org:admin" }],
  ["one of some roles", { role: ["org:member", "org:admin"] }],
  ["a permission", { permission: "org:documents:read" }],
  ["an organization", { organization: true }],
  ["certain organizations", { organizations: [ACME] }],
  ["metadata", { metadata: { plan: "pro" } }],
  ["a role and metadata", { role: "org:admin", metadata: { plan: "pro" } }],
];

describe("a banned user meets no rule about", () => {
  it.each(RULES)("%s", async (_, rule) => {
    const { clerk, server, token } = await fresh(rule);
    clerk.users.ban("ada");
    for (const format of ["jwt", "opaque"] as const)
      expect(await statusOf(server, await token("ada", format))).toBe(403);
  });

  it.each(RULES)("%s, from 60 seconds after the ban at the latest", async (_, rule) => {
    const { clerk, server, token } = await fresh(rule);
    const known = await token();
    expect(await statusOf(server, known)).toBe(200);
    clerk.users.ban("ada");
    pass(60_000);
    expect(await statusOf(server, known)).toBe(403);
  });
});

describe("a banned user", () => {
  it("has no organization and no role in a tool's session", async () => {
    const { clerk, server, token } = await fresh({ organization: true });
    clerk.users.ban("ada");
    const session = await (await server.call(await token(), "greet")).json();
    for (const member of ["organizationId", "organizationRole", "organizationPermissions"])
      expect(session).not.toHaveProperty(member);
  });

  it("costs no call to Clerk more than another member", async () => {
    const asked = async (isBanned: boolean) => {
      const { clerk, server, token } = await fresh({ role: "org:admin" });
      if (isBanned) clerk.users.ban("ada");
      await statusOf(server, await token());
      return clerk.requests().map(({ path }) => path);
    };
    expect(await asked(true)).toEqual(await asked(false));
  });

  it("keeps what needs no answer of Clerk's, until the token expires", async () => {
    const { clerk, server, token } = await fresh({ role: "org:admin" });
    clerk.users.ban("ada");
    expect(await statusOf(server, await token(), "greet")).toBe(200);
  });

  it("does not take the role from others, and gets it back when the ban is lifted", async () => {
    const { clerk, server, token } = await fresh({ organization: true });
    const [ada, bob] = [await token("ada"), await token("bob")];
    clerk.users.ban("ada");
    expect(await statusOf(server, ada)).toBe(403);
    expect(await statusOf(server, bob)).toBe(200);
    clerk.users.unban("ada");
    pass(60_000);
    expect(await statusOf(server, ada)).toBe(200);
  });
});

it("a locked user, who may be locked by a stranger's wrong passwords, keeps roles and metadata", async () => {
  const { clerk, server, token } = await fresh({ role: "org:admin", metadata: { plan: "pro" } });
  const { id } = clerk.users.get("ada");
  const answer = await fetch(`${clerk.apiUrl}/v1/users/${id}`, {
    headers: { authorization: `Bearer ${clerk.secretKey}` },
  });
  const locked = { ...((await answer.json()) as object), locked: true, lockout_expires_in_seconds: 600 };
  clerk.faults({ path: `/v1/users/${id}`, body: JSON.stringify(locked) });
  expect(await statusOf(server, await token())).toBe(200);
});
