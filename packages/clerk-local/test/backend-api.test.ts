import { createClerkClient } from "@clerk/backend";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { describe, expect, it } from "vitest";
import { RESOURCE, register } from "./support/oauth-client.js";
import { expectClerkShape } from "./support/openapi.js";
import { backend, json, standIn } from "./support/stand-in.js";

const sdk = (local: ClerkLocal) =>
  createClerkClient({ secretKey: local.secretKey, apiUrl: local.apiUrl, telemetry: { disabled: true } });

const verify = (local: ClerkLocal, token: unknown, prefix = "") =>
  backend(local, `${prefix}/oauth_applications/access_tokens/verify`, {
    method: "POST",
    body: JSON.stringify({ access_token: token }),
  });

describe("answers in the shapes of Clerk's OpenAPI", () => {
  it.each([
    ["a user", (local: ClerkLocal) => `/v1/users/${local.users.get("ada").id}`, "User"],
    ["a banned user", (local: ClerkLocal) => `/v1/users/${local.users.get("eve").id}`, "User"],
    [
      "an organization by id",
      (local: ClerkLocal) => `/v1/organizations/${local.organizations.get("acme").id}`,
      "Organization",
    ],
    ["an organization by slug", () => "/v1/organizations/acme", "Organization"],
    ["the keys", () => "/v1/jwks", "JWKS"],
    ["the number of users", () => "/v1/users/count", "TotalCount"],
  ])("for %s", async (_name, path, schema) => {
    const local = await standIn();
    const answer = await backend(local, path(local));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expectClerkShape(schema, await json(answer));
  });

  it.each([
    [
      "a user's memberships",
      (local: ClerkLocal) => `/v1/users/${local.users.get("ada").id}/organization_memberships`,
      "OrganizationMembership",
      2,
    ],
    ["an organization's members", () => "/v1/organizations/acme/memberships", "OrganizationMembership", 2],
    ["all organizations", () => "/v1/organizations", "Organization", 2],
  ])("for a page of %s", async (_name, path, schema, count) => {
    const local = await standIn();
    const { data, total_count } = (await json(await backend(local, path(local)))) as {
      data: unknown[];
      total_count: number;
    };
    expect(data).toHaveLength(count);
    expect(total_count).toBe(count);
    for (const entry of data) expectClerkShape(schema, entry);
  });

  it("for all users, newest first", async () => {
    const local = await standIn();
    const users = (await (await backend(local, "/v1/users")).json()) as { username: string }[];
    expect(users.map((user) => user.username)).toEqual(["eve", "grace", "bob", "ada"]);
    for (const user of users) expectClerkShape("User", user);
  });
});

describe("paging", () => {
  const ids = async (local: ClerkLocal, userId: string, query: string) => {
    const page = await json(await backend(local, `/v1/users/${userId}/organization_memberships${query}`));
    return (page.data as { id: string }[]).map((membership) => membership.id);
  };

  it("returns ten, newest first, by default", async () => {
    const local = await standIn();
    const { id } = local.users.create({ organizations: 1203 });
    const newestFirst = local.users.memberships(id).map((membership) => membership.id);
    expect(await ids(local, id, "")).toEqual(newestFirst.slice(0, 10));
    const pages = [];
    for (const offset of [0, 500, 1000]) pages.push(...(await ids(local, id, `?limit=500&offset=${offset}`)));
    expect(pages).toEqual(newestFirst);
  });

  it.each(["limit=0", "limit=501", "limit=ten", "offset=-1"])("refuses %s", async (query) => {
    const local = await standIn();
    const answer = await backend(local, `/v1/organizations/acme/memberships?${query}`);
    expect(answer.status).toBe(422);
    const body = await json(answer);
    expectClerkShape("ClerkErrors", body);
    expect(body).toMatchObject({ errors: [{ code: "form_param_value_invalid" }] });
  });
});

describe("refusals", () => {
  it.each([
    ["no key", {}],
    ["a wrong key", { authorization: "Bearer sk_test_wrong" }],
    ["the key with another scheme", { authorization: "Basic sk_test_wrong" }],
  ])("answers 401 clerk_key_invalid for %s", async (_name, headers) => {
    const local = await standIn();
    const answer = await fetch(`${local.apiUrl}/v1/users`, { headers });
    expect(answer.status).toBe(401);
    const body = await json(answer);
    expectClerkShape("ClerkErrors", body);
    expect(body).toMatchObject({
      errors: [{ code: "clerk_key_invalid" }],
      clerk_trace_id: expect.any(String),
    });
  });

  it.each([
    ["an unknown user", "/v1/users/user_nobody", "No user was found with id user_nobody"],
    ["a username in place of an id", "/v1/users/ada", "No user was found with id ada"],
    ["a path that cannot be decoded", "/v1/users/%E0%A4%A", "No user was found with id %E0%A4%A"],
    ["an unknown organization", "/v1/organizations/nowhere", "No organization was found with id nowhere"],
    ["an unimplemented route", "/v1/invitations", "clerk-local does not implement GET /v1/invitations"],
  ])("answers 404 for %s", async (_name, path, message) => {
    const local = await standIn();
    const answer = await backend(local, path);
    expect(answer.status).toBe(404);
    const body = (await json(answer)) as { errors: { code: string; long_message: string }[] };
    expectClerkShape("ClerkErrors", body);
    expect(body.errors[0]?.code).toBe("resource_not_found");
    expect(body.errors[0]?.long_message).toContain(message);
  });
});

describe("verification of an access token", () => {
  it.each(["", "/v1"])("describes a valid one (path %j)", async (prefix) => {
    const local = await standIn();
    const minted = await local.mint({ user: "ada", format: "opaque", scopes: ["profile"] });
    const body = await json(await verify(local, minted.access_token, prefix));
    expectClerkShape("OAuthAccessToken", body);
    expect(body).toMatchObject({
      subject: local.users.get("ada").id,
      scopes: ["profile"],
      revoked: false,
      expired: false,
    });
    expect(body.id).not.toBe(minted.access_token);
    expect(body.expiration).toBeGreaterThan(1e12);
  });

  it("accepts the older name of the parameter", async () => {
    const local = await standIn();
    const { access_token } = await local.mint({ format: "opaque" });
    const answer = await backend(local, "/oauth_applications/access_tokens/verify", {
      method: "POST",
      body: JSON.stringify({ secret: access_token }),
    });
    expect(answer.status).toBe(200);
  });

  it("names the audience, if there is one", async () => {
    const local = await standIn();
    const { access_token } = await local.mint({ format: "opaque", resource: RESOURCE });
    const { aud, ...body } = await json(await verify(local, access_token));
    // The published schema does not have `aud` yet.
    expect(aud).toEqual([RESOURCE]);
    expectClerkShape("OAuthAccessToken", body);
  });

  it("can give times in seconds", async () => {
    const local = await standIn({ timeUnit: "s" });
    const { access_token } = await local.mint({ format: "opaque" });
    const { expiration, created_at } = (await json(await verify(local, access_token))) as Record<
      string,
      number
    >;
    expect(Number(expiration) - Number(created_at)).toBe(86_400);
  });

  it("answers 404 for an invented one", async () => {
    const local = await standIn();
    for (const token of [
      `oat_${"0".repeat(32)}`,
      "nonsense",
      (await local.mint({ kind: "wrong-key" })).access_token,
    ]) {
      const answer = await verify(local, token);
      expect(answer.status).toBe(404);
      expectClerkShape("ClerkErrors", await json(answer));
    }
  });

  it("describes an expired opaque one as expired, and calls an expired JWT inactive", async () => {
    const local = await standIn();
    const opaque = await local.mint({ format: "opaque", expiresIn: -5 });
    const described = await json(await verify(local, opaque.access_token));
    expectClerkShape("OAuthAccessToken", described);
    expect(described).toMatchObject({ expired: true });
    const jwt = await local.mint({ format: "jwt", expiresIn: -5 });
    const inactive = await json(await verify(local, jwt.access_token));
    expectClerkShape("OAuthAccessToken", inactive);
    expect(inactive).toEqual({ active: false });
  });

  it("answers 404 for a revoked one", async () => {
    const local = await standIn();
    const { access_token } = await local.mint({ format: "opaque" });
    expect(await local.revoke(access_token)).toBe(true);
    expect((await verify(local, access_token)).status).toBe(404);
  });

  it("describes a revoked one as revoked if the option says so", async () => {
    const local = await standIn({ revokedAnswer: "flag" });
    const { access_token } = await local.mint({ format: "opaque" });
    await local.revoke(access_token);
    const body = await json(await verify(local, access_token));
    expectClerkShape("OAuthAccessToken", body);
    expect(body).toMatchObject({ revoked: true });
  });

  it("needs a token", async () => {
    const local = await standIn();
    for (const token of [undefined, "", 5]) expect((await verify(local, token)).status).toBe(422);
  });
});

describe("@clerk/backend, unmodified", () => {
  it("reads users, memberships and organizations", async () => {
    const local = await standIn();
    const clerk = sdk(local);
    const { id } = local.users.get("ada");
    const user = await clerk.users.getUser(id);
    expect(user.fullName).toBe("Ada Lovelace");
    expect(user.primaryEmailAddress?.emailAddress).toBe("ada@example.com");
    expect(user.imageUrl.startsWith(local.issuer)).toBe(true);
    const memberships = await clerk.users.getOrganizationMembershipList({ userId: id, limit: 500 });
    expect(memberships.totalCount).toBe(2);
    expect(memberships.data.map(({ role, organization }) => [organization.slug, role])).toEqual([
      ["globex", "org:member"],
      ["acme", "org:admin"],
    ]);
    expect(memberships.data[1]?.permissions).toContain("org:documents:delete");
    expect((await clerk.organizations.getOrganization({ slug: "acme" })).name).toBe("Acme");
    expect(
      (await clerk.users.getUserList({ username: ["bob"] })).data.map((found) => found.username),
    ).toEqual(["bob"]);
  });

  it("writes metadata, merged as Clerk does", async () => {
    const local = await standIn();
    const { id } = local.users.get("ada");
    await sdk(local).users.updateUserMetadata(id, {
      publicMetadata: { seats: { used: 1 } },
      privateMetadata: { crm: 7 },
    });
    const user = await sdk(local).users.updateUserMetadata(id, {
      publicMetadata: { plan: null, seats: { free: 2 } },
    });
    expect(user.publicMetadata).toEqual({ seats: { used: 1, free: 2 } });
    expect(user.privateMetadata).toEqual({ crm: 7 });
    await sdk(local).users.updateUser(id, { firstName: "Augusta" });
    expect(local.users.get("ada").firstName).toBe("Augusta");
  });

  it("creates, bans and deletes a user, and refuses a second user with the same address", async () => {
    const local = await standIn();
    const { users } = sdk(local);
    const { id } = await users.createUser({ emailAddress: ["zoe@example.com"], firstName: "Zoe" });
    expect(local.users.get("zoe@example.com")).toMatchObject({ id, firstName: "Zoe", banned: false });
    await expect(users.createUser({ emailAddress: ["zoe@example.com"] })).rejects.toMatchObject({
      status: 422,
      errors: [{ code: "form_identifier_exists" }],
    });
    expect((await users.banUser(id)).banned).toBe(true);
    expect((await users.unbanUser(id)).banned).toBe(false);
    expect(await users.deleteUser(id)).toMatchObject({ id, deleted: true });
    await expect(users.getUser(id)).rejects.toMatchObject({ status: 404 });
  });

  it("finds a dynamically registered client, and deletes it", async () => {
    const local = await standIn();
    const { client_id: clientId } = await register(local);
    await register(local);
    const { oauthApplications } = sdk(local);
    expect((await oauthApplications.list()).totalCount).toBe(2);
    const { data } = await oauthApplications.list({ nameQuery: String(clientId) });
    expect(data).toMatchObject([{ clientId, name: "Test client", dynamicallyRegistered: true }]);
    const id = data[0]?.id ?? "";
    await oauthApplications.delete(id);
    expect((await oauthApplications.list()).totalCount).toBe(1);
    await expect(oauthApplications.delete(id)).rejects.toMatchObject({ status: 404 });
  });

  it("gets 422 for an invalid change of a user", async () => {
    const local = await standIn();
    const { id } = local.users.get("ada");
    for (const [path, body] of [
      ["", { first_name: 7 }],
      ["/metadata", { public_metadata: "pro" }],
      ["/metadata", []],
    ] as const) {
      const answer = await backend(local, `/v1/users/${id}${path}`, {
        method: "PATCH",
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(422);
      expectClerkShape("ClerkErrors", await json(answer));
    }
  });

  it("verifies opaque tokens", async () => {
    const local = await standIn();
    const { access_token } = await local.mint({ user: "bob", format: "opaque", resource: RESOURCE });
    const verified = await sdk(local).idPOAuthAccessToken.verify(access_token, { audience: RESOURCE });
    expect(verified.subject).toBe(local.users.get("bob").id);
    await local.revoke(access_token);
    await expect(sdk(local).idPOAuthAccessToken.verify(access_token)).rejects.toMatchObject({ status: 404 });
  });

  it("recognizes the errors", async () => {
    const local = await standIn();
    const wrong = createClerkClient({
      secretKey: "sk_test_x",
      apiUrl: local.apiUrl,
      telemetry: { disabled: true },
    });
    await expect(wrong.users.getUser("user_x")).rejects.toMatchObject({
      status: 401,
      errors: [{ code: "clerk_key_invalid" }],
    });
    local.faults({ path: "/v1/users/*", status: 429, retryAfterSeconds: 7 });
    await expect(sdk(local).users.getUser("user_x")).rejects.toMatchObject({ status: 429, retryAfter: 7 });
  });
});
