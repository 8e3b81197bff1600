import { createClerkClient } from "@clerk/backend";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { describe, expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
import { RESOURCE } from "./support/oauth-client.js";
import { backend, json, sdk, sharedStandIn, standIn } from "./support/stand-in.js";

const verify = (local: ClerkLocal, token: unknown, prefix = "") =>
  backend(local, `${prefix}/oauth_applications/access_tokens/verify`, {
    method: "POST",
    body: JSON.stringify({ access_token: token }),
  });

describe("paging", () => {
  const ids = async (local: ClerkLocal, userId: string, query: string) => {
    const page = await json(await backend(local, `/v1/users/${userId}/organization_memberships${query}`));
    return (page.data as { id: string }[]).map((membership) => membership.id);
  };

  it(
    "returns ten, newest first, by default",
    proves("paging", "lists have ten entries by default, newest first", "OpenAPI"),
    async () => {
      const local = await standIn();
      const { id } = local.users.create({ organizations: 1203 });
      const newestFirst = local.users.memberships(id).map((membership) => membership.id);
      expect(await ids(local, id, "")).toEqual(newestFirst.slice(0, 10));
      const pages = [];
      for (const offset of [0, 500, 1000])
        pages.push(...(await ids(local, id, `?limit=500&offset=${offset}`)));
      expect(pages).toEqual(newestFirst);
    },
  );

  it("goes on after a user, for those who walk through all of them", async () => {
    const local = await standIn();
    for (let count = 0; count < 5; count++) local.users.create();
    const list = async (query: string) =>
      (await (await backend(local, `/v1/users?${query}`)).json()) as { id: string }[];
    const all = await list("limit=100");
    const [first] = await list("limit=1");
    const seen = [first];
    for (let page = [first]; page.length > 0; seen.push(...page)) {
      page = await list(`limit=2&starting_after=${seen.at(-1)?.id}`);
    }
    expect(seen.map((user) => user?.id)).toEqual(all.map((user) => user.id));
    for (const query of ["order_by=username", "offset=1", "limit=1&order_by=-email_address"]) {
      const answer = await backend(local, `/v1/users?starting_after=${first?.id}&${query}`);
      expect(answer.status).toBe(422);
    }
  });

  it.each([
    ["limit=0", "form_param_value_invalid"],
    ["limit=501", "form_param_value_too_large"],
    ["limit=ten", "form_param_type_invalid"],
    ["limit=1&limit=2", "form_param_duplicate"],
    ["offset=-1", "form_param_value_invalid"],
  ])("refuses %s", async (query, code) => {
    const local = await standIn();
    const answer = await backend(
      local,
      `/v1/organizations/${local.organizations.get("acme").id}/memberships?${query}`,
    );
    expect(answer.status).toBe(422);
    expect(await json(answer)).toMatchObject({ errors: [{ code }] });
  });
});

describe("refusals", () => {
  const local = sharedStandIn();

  it.each([
    ["no key", {}, "authorization_header_format_invalid"],
    ["a wrong key", { authorization: "Bearer sk_test_wrong" }, "clerk_key_invalid"],
    [
      "the key with another scheme",
      { authorization: "Basic sk_test_wrong" },
      "authorization_header_format_invalid",
    ],
  ])("answers 401 for %s", async (_name, headers, code) => {
    const answer = await fetch(`${local().apiUrl}/v1/users`, { headers });
    expect(answer.status).toBe(401);
    expect(await json(answer)).toMatchObject({ errors: [{ code }], clerk_trace_id: expect.any(String) });
  });

  it.each([
    ["an unknown user", "/v1/users/user_nobody", "No user was found with id user_nobody"],
    ["a username in place of an id", "/v1/users/ada", "No user was found with id ada"],
    ["a path that cannot be decoded", "/v1/users/%E0%A4%A", "No user was found with id %E0%A4%A"],
    ["an unknown organization", "/v1/organizations/nowhere", "Given organization not found."],
    ["a slug where only an id counts", "/v1/organizations/acme/memberships", "Given organization not found."],
    ["an unknown session", "/v1/sessions/sess_none", "No session was found with id sess_none"],
  ])("answers 404 for %s", async (_name, path, message) => {
    const answer = await backend(local(), path);
    expect(answer.status).toBe(404);
    expect(await json(answer)).toMatchObject({
      errors: [{ code: "resource_not_found", long_message: message }],
    });
  });

  it.each([
    ["GET", "/v1/invitations"],
    ["GET", "/v1/billing/plans"],
    ["GET", "/v1/users/user_nobody/billing/subscription"],
    ["PUT", "/v1/users"],
    ["POST", "/v1/webhooks/svix"],
    ["DELETE", "/api_keys"],
    ["GET", "/v1/"],
  ])("answers 501 for %s %s, which cannot be taken for something that is missing", async (method, path) => {
    const answer = await backend(local(), path, { method });
    expect(answer.status).toBe(501);
    expect(await json(answer)).toMatchObject({
      errors: [
        {
          code: "clerk_local_not_implemented",
          long_message: `clerk-local does not implement ${method} ${path}.`,
        },
      ],
    });
  });
});

describe("verification of an access token", () => {
  it.each(["", "/v1"])(
    "describes a valid one (path %j)",
    proves("verify", "verification of an access token: its fields", ["OpenAPI", "SDK"]),
    async (prefix) => {
      const local = await standIn();
      const minted = await local.mint({ user: "ada", format: "opaque", scopes: ["profile"] });
      const body = await json(await verify(local, minted.access_token, prefix));
      expect(body).toMatchObject({
        subject: local.users.get("ada").id,
        scopes: ["profile"],
        revoked: false,
        expired: false,
      });
      expect(body.id).not.toBe(minted.access_token);
      expect(body.expiration).toBeGreaterThan(1e12);
    },
  );

  it("accepts the older name of the parameter", async () => {
    const local = await standIn();
    const { access_token } = await local.mint({ format: "opaque" });
    const answer = await backend(local, "/oauth_applications/access_tokens/verify", {
      method: "POST",
      body: JSON.stringify({ secret: access_token }),
    });
    expect(answer.status).toBe(200);
  });

  it(
    "names the audience, if there is one",
    proves("verify-audience", "verification of an access token names its `aud`", "SDK"),
    async () => {
      const local = await standIn();
      const { access_token } = await local.mint({ format: "opaque", resource: RESOURCE });
      expect(await json(await verify(local, access_token))).toMatchObject({ aud: [RESOURCE] });
    },
  );

  it(
    "can give times in seconds",
    proves("time-unit", "times of the verification are in milliseconds", "guess", "timeUnit"),
    async () => {
      const local = await standIn({ timeUnit: "s" });
      const { access_token } = await local.mint({ format: "opaque" });
      const { expiration, created_at } = (await json(await verify(local, access_token))) as Record<
        string,
        number
      >;
      expect(Number(expiration) - Number(created_at)).toBe(86_400);
    },
  );

  it("answers 404 for an invented one", async () => {
    const local = await standIn();
    for (const token of [
      `oat_${"0".repeat(32)}`,
      "nonsense",
      (await local.mint({ kind: "wrong-key" })).access_token,
    ]) {
      const answer = await verify(local, token);
      expect(answer.status).toBe(404);
    }
  });

  it(
    "describes an expired opaque one as expired, and calls an expired JWT inactive",
    proves(
      "verify-expired",
      'an expired JWT is `{"active": false}`, an expired opaque token `expired: true`',
      ["OpenAPI", "SDK"],
    ),
    async () => {
      const local = await standIn();
      const opaque = await local.mint({ format: "opaque", expiresIn: -5 });
      const described = await json(await verify(local, opaque.access_token));
      expect(described).toMatchObject({ expired: true });
      const jwt = await local.mint({ format: "jwt", expiresIn: -5 });
      const inactive = await json(await verify(local, jwt.access_token));
      expect(inactive).toEqual({ active: false });
    },
  );

  it("answers 404 for a revoked one", async () => {
    const local = await standIn();
    const { access_token } = await local.mint({ format: "opaque" });
    expect(await local.revoke(access_token)).toBe(true);
    expect((await verify(local, access_token)).status).toBe(404);
  });

  it(
    "describes a revoked one as revoked if the option says so",
    proves(
      "revoked-opaque-token",
      "a revoked opaque token is 404, not `revoked: true`",
      "guess",
      "revokedAnswer",
    ),
    async () => {
      const local = await standIn({ revokedAnswer: "flag" });
      const { access_token } = await local.mint({ format: "opaque" });
      await local.revoke(access_token);
      const body = await json(await verify(local, access_token));
      expect(body).toMatchObject({ revoked: true });
    },
  );

  it("needs a token", async () => {
    const local = await standIn();
    for (const token of [undefined, "", 5]) {
      const answer = await verify(local, token);
      expect(answer.status).toBe(400);
      expect(await json(answer)).toMatchObject({ errors: [{ code: "bad_request" }] });
    }
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

  it(
    "creates, bans and deletes a user, and refuses a second user with the same address",
    proves("user-changes", "creating, banning and deleting users", "SDK"),
    async () => {
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
    },
  );

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
