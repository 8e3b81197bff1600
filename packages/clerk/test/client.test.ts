import { ClerkFailure, getClient, getSession, getUser } from "@xmcp-dev/clerk";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { describe, expect, it, vi } from "vitest";
import { localClerk, protectedServer, type Tool } from "./protected-server.js";

const clerk = await localClerk();

/** Runs a tool for a caller. @returns what the tool returned or threw */
async function run(tool: Tool, stand: ClerkLocal = clerk, user = "ada"): Promise<unknown> {
  let outcome: unknown;
  const server = await protectedServer(stand, {}, async (request, response) => {
    outcome = await Promise.resolve()
      .then(() => tool(request, response))
      .catch((error: unknown) => error);
    return null;
  });
  const { access_token } = await stand.mint({ resource: server.url, user });
  expect((await server.call(access_token)).status).toBe(200);
  lastEvents = server.events;
  return outcome;
}
let lastEvents: unknown[] = [];

describe("getUser()", () => {
  it("returns the caller", async () => {
    expect(await run(() => getUser())).toMatchObject({ id: clerk.users.get("ada").id, firstName: "Ada" });
  });

  it("asks Clerk once per request, however often it is called", async () => {
    clerk.requests({ reset: true });
    await run(async () => {
      await Promise.all([getUser(), getUser()]);
      await getUser();
    });
    expect(clerk.requests().filter(({ path }) => path.startsWith("/v1/users/"))).toHaveLength(1);
  });

  it("is not cached across requests", async () => {
    const stand = await localClerk();
    const server = await protectedServer(stand, {}, async () => (await getUser()).firstName);
    const { access_token } = await stand.mint({ resource: server.url, user: "ada" });
    expect(await (await server.call(access_token)).json()).toBe("Ada");
    stand.users.update("ada", { firstName: "Augusta" });
    expect(await (await server.call(access_token)).json()).toBe("Augusta");
  });

  it("says that the user no longer exists", async () => {
    const stand = await localClerk();
    const { id } = stand.users.create();
    const error = await run(
      () => {
        stand.users.delete(id);
        return getUser();
      },
      stand,
      id,
    );
    expect(error).toBeInstanceOf(ClerkFailure);
    expect(error).toMatchObject({
      kind: "rejected",
      status: 404,
      message: expect.stringContaining("no longer exists"),
    });
  });
});

describe("an answer that is not from Clerk, such as a proxy's page, is an outage", () => {
  it.each([
    ["getUser()", () => getUser()],
    ["a list", () => getClient().users.getOrganizationMembershipList({ userId: getSession().userId })],
    ["a single object", () => getClient().organizations.getOrganization({ slug: "acme" })],
  ])("for %s", async (_, tool) => {
    const stand = await localClerk();
    stand.faults({ path: "/v1/*", body: "<html>", contentType: "text/html" });
    const error = await run(tool, stand);
    expect(error).toBeInstanceOf(ClerkFailure);
    expect(error).toMatchObject({ kind: "unavailable" });
  });
});

describe("getClient()", () => {
  it("has the methods of Clerk's SDK", async () => {
    const tool = async () => {
      const { users, organizations } = getClient();
      const memberships = await users.getOrganizationMembershipList({ userId: getSession().userId });
      const { name } = await organizations.getOrganization({
        organizationId: clerk.organizations.get("acme").id,
      });
      return { count: memberships.totalCount, name };
    };
    expect(await run(tool)).toEqual({ count: 2, name: "Acme" });
  });

  it("can be awaited", async () => {
    expect(await run(async () => (await (await getClient()).users.getCount()) > 0)).toBe(true);
  });

  it("throws the SDK's own error when Clerk rejects the call", async () => {
    const error = await run(() => getClient().users.getUser("user_nobody"));
    expect(error).not.toBeInstanceOf(ClerkFailure);
    expect(error).toMatchObject({
      clerkError: true,
      status: 404,
      message: expect.stringMatching(/^\[Clerk\] Clerk could not answer this request\./),
    });
  });

  it.each([
    [
      "is unreachable",
      { drop: true },
      "unavailable",
      undefined,
      /^\[Clerk\] Clerk cannot be reached right now\..*try again/,
    ],
    ["fails", { status: 503 }, "unavailable", 503, /^\[Clerk\] Clerk cannot be reached right now\./],
    [
      "limits the rate",
      { status: 429, retryAfterSeconds: 9 },
      "unavailable",
      429,
      /^\[Clerk\] Clerk cannot be reached/,
    ],
    ["rejects our secret key", { status: 401 }, "misconfigured", 401, /^\[Clerk\] .*CLERK_SECRET_KEY\.$/],
  ])("throws a message that a person understands when Clerk %s", async (_, fault, kind, status, message) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    clerk.faults({ path: "/v1/*", ...fault });
    const [failure, user] = [
      await run(() => getClient().users.getUser(getSession().userId)),
      await run(() => getUser()),
    ];
    clerk.faults();
    for (const error of [failure, user]) {
      expect(error).toBeInstanceOf(ClerkFailure);
      expect(error).toMatchObject({ kind, status, message: expect.stringMatching(message) });
    }
  });

  it.each([
    [
      "a method that does not exist",
      () => (getClient() as never as Mistyped).users.getUsr("x"),
      /users\.getUsr is not/,
    ],
    [
      "an API that does not exist",
      () => (getClient() as never as Mistyped).usrs.getUser("x"),
      /usrs\.getUser is not/,
    ],
    ["an argument that the SDK rejects", () => getClient().users.getUser(""), /valid resource ID/],
  ])("does not report a mistake as an outage: %s", async (_, tool, message) => {
    const error = await run(tool);
    expect(error).not.toBeInstanceOf(ClerkFailure);
    expect((error as Error).message).toMatch(message);
    expect(lastEvents.filter((event) => (event as { type: string }).type === "clerk")).toEqual([]);
  });
});

interface Mistyped {
  users: { getUsr(id: string): Promise<unknown> };
  usrs: { getUser(id: string): Promise<unknown> };
}
