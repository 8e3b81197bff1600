import type { FaultRule } from "@xmcp-dev/clerk-local";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { Visitor } from "./support/browser-without-window.js";
import {
  authorizationRequest,
  claimsOf,
  exchange,
  headerOf,
  postRegistration,
  refresh,
  register,
  signIn,
} from "./support/oauth-client.js";
import { expectClerkShape } from "./support/openapi.js";
import { backend, control, json, standIn } from "./support/stand-in.js";

const JWKS = "/.well-known/jwks.json";

describe("rotateKeys", () => {
  it("signs with a new key and still publishes the old one", async () => {
    const local = await standIn();
    const [before, pem] = [await local.mint(), local.jwtKey];
    const { kid } = await local.rotateKeys();
    expect(local.jwtKey).not.toBe(pem);
    expect(headerOf((await local.mint()).access_token).kid).toBe(kid);
    await jwtVerify(before.access_token, createRemoteJWKSet(new URL(local.issuer + JWKS)));
  });

  it("can stop publishing the old one", async () => {
    const local = await standIn();
    const { kid } = await local.rotateKeys({ keepOld: false });
    const { keys } = (await json(await fetch(local.issuer + JWKS))) as { keys: { kid: string }[] };
    expect(keys.map((key) => key.kid)).toEqual([kid]);
  });

  it("publishes a bounded number of keys", async () => {
    const local = await standIn();
    for (let turn = 0; turn < 8; turn++) await local.rotateKeys();
    const { keys } = (await json(await fetch(local.issuer + JWKS))) as { keys: unknown[] };
    expect(keys).toHaveLength(5);
  });

  it("does not disturb a sign-in in progress", async () => {
    const local = await standIn();
    const { client_id } = await register(local);
    const visitor = new Visitor();
    const page = await visitor.visit(authorizationRequest(local, client_id).url);
    await local.rotateKeys();
    const consent = await visitor.submit(page, `${page.url.pathname}/login`, {
      user: local.users.get("ada").id,
    });
    const end = await visitor.submit(consent, `${consent.url.pathname}/allow`);
    expect(end.url.searchParams.has("code")).toBe(true);
  });
});

describe("clock", () => {
  it("lets tokens expire in the local Clerk", async () => {
    const local = await standIn({ tokenFormat: "opaque", autoApprove: {} });
    const { tokens } = await signIn(local);
    const userinfo = () =>
      fetch(`${local.issuer}/oauth/userinfo`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
    local.clock({ offsetSeconds: 86_000 });
    expect((await userinfo()).status).toBe(200);
    local.clock({ offsetSeconds: 87_000 });
    expect((await userinfo()).status).toBe(401);
    local.clock();
    expect((await userinfo()).status).toBe(200);
  });

  it("applies to tokens that are issued and checked", async () => {
    const local = await standIn({ autoApprove: {} });
    const { client, tokens } = await signIn(local, { scope: "openid" });
    const now = Math.floor(Date.now() / 1000);
    local.clock({ offsetSeconds: 86_400 });
    const next = await json(await refresh(local, client.client_id, tokens.refresh_token));
    for (const token of [next.access_token, next.id_token]) {
      const { iat, exp } = claimsOf(String(token)) as { iat: number; exp: number };
      expect(Math.abs(iat - now - 86_400)).toBeLessThan(30);
      expect(exp - iat).toBe(86_400);
    }
    local.clock({ offsetSeconds: 4000 * 86_400 });
    expect((await refresh(local, client.client_id, String(next.refresh_token))).status).toBe(400);
  });

  it("applies to a code", async () => {
    const local = await standIn({ autoApprove: {} });
    const { client_id } = await register(local);
    const request = authorizationRequest(local, client_id);
    const answer = await fetch(request.url, { redirect: "manual" });
    const code = new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
    local.clock({ offsetSeconds: 601 });
    expect(await json(await exchange(local, client_id, request, code))).toMatchObject({
      error: "invalid_grant",
    });
  });

  it("refuses an offset that is not a number", async () => {
    const local = await standIn();
    expect(() => local.clock({ offsetSeconds: Number.NaN })).toThrow("offsetSeconds");
  });
});

describe("faults", () => {
  const statusOf = async (url: string) => (await fetch(url)).status;

  it.each<[string, FaultRule["path"]]>([
    ["an exact path", JWKS],
    ["a path with a wildcard", "/.well-known/*"],
    ["a pattern", /jwks\.json$/],
    ["the source of a pattern", "jwks"],
  ])("apply to %s", async (_name, path) => {
    const local = await standIn();
    local.faults({ path, status: 500 });
    expect(await statusOf(local.issuer + JWKS)).toBe(500);
    expect(await statusOf(`${local.issuer}/images/x.svg`)).toBe(200);
    local.faults();
    expect(await statusOf(local.issuer + JWKS)).toBe(200);
  });

  it("apply a given number of times, and to one method", async () => {
    const local = await standIn();
    local.faults([{ path: JWKS, method: "get", status: 503, times: 2 }]);
    const head = await fetch(local.issuer + JWKS, { method: "HEAD" });
    expect(head.status).toBe(200);
    const seen = [];
    for (let turn = 0; turn < 3; turn++) seen.push(await statusOf(local.issuer + JWKS));
    expect(seen).toEqual([503, 503, 200]);
  });

  it("can answer as Clerk does when it limits the rate", async () => {
    const local = await standIn();
    local.faults({ path: "/v1/*", status: 429, retryAfterSeconds: 3 });
    const answer = await backend(local, "/v1/users");
    expect(answer.headers.get("retry-after")).toBe("3");
    const body = await json(answer);
    expectClerkShape("ClerkErrors", body);
    expect(body).toMatchObject({ errors: [{ code: "too_many_requests" }] });
  });

  it("can answer with a broken body", async () => {
    const local = await standIn();
    local.faults({ path: JWKS, body: "<html>", contentType: "text/html" });
    const answer = await fetch(local.issuer + JWKS);
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
      200,
      "text/html",
      "<html>",
    ]);
  });

  it("can delay an answer", async () => {
    const local = await standIn();
    local.faults({ path: JWKS, latencyMs: 150 });
    const started = performance.now();
    expect(await statusOf(local.issuer + JWKS)).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(140);
  });

  it("can cut the connection", async () => {
    const local = await standIn();
    local.faults({ path: JWKS, drop: true });
    await expect(fetch(local.issuer + JWKS)).rejects.toThrow();
    expect(local.requests()).toMatchObject([{ path: JWKS, status: 0 }]);
  });

  it("can hang, and do not keep the local Clerk from closing", async () => {
    const local = await standIn();
    local.faults({ path: JWKS, hang: true });
    await expect(fetch(local.issuer + JWKS, { signal: AbortSignal.timeout(200) })).rejects.toThrow();
  });
});

describe("requests", () => {
  it("lists the requests, without queries, and clears the list on demand", async () => {
    const local = await standIn();
    await fetch(`${local.issuer}${JWKS}?secret=1`);
    await backend(local, "/v1/nothing");
    await control(local, "clock");
    expect(local.requests({ reset: true })).toMatchObject([
      { method: "GET", path: JWKS, status: 200, ms: expect.any(Number) },
      { method: "GET", path: "/v1/nothing", status: 501 },
    ]);
    expect(local.requests()).toEqual([]);
  });
});

describe("controls over HTTP", () => {
  it("work with the secret key", async () => {
    const local = await standIn();
    const { access_token } = await local.mint({ format: "opaque" });
    expect(await json(await control(local, "revoke", { token: access_token }))).toEqual({ revoked: true });
    expect(await json(await control(local, "rotateKeys"))).toEqual({ kid: expect.stringMatching(/^ins_/) });
    await control(local, "faults", { rules: [{ path: "jwks", status: 418 }] });
    expect((await fetch(local.issuer + JWKS)).status).toBe(418);
    await control(local, "faults");
    expect((await fetch(local.issuer + JWKS)).status).toBe(200);
    expect((await control(local, "clock", { offsetSeconds: 60 })).status).toBe(200);
    expect((await json(await control(local, "requests"))).requests).toHaveLength(2);
    await control(local, "autoApprove", { approval: { user: "ada" } });
    expect((await signIn(local)).tokens.access_token).toEqual(expect.any(String));
  });

  it("manage users and organizations", async () => {
    const local = await standIn();
    const { id } = await json(
      await control(local, "users.create", { username: "zoe", organizations: ["acme"] }),
    );
    expect(local.users.get("zoe").id).toBe(id);
    await control(local, "users.update", { user: "zoe", changes: { firstName: "Zoë" } });
    await control(local, "users.ban", { user: "zoe" });
    expect(local.users.get("zoe")).toMatchObject({ firstName: "Zoë", banned: true });
    await control(local, "organizations.setRole", { organization: "acme", user: "zoe", role: "org:admin" });
    expect(local.users.memberships("zoe")).toMatchObject([{ role: "org:admin" }]);
    await control(local, "organizations.removeMember", { organization: "acme", user: "zoe" });
    expect(local.users.memberships("zoe")).toEqual([]);
    await control(local, "users.delete", { user: "zoe" });
    expect(() => local.users.get("zoe")).toThrow("no user");
  });

  it("do not work without it", async () => {
    const local = await standIn();
    const answer = await fetch(`${local.issuer}/__local/mint`, { method: "POST", body: "{}" });
    expect(answer.status).toBe(401);
  });

  it("do not work for a web page, even with the key", async () => {
    const local = await standIn();
    for (const origin of ["https://evil.example", local.issuer, "null"]) {
      const answer = await fetch(`${local.issuer}/__local/autoApprove`, {
        method: "POST",
        headers: { origin, authorization: `Bearer ${local.secretKey}` },
        body: JSON.stringify({ approval: {} }),
      });
      expect(answer.status).toBe(403);
    }
    const { client_id } = await register(local);
    const page = await fetch(authorizationRequest(local, client_id).url, { redirect: "manual" });
    expect(page.headers.get("location")).toMatch(/^\/interaction\//);
  });

  it("name the mistake and the available controls", async () => {
    const local = await standIn();
    const unknown = await control(local, "nothing");
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toContain("rotateKeys");
    const refused = await control(local, "mint", { user: "nobody" });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain("nobody");
    const typo = await control(local, "mint", { usr: "ada", scopes: "profile" });
    expect(typo.status).toBe(422);
    expect(await typo.text()).toMatch(/scopes.*usr|usr.*scopes/);
    const text = await backend(local, "/__local/mint", { method: "POST", body: "{" });
    expect(text.status).toBe(400);
  });
});

describe("revoke", () => {
  it("ends a refresh token", async () => {
    const local = await standIn({ autoApprove: {} });
    const { client, tokens } = await signIn(local);
    expect(await local.revoke(tokens.refresh_token)).toBe(true);
    expect((await refresh(local, client.client_id, tokens.refresh_token)).status).toBe(400);
  });

  it("returns false if there is no such token", async () => {
    const local = await standIn();
    expect(await local.revoke("oat_nothing")).toBe(false);
    expect(await local.revoke("nothing")).toBe(false);
  });
});

it("close stops the local Clerk while requests are open", async () => {
  const local = await standIn();
  local.faults({ path: JWKS, hang: true });
  const pending = fetch(local.issuer + JWKS).catch(() => "ended");
  await postRegistration(local);
  await local.close();
  expect(await pending).toBe("ended");
});
