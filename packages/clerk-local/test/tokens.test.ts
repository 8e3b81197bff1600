import { createLocalJWKSet, createRemoteJWKSet, importSPKI, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
import { claimsOf, headerOf, RESOURCE, refresh, register, signIn } from "./support/oauth-client.js";
import { expectClerkShape } from "./support/openapi.js";
import { backend, json, standIn } from "./support/stand-in.js";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("a JWT access token", () => {
  it(
    "has Clerk's header and claims, and no others",
    proves(
      "jwt-claims",
      "a JWT access token: header and claims, and which are never there",
      ["docs", "capture"],
      "tokenFormat",
    ),
    async () => {
      const local = await standIn({ autoApprove: { user: "ada" } });
      const { client, tokens } = await signIn(local, { resource: RESOURCE });
      const header = headerOf(tokens.access_token);
      expect(header).toEqual({ alg: "RS256", typ: "at+jwt", kid: expect.stringMatching(/^ins_\w{27}$/) });
      const claims = claimsOf(tokens.access_token) as Record<string, number>;
      expect(claims).toEqual({
        iss: local.issuer,
        sub: local.users.get("ada").id,
        client_id: client.client_id,
        scope: "profile email",
        jti: expect.stringMatching(/^oat_[0-9a-f]{32}$/),
        iat: expect.any(Number),
        nbf: (claims.iat ?? 0) - 10,
        exp: (claims.iat ?? 0) + 86_400,
        aud: RESOURCE,
      });
    },
  );

  it("has no audience when the client sent no resource", async () => {
    const { tokens } = await signIn(await standIn({ autoApprove: {} }));
    expect(claimsOf(tokens.access_token)).not.toHaveProperty("aud");
  });

  it(
    "has no organization if the user picked the personal account or the client requested none",
    proves(
      "token-organization",
      "a token has `org_id` only with `user:org:read` and a choice at consent",
      "docs",
    ),
    async () => {
      const local = await standIn({ autoApprove: { user: "ada" } });
      const personal = await signIn(local, { scope: "profile user:org:read" });
      expect(claimsOf(personal.tokens.access_token)).not.toHaveProperty("org_id");
      local.autoApprove({ user: "ada", organization: "acme" });
      const unasked = await signIn(local, { scope: "profile" });
      expect(claimsOf(unasked.tokens.access_token)).not.toHaveProperty("org_id");
    },
  );

  it("verifies with the published keys, and with the PEM key", async () => {
    const local = await standIn({ autoApprove: {} });
    const { tokens } = await signIn(local);
    const expected = { issuer: local.issuer, typ: "at+jwt", algorithms: ["RS256"] };
    const keys = createRemoteJWKSet(new URL(`${local.issuer}/.well-known/jwks.json`));
    await jwtVerify(tokens.access_token, keys, expected);
    await jwtVerify(tokens.access_token, await importSPKI(local.jwtKey, "RS256"), expected);
  });

  it("has the configured lifetime", async () => {
    const local = await standIn({ autoApprove: {}, accessTokenTtlSeconds: 60 });
    const { tokens } = await signIn(local, { resource: RESOURCE });
    const { iat, exp } = claimsOf(tokens.access_token) as { iat: number; exp: number };
    expect(exp - iat).toBe(60);
    expect(tokens.expires_in).toBe(60);
  });
});

describe("an opaque access token", () => {
  it(
    "looks like Clerk's",
    proves(
      "opaque-value",
      "an opaque access token is `oat_` and 32 hexadecimal digits",
      "docs",
      "tokenFormat",
    ),
    async () => {
      const { tokens } = await signIn(await standIn({ autoApprove: {}, tokenFormat: "opaque" }));
      expect(tokens.access_token).toMatch(/^oat_[0-9a-f]{32}$/);
    },
  );
});

describe("an ID token", () => {
  it("is issued with openid, for the client", async () => {
    const local = await standIn({ autoApprove: { user: "ada" } });
    const { client, tokens } = await signIn(local, { scope: "openid profile" });
    const keys = createLocalJWKSet(
      (await (await fetch(`${local.issuer}/.well-known/jwks.json`)).json()) as never,
    );
    const { payload } = await jwtVerify(tokens.id_token ?? "", keys, {
      issuer: local.issuer,
      audience: client.client_id,
      typ: "JWT",
    });
    expect(payload.sub).toBe(local.users.get("ada").id);
  });

  it(
    "names the organization that the user picked",
    proves("id-token-organization", "an ID token names the organization that the user picked", "docs"),
    async () => {
      const local = await standIn({ autoApprove: { user: "ada", organization: "acme" } });
      const { client, tokens } = await signIn(local, { scope: "openid user:org:read" });
      const { id } = local.organizations.get("acme");
      expect(claimsOf(tokens.id_token ?? "").org_id).toBe(id);
      const refreshed = await json(await refresh(local, client.client_id, tokens.refresh_token));
      expect(claimsOf(String(refreshed.id_token)).org_id).toBe(id);
    },
  );

  it("is not issued without openid", async () => {
    const { tokens } = await signIn(await standIn({ autoApprove: {} }));
    expect(tokens).not.toHaveProperty("id_token");
  });
});

describe("a refresh token", () => {
  it("yields new tokens with the same scope, audience and organization, and a new refresh token", async () => {
    const local = await standIn({ autoApprove: { user: "ada", organization: "acme" } });
    const { client, tokens } = await signIn(local, { scope: "profile user:org:read", resource: RESOURCE });
    const answer = await refresh(local, client.client_id, tokens.refresh_token);
    expect(answer.status).toBe(200);
    const next = await json(answer);
    expectClerkShape("OAuth.Token", next);
    const { jti, iat, nbf, exp, ...rest } = claimsOf(tokens.access_token);
    expect(claimsOf(String(next.access_token))).toMatchObject(rest);
    expect(claimsOf(String(next.access_token)).jti).not.toBe(jti);
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    expect([iat, nbf, exp]).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
  });

  it(
    "is refused the second time, and so is its successor",
    proves(
      "refresh-rotation",
      "refresh tokens rotate, and reuse ends the grant",
      "guess",
      "refreshTokenRotation",
    ),
    async () => {
      const local = await standIn({ autoApprove: {} });
      const { client, tokens } = await signIn(local);
      const next = await json(await refresh(local, client.client_id, tokens.refresh_token));
      for (const token of [tokens.refresh_token, String(next.refresh_token)]) {
        expect(await json(await refresh(local, client.client_id, token))).toMatchObject({
          error: "invalid_grant",
        });
      }
    },
  );

  it.each([
    ["may be used again, if the option says so", "allow-reuse", false],
    ["stays the same, if the option says so", "off", true],
  ] as const)("%s", async (_name, refreshTokenRotation, isSame) => {
    const local = await standIn({ autoApprove: {}, refreshTokenRotation });
    const { client, tokens } = await signIn(local);
    const next = await json(await refresh(local, client.client_id, tokens.refresh_token));
    expect((next.refresh_token ?? tokens.refresh_token) === tokens.refresh_token).toBe(isSame);
    expect((await refresh(local, client.client_id, tokens.refresh_token)).status).toBe(200);
  });

  it("is refused from another client", async () => {
    const local = await standIn({ autoApprove: {} });
    const [one, other] = [await signIn(local), await signIn(local)];
    const answer = await refresh(local, other.client.client_id, one.tokens.refresh_token);
    expect(await json(answer)).toMatchObject({ error: "invalid_grant" });
  });

  it("still works after a key rotation", async () => {
    const local = await standIn({ autoApprove: {} });
    const { client, tokens } = await signIn(local);
    const { kid } = await local.rotateKeys();
    const next = await json(await refresh(local, client.client_id, tokens.refresh_token));
    expect(headerOf(String(next.access_token)).kid).toBe(kid);
  });

  it.each(["banned", "deleted"])(
    "is refused once its user is %s, who keeps access tokens and API keys",
    proves(
      "ban-and-tokens",
      "a ban or deletion ends sign-in and refresh, and leaves access tokens and API keys alone",
      "guess",
      "no switch",
    ),
    async (fate) => {
      const local = await standIn({ autoApprove: { user: "ada" } });
      const { client, tokens } = await signIn(local);
      const { secret } = local.apiKeys.create({ subject: "ada" });
      if (fate === "banned") local.users.ban("ada");
      else local.users.delete("ada");
      const answer = await refresh(local, client.client_id, tokens.refresh_token);
      expect(await json(answer)).toMatchObject({ error: "invalid_grant" });
      for (const [path, body] of [
        ["/oauth_applications/access_tokens/verify", { access_token: tokens.access_token }],
        ["/api_keys/verify", { secret }],
      ] as const) {
        expect((await backend(local, path, { method: "POST", body: JSON.stringify(body) })).status).toBe(200);
      }
    },
  );

  it(
    "can be limited to offline_access",
    proves(
      "refresh-token-issued",
      "a refresh token is issued with and without `offline_access`",
      "OpenAPI",
      "refreshTokens",
    ),
    async () => {
      const local = await standIn({ autoApprove: {}, refreshTokens: "offline_access" });
      expect((await signIn(local)).tokens).not.toHaveProperty("refresh_token");
      expect((await signIn(local, { scope: "profile offline_access" })).tokens).toHaveProperty(
        "refresh_token",
      );
    },
  );
});

describe("userinfo", () => {
  it.each(["jwt", "opaque"] as const)(
    "returns what the scopes allow (%s)",
    proves("userinfo", "userinfo: its members by scope, `unsafe_metadata` with `public_metadata`", [
      "OpenAPI",
      "docs",
    ]),
    async (tokenFormat) => {
      const local = await standIn({ autoApprove: { user: "ada", organization: "acme" }, tokenFormat });
      const { tokens } = await signIn(local, {
        scope: "profile email public_metadata user:org:read",
        resource: RESOURCE,
      });
      const answer = await fetch(`${local.issuer}/oauth/userinfo`, { headers: bearer(tokens.access_token) });
      const body = await json(answer);
      expectClerkShape("OAuth.UserInfo", body);
      expect(body).toMatchObject({
        sub: local.users.get("ada").id,
        email: "ada@example.com",
        name: "Ada Lovelace",
        public_metadata: { plan: "pro" },
        unsafe_metadata: {},
        org_id: local.organizations.get("acme").id,
        org_slug: "acme",
      });
      expect(body).not.toHaveProperty("private_metadata");
      expect(String(body.picture).startsWith(local.issuer)).toBe(true);
    },
  );

  it("leaves out what was not granted", async () => {
    const local = await standIn({ autoApprove: {} });
    const { tokens } = await signIn(local, { scope: "email" });
    const body = await json(
      await fetch(`${local.issuer}/oauth/userinfo`, { headers: bearer(tokens.access_token) }),
    );
    expect(body).not.toHaveProperty("name");
    expect(body).not.toHaveProperty("org_id");
  });

  it(
    "refuses an invalid token, with a challenge",
    proves(
      "userinfo-refused",
      "userinfo refuses with 401 in Clerk's envelope; the code `oauth_token_invalid`",
      ["OpenAPI", "guess"],
      "no switch",
    ),
    async () => {
      const local = await standIn();
      for (const headers of [
        {},
        bearer("oat_0123"),
        bearer((await local.mint({ kind: "session-token" })).access_token),
      ]) {
        const answer = await fetch(`${local.issuer}/oauth/userinfo`, { headers });
        expect(answer.status).toBe(401);
        expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
        expectClerkShape("ClerkErrors", await json(answer));
      }
    },
  );

  it("can be called by a web page", async () => {
    const local = await standIn();
    const answer = await fetch(`${local.issuer}/oauth/userinfo`, { method: "OPTIONS" });
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("revocation (RFC 7009) and token_info", () => {
  const post = (url: string, form: Record<string, string>) =>
    fetch(url, { method: "POST", body: new URLSearchParams(form) });

  it(
    "ends an opaque access token",
    proves("revoke-opaque", "revocation ends an opaque access token", "OpenAPI"),
    async () => {
      const local = await standIn({ autoApprove: {}, tokenFormat: "opaque" });
      const { client, tokens } = await signIn(local);
      const form = { token: tokens.access_token, client_id: client.client_id };
      const before = await json(await post(`${local.issuer}/oauth/token_info`, form));
      expectClerkShape("OAuth.TokenInfo", before);
      expect(before).toEqual({
        active: true,
        client_id: client.client_id,
        iat: expect.any(Number),
        scope: "profile email",
        sub: expect.stringMatching(/^user_/),
      });
      expect((await post(`${local.issuer}/oauth/token/revoke`, form)).status).toBe(200);
      expect(await json(await post(`${local.issuer}/oauth/token_info`, form))).toEqual({ active: false });
    },
  );

  it("ends a refresh token and the opaque tokens of its grant", async () => {
    const local = await standIn({ autoApprove: {}, tokenFormat: "opaque" });
    const { client, tokens } = await signIn(local);
    const form = { token: tokens.refresh_token, client_id: client.client_id };
    expect((await post(`${local.issuer}/oauth/token/revoke`, form)).status).toBe(200);
    expect((await refresh(local, client.client_id, tokens.refresh_token)).status).toBe(400);
    const userinfo = await fetch(`${local.issuer}/oauth/userinfo`, { headers: bearer(tokens.access_token) });
    expect(userinfo.status).toBe(401);
  });

  it(
    "leaves the JWTs of a grant alone when its refresh token is revoked",
    proves("jwt-outlives-grant", "a JWT access token stays valid when its refresh token is revoked", [
      "OpenAPI",
      "docs",
    ]),
    async () => {
      const local = await standIn({ autoApprove: {} });
      const { client, tokens } = await signIn(local);
      const form = { token: tokens.refresh_token, client_id: client.client_id };
      expect((await post(`${local.issuer}/oauth/token/revoke`, form)).status).toBe(200);
      expect((await refresh(local, client.client_id, tokens.refresh_token)).status).toBe(400);
      const userinfo = await fetch(`${local.issuer}/oauth/userinfo`, {
        headers: bearer(tokens.access_token),
      });
      expect(userinfo.status).toBe(200);
      // The control takes it back, which Clerk cannot.
      expect(await local.revoke(tokens.access_token)).toBe(true);
      const after = await fetch(`${local.issuer}/oauth/userinfo`, { headers: bearer(tokens.access_token) });
      expect(after.status).toBe(401);
    },
  );

  it(
    "describes a JWT and a refresh token, with audience and organization",
    proves(
      "token-info",
      "token_info describes JWTs, opaque tokens and refresh tokens, with `aud` and `org_id`",
      ["OpenAPI", "docs"],
    ),
    async () => {
      const local = await standIn({ autoApprove: { user: "ada", organization: "acme" } });
      const { client, tokens } = await signIn(local, { scope: "email user:org:read", resource: RESOURCE });
      const known = {
        active: true,
        client_id: client.client_id,
        iat: claimsOf(tokens.access_token).iat,
        scope: "email user:org:read",
        sub: local.users.get("ada").id,
        org_id: local.organizations.get("acme").id,
      };
      const described = async (token: string) =>
        json(await post(`${local.issuer}/oauth/token_info`, { token, client_id: client.client_id }));
      expect(await described(tokens.access_token)).toEqual({ ...known, aud: [RESOURCE] });
      expect(await described(tokens.refresh_token)).toEqual(known);
      expect(await described("invented")).toEqual({ active: false });
    },
  );

  it(
    "describes a token only to its client, which proves who it is",
    proves("token-info-client", "token_info is 401 without client authentication", "OpenAPI"),
    async () => {
      const local = await standIn({ autoApprove: {} });
      const { tokens } = await signIn(local);
      const confidential = await register(local, { token_endpoint_auth_method: "client_secret_basic" });
      const { client_id, client_secret = "" } = confidential;
      const token = tokens.access_token;
      const url = `${local.issuer}/oauth/token_info`;
      for (const form of [
        { token },
        { token, client_id: "nobody" },
        { token, client_id, client_secret: "x" },
      ]) {
        const answer = await post(url, form);
        expect([answer.status, (await json(answer)).error]).toEqual([401, "invalid_client"]);
      }
      const basic = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}`;
      for (const [headers, form] of [
        [{ authorization: basic }, { token }],
        [{}, { token, client_id, client_secret }],
      ] as const) {
        const answer = await fetch(url, { method: "POST", headers, body: new URLSearchParams(form) });
        expect(await json(answer)).toEqual({ active: false });
      }
    },
  );

  it(
    "refuses to revoke a JWT",
    proves("revoke-jwt", "revoking a JWT is 400 `unsupported_token_type`", "OpenAPI"),
    async () => {
      const local = await standIn({ autoApprove: {} });
      const { client, tokens } = await signIn(local);
      const form = { token: tokens.access_token, client_id: client.client_id };
      const answer = await post(`${local.issuer}/oauth/token/revoke`, form);
      expect(answer.status).toBe(400);
      expect(await json(answer)).toMatchObject({ error: "unsupported_token_type" });
    },
  );

  it("does not revoke the tokens of another client", async () => {
    const local = await standIn({ autoApprove: {}, tokenFormat: "opaque" });
    const [one, other] = [await signIn(local), await signIn(local)];
    const form = { token: one.tokens.access_token, client_id: other.client.client_id };
    expect((await post(`${local.issuer}/oauth/token/revoke`, form)).status).toBe(200);
    const userinfo = await fetch(`${local.issuer}/oauth/userinfo`, {
      headers: bearer(one.tokens.access_token),
    });
    expect(userinfo.status).toBe(200);
  });
});
