import { type ExpressRequest, getClient, getSession, getUser } from "@xmcp-dev/clerk";
import { describe, expect, it } from "vitest";
import { localClerk, protectedServer } from "./protected-server.js";

const clerk = await localClerk();
const ada = clerk.users.get("ada");
const acme = clerk.organizations.get("acme");

describe("the session", () => {
  it("has every field of the token", async () => {
    const server = await protectedServer(clerk, {}, () => getSession());
    const now = Math.floor(Date.now() / 1000);
    const claims = { iat: now - 60, exp: now + 600, jti: "oat_0123456789", sid: "sess_0123456789" };
    const { access_token } = await clerk.mint({
      resource: server.url,
      user: "ada",
      clientId: "client_1",
      scopes: ["profile"],
      organization: "acme",
      claims,
    });
    expect(await (await server.call(access_token)).json()).toEqual({
      caller: "user",
      subject: ada.id,
      userId: ada.id,
      sessionId: "sess_0123456789",
      organizationId: acme.id,
      organizationSlug: "acme",
      organizationRole: "org:admin",
      organizationPermissions: [
        "org:documents:read",
        "org:documents:write",
        "org:documents:delete",
        "org:sys_memberships:read",
        "org:sys_memberships:manage",
      ],
      issuedAt: new Date((now - 60) * 1000).toISOString(),
      expiresAt: new Date((now + 600) * 1000).toISOString(),
      scopes: ["profile", "user:org:read"],
      clientId: "client_1",
      tokenId: "oat_0123456789",
      claims: expect.objectContaining({ ...claims, iss: clerk.issuer, sub: ada.id, aud: server.url }),
    });
  });

  it("leaves out what the token does not have", async () => {
    const server = await protectedServer(clerk, {}, () => ({ keys: Object.keys(getSession()) }));
    const { access_token } = await clerk.mint({ resource: server.url, omit: ["jti"] });
    const { keys } = (await (await server.call(access_token)).json()) as { keys: string[] };
    expect(keys.sort()).toEqual([
      "caller",
      "claims",
      "clientId",
      "expiresAt",
      "issuedAt",
      "scopes",
      "subject",
      "userId",
    ]);
  });

  it("has dates as Date objects", async () => {
    const server = await protectedServer(clerk, {}, () =>
      [getSession().issuedAt, getSession().expiresAt].every((date) => date instanceof Date),
    );
    const { access_token } = await clerk.mint({ resource: server.url });
    expect(await (await server.call(access_token)).json()).toBe(true);
  });

  it("is available after any await in a tool", async () => {
    const server = await protectedServer(clerk, {}, async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await fetch(clerk.issuer);
      return getSession().userId;
    });
    const { access_token } = await clerk.mint({ resource: server.url, user: "bob" });
    expect(await (await server.call(access_token)).json()).toBe(clerk.users.get("bob").id);
  });
});

describe("a tool that changes its session", () => {
  /** A session without the `readonly` that makes TypeScript refuse these changes. */
  interface Changeable {
    readonly expiresAt: Date;
    readonly issuedAt: Date;
    readonly scopes: string[];
    readonly organizationPermissions: string[];
    readonly claims: { sub: string; readonly nested: string[] };
  }

  function change(): void {
    const session = getSession() as unknown as Changeable;
    const changes: readonly (() => unknown)[] = [
      () => session.expiresAt.setFullYear(2100),
      () => session.issuedAt.setFullYear(2100),
      () => session.scopes.push("admin"),
      () => session.organizationPermissions.push("org:all:delete"),
      () => Object.assign(session.claims, { sub: "user_other" }),
      () => session.claims.nested.push("admin"),
      () => Object.assign(session, { userId: "user_other", organizationRole: "org:owner" }),
    ];
    for (const attempt of changes) {
      try {
        attempt();
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
    }
  }

  it.each(["jwt", "opaque"] as const)(
    "does not affect the next request with the same token (%s)",
    async (format) => {
      const server = await protectedServer(clerk, {}, () => {
        const before = JSON.stringify(getSession());
        const may = getSession().has({ scope: "admin" });
        change();
        return { before, may };
      });
      const { access_token } = await clerk.mint({
        resource: server.url,
        format,
        user: "ada",
        organization: "acme",
        ...(format === "jwt" && { claims: { nested: ["profile"] } }),
      });
      const first: unknown = await (await server.call(access_token)).json();
      expect(first).toMatchObject({ may: false });
      expect(await (await server.call(access_token)).json()).toEqual(first);
    },
  );
});

describe("outside a request", () => {
  it.each([
    ["getSession", () => getSession(), /^\[Clerk\] Session not initialized: getSession\(\)/],
    ["getUser", () => getUser(), /^\[Clerk\] Session not initialized: getUser\(\)/],
    ["getClient", () => getClient(), /^\[Clerk\] Clerk client not initialized: getClient\(\)/],
  ])("%s says what to do", (_, use, message) => {
    expect(use).toThrow(message);
    expect(use).toThrow("inside a tool's function");
    expect(use).toThrow("export default clerkProvider()");
  });

  it("the session of a finished request is gone", async () => {
    const server = await protectedServer(clerk, {}, () => getSession().userId);
    await server.call((await clerk.mint({ resource: server.url })).access_token);
    expect(() => getSession()).toThrow("[Clerk] Session not initialized");
  });
});

describe("code after the middleware", () => {
  const seen = (request: ExpressRequest) => ({
    auth: request.auth,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    headersDistinct: request.headersDistinct,
  });

  it("gets the MCP SDK's AuthInfo, without the token", async () => {
    const server = await protectedServer(clerk, {}, ({ auth }) => auth);
    const { access_token } = await clerk.mint({
      resource: server.url,
      user: "ada",
      organization: "acme",
      claims: { exp: 4_000_000_000, jti: "oat_0123456789" },
    });
    expect(await (await server.call(access_token)).json()).toEqual({
      token: "",
      clientId: "client_local000000000000000000static",
      scopes: ["profile", "email", "user:org:read"],
      expiresAt: 4_000_000_000,
      resource: server.url,
      extra: {
        caller: "user",
        subject: ada.id,
        userId: ada.id,
        organizationId: acme.id,
        organizationSlug: "acme",
        organizationRole: "org:admin",
        organizationPermissions: expect.arrayContaining(["org:documents:delete"]),
        tokenId: "oat_0123456789",
      },
    });
  });

  it.each(["jwt", "opaque"] as const)("never sees the token (%s)", async (format) => {
    const server = await protectedServer(clerk, {}, (request) => ({
      ...seen(request),
      session: getSession(),
    }));
    const { access_token } = await clerk.mint({ resource: server.url, format });
    const response = await server.fetch("/mcp", access_token, { headers: { "x-other": "kept" } });
    expect(response.status).toBe(200);
    const body = await response.text();
    expect(body).not.toContain(access_token);
    expect(body.toLowerCase()).not.toContain('"authorization"');
    expect(JSON.parse(body).headers["x-other"]).toBe("kept");
    expect(JSON.parse(body).rawHeaders).toContain("x-other");
  });
});

it("300 concurrent callers never get another caller's session", async () => {
  const users = Array.from({ length: 30 }, () => clerk.users.create().id);
  const server = await protectedServer(clerk, {}, async () => {
    const before = getSession().userId;
    const user = await getUser();
    await new Promise((resolve) => setImmediate(resolve));
    return { before, user: user.id, after: getSession().userId };
  });
  const minted = await Promise.all(
    users.map((user) => clerk.mint({ resource: server.url, user, count: 10 })),
  );
  const calls = minted.flatMap(({ tokens }, index) => tokens.map((token) => ({ token, user: users[index] })));
  await Promise.all(
    calls.map(async ({ token, user }) => {
      expect(await (await server.call(token)).json()).toEqual({ before: user, user, after: user });
    }),
  );
});
