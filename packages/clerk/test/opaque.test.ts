import { type ClerkProviderOptions, getSession } from "@xmcp-dev/clerk";
import type { ClerkLocalOptions } from "@xmcp-dev/clerk-local";
import { describe, expect, it, vi } from "vitest";
import { errorOf } from "./http-answer.js";
import { localClerk, protectedServer } from "./protected-server.js";

const VERIFY = "/oauth_applications/access_tokens/verify";

async function fresh(clerkOptions: ClerkLocalOptions = {}, options: ClerkProviderOptions = {}) {
  const clerk = await localClerk({ tokenFormat: "opaque", ...clerkOptions });
  const server = await protectedServer(clerk, options, () => getSession());
  return { clerk, server };
}

const { clerk, server } = await fresh();
const mint = async (options = {}) => (await clerk.mint({ resource: server.url, ...options })).access_token;

/** The Backend API's description of a token, for tests that change it. */
async function description(token: string): Promise<Record<string, unknown>> {
  const response = await fetch(clerk.apiUrl + VERIFY, {
    method: "POST",
    headers: { authorization: `Bearer ${clerk.secretKey}`, "content-type": "application/json" },
    body: JSON.stringify({ access_token: token }),
  });
  return (await response.json()) as Record<string, unknown>;
}

async function answerTo(token: string, fault: Record<string, unknown>): Promise<Response> {
  clerk.faults({ path: VERIFY, ...fault });
  const response = await server.call(token);
  clerk.faults();
  return response;
}

describe("an opaque token is accepted", () => {
  it.each(["ms", "s"] as const)("with times in %s", async (timeUnit) => {
    const { clerk, server } = await fresh({ timeUnit });
    const { access_token } = await clerk.mint({ resource: server.url, user: "bob", expiresIn: 600 });
    const response = await server.call(access_token);
    expect(response.status).toBe(200);
    const session = (await response.json()) as Record<string, string>;
    expect(session).toMatchObject({
      userId: clerk.users.get("bob").id,
      clientId: "client_local000000000000000000static",
      scopes: ["profile", "email"],
    });
    const [issued, expires] = [Date.parse(String(session.issuedAt)), Date.parse(String(session.expiresAt))];
    expect(expires - issued).toBe(600_000);
    expect(Math.abs(issued - Date.now())).toBeLessThan(5_000);
  });

  it("without an audience, with exactly one warning", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { clerk, server } = await fresh({}, { audience: "when-present" });
    for (const token of (await clerk.mint({ count: 2 })).tokens) {
      expect((await server.call(token)).status).toBe(200);
      expect(warned).toHaveBeenCalledOnce();
    }
  });

  it("with an audience of null, as without an audience", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { clerk, server } = await fresh({}, { audience: "when-present" });
    const { access_token } = await clerk.mint();
    const body = JSON.stringify({ ...(await description(await mint())), aud: null });
    clerk.faults({ path: VERIFY, body });
    expect((await server.call(access_token)).status).toBe(200);
    expect(warned).toHaveBeenCalledOnce();
  });

  it("without an organization, if userinfo names none", async () => {
    const token = await mint({ user: "ada", organization: "acme" });
    clerk.faults({ path: "/oauth/userinfo", body: JSON.stringify({ sub: "user_1", org_id: null }) });
    const response = await server.call(token);
    clerk.faults();
    expect(response.status).toBe(200);
    expect(await response.json()).not.toHaveProperty("organizationId");
  });

  it("with the organization that the user picked at consent", async () => {
    const token = await mint({ user: "ada", organization: "acme" });
    expect(await (await server.call(token)).json()).toMatchObject({
      organizationId: "org_local000000000000000000acme",
      organizationRole: "org:admin",
    });
  });

  it("without a call of userinfo, if it lacks the scope for organizations", async () => {
    clerk.requests({ reset: true });
    await server.call(await mint());
    expect(clerk.requests().map(({ path }) => path)).toEqual([VERIFY]);
  });
});

describe("an opaque token is refused", () => {
  it.each(["not-found", "flag"] as const)("when it is revoked (Clerk answers: %s)", async (revokedAnswer) => {
    const { clerk, server } = await fresh({ revokedAnswer }, { opaqueTokenTtl: 0 });
    const { access_token } = await clerk.mint({ resource: server.url });
    expect((await server.call(access_token)).status).toBe(200);
    await clerk.revoke(access_token);
    const response = await server.call(access_token);
    expect(response.status).toBe(401);
    expect((await errorOf(response)).error).toBe("invalid_token");
  });

  it("when it is expired", async () => {
    const response = await server.call(await mint({ expiresIn: -60 }));
    expect(response.status).toBe(401);
    expect((await errorOf(response)).error).toBe("token_expired");
  });

  it("when Clerk does not know it", async () => {
    expect((await server.call(`oat_${"0".repeat(32)}`)).status).toBe(401);
  });

  it("when it is for another resource", async () => {
    const response = await server.call(await mint({ resource: "https://other.example/mcp" }));
    expect(response.status).toBe(401);
    expect(server.events.at(-1)).toMatchObject({ reason: "audience_mismatch" });
  });

  it("when it has no audience, and one is required", async () => {
    const { clerk, server } = await fresh({}, { audience: "required" });
    expect((await server.call((await clerk.mint()).access_token)).status).toBe(401);
  });

  it.each([
    ["the subject is a machine", { subject: "mch_0123456789" }],
    ["the subject is missing", { subject: undefined }],
    ["revoked is missing", { revoked: undefined }],
    ["revoked is a string", { revoked: "false" }],
    ["it is marked as expired", { expired: true }],
    ["the expiration is in the past", { expiration: Date.now() - 1_000 }],
    ["the expiration is in the past, in seconds", { expiration: Math.floor(Date.now() / 1_000) - 1 }],
    ["the expiration is missing", { expiration: undefined }],
    ["the expiration is null, which only keys and machines may have", { expiration: null }],
    ["the expiration is a string", { expiration: "2099-01-01" }],
    ["the expiration is beyond the range of a date", { expiration: 1e300 }],
    ["the time of issue is missing", { created_at: undefined }],
    ["the client is missing", { client_id: undefined }],
    ["the scopes are an object", { scopes: {} }],
  ])("when %s", async (_, change) => {
    const token = await mint();
    const response = await answerTo(token, {
      body: JSON.stringify({ ...(await description(token)), ...change }),
    });
    expect(response.status).toBe(401);
  });

  it("when Clerk says only that it is inactive", async () => {
    expect((await answerTo(await mint(), { body: '{"active":false}' })).status).toBe(401);
    expect(server.events.at(-1)).toMatchObject({ type: "deny", reason: "token_inactive" });
  });
});

describe("an opaque token is neither accepted nor refused", () => {
  it.each([
    ["Clerk's answer is not JSON", { body: "{broken" }],
    ["Clerk's answer is HTML", { body: "<html>", contentType: "text/html" }],
    ["Clerk's answer is empty", { body: "" }],
    ["Clerk's answer is null", { body: "null" }],
    ["Clerk's answer is a list", { body: "[]" }],
    ["Clerk answers 500", { status: 500 }],
    ["Clerk answers 429", { status: 429, retryAfterSeconds: 3 }],
    ["Clerk cuts the connection", { drop: true }],
  ])("when %s: 503", async (_, fault) => {
    const { clerk, server } = await fresh();
    const { access_token } = await clerk.mint({ resource: server.url });
    clerk.faults({ path: VERIFY, ...fault });
    const response = await server.call(access_token);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("retryAfterSeconds" in fault ? "3" : "2");
  });

  it.each([
    ["answers 500", { status: 500 }],
    ["answers HTML", { body: "<html>" }],
  ])("when userinfo, which has its organization, %s: 503", async (_, fault) => {
    const { clerk, server } = await fresh();
    const { access_token } = await clerk.mint({ user: "ada", organization: "acme", resource: server.url });
    clerk.faults({ path: "/oauth/userinfo", ...fault });
    expect((await server.call(access_token)).status).toBe(503);
  });
});

it("a wrong secret key is answered 500, and one line says what to check", async () => {
  const printed = vi.spyOn(console, "error").mockImplementation(() => {});
  const wrong = await protectedServer(clerk, { secretKey: "sk_test_ofAnotherInstance" });
  for (const token of (await clerk.mint({ count: 3 })).tokens) {
    const response = await wrong.call(token);
    expect(response.status).toBe(500);
    expect((await errorOf(response)).error).toBe("server_error");
  }
  expect(printed.mock.calls).toEqual([[expect.stringMatching(/^\[Clerk\] .*CLERK_SECRET_KEY.*restart\.$/)]]);
});
