import { createClerkLocal, type TokenKindName, tokenKinds } from "@xmcp-dev/clerk-local";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, describe, expect, it } from "vitest";
import { claimsOf, headerOf, RESOURCE } from "./support/oauth-client.js";
import { control, json, standIn } from "./support/stand-in.js";

/** The checks of a strict resource server. */
async function accepts(issuer: string, token: string): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(
      token,
      createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`)),
      {
        issuer,
        audience: RESOURCE,
        typ: "at+jwt",
        algorithms: ["RS256"],
        requiredClaims: ["sub", "exp", "client_id", "jti"],
      },
    );
    return typeof payload.sub === "string" && payload.sub.startsWith("user_") && payload.cnf === undefined;
  } catch {
    return false;
  }
}

describe("kinds of token", () => {
  // Shared, because minting leaves no state that another test could see.
  const shared = createClerkLocal();
  afterAll(async () => (await shared).close());

  it("have names and meanings, and only one is valid", () => {
    expect(tokenKinds.length).toBeGreaterThan(30);
    for (const kind of tokenKinds) expect(kind.meaning).not.toBe("");
    expect(tokenKinds.filter((kind) => kind.valid).map((kind) => kind.name)).toEqual(["access-token"]);
  });

  it.each(tokenKinds)("$name: $meaning (valid: $valid)", async ({ name, valid }) => {
    const local = await shared;
    const { access_token } = await local.mint({ kind: name, resource: RESOURCE });
    expect(await accepts(local.issuer, access_token)).toBe(valid);
  });

  it.each<[TokenKindName, object]>([
    ["session-token", { typ: "JWT" }],
    ["unsigned", { alg: "none" }],
    ["public-key-as-secret", { alg: "HS256" }],
    ["other-algorithm", { alg: "PS256" }],
    ["embedded-jwk", { jwk: { kty: "RSA" } }],
    ["unknown-critical-header", { crit: ["https://example.com/unknown"] }],
  ])("%s has the header that its name says", async (kind, expected) => {
    const local = await standIn();
    expect(headerOf((await local.mint({ kind })).access_token)).toMatchObject(expected);
  });

  it("include a forged key set, which is served for verifiers that fetch it", async () => {
    const local = await standIn();
    const { access_token } = await local.mint({ kind: "key-url" });
    const { jku, kid } = headerOf(access_token) as { jku: string; kid: string };
    const { keys } = (await json(await fetch(jku))) as { keys: { kid: string }[] };
    expect(keys.map((key) => key.kid)).toEqual([kid]);
    await jwtVerify(access_token, createRemoteJWKSet(new URL(jku)));
  });

  it("an unknown one is refused, with a list of the known ones", async () => {
    const local = await standIn();
    await expect(local.mint({ kind: "magic" as TokenKindName })).rejects.toThrow(
      /"magic".*access-token.*session-token/,
    );
  });
});

describe("mint", () => {
  it("needs no arguments", async () => {
    const local = await standIn();
    const { access_token, tokens, token_type, expires_in } = await local.mint();
    expect(tokens).toEqual([access_token]);
    expect([token_type, expires_in]).toEqual(["Bearer", 86_400]);
    expect(claimsOf(access_token)).toMatchObject({ sub: local.users.get("ada").id, scope: "profile email" });
  });

  it("makes the token that its options describe", async () => {
    const local = await standIn();
    const { access_token } = await local.mint({
      user: "bob",
      clientId: "client_x",
      scopes: ["documents:read"],
      resource: RESOURCE,
      organization: "acme",
      expiresIn: 60,
      claims: { extra: true },
      omit: ["nbf"],
      header: { x: 1 },
    });
    const claims = claimsOf(access_token) as Record<string, number>;
    expect(claims).toMatchObject({
      sub: local.users.get("bob").id,
      client_id: "client_x",
      scope: "documents:read user:org:read",
      aud: RESOURCE,
      org_id: local.organizations.get("acme").id,
      extra: true,
    });
    expect(claims).not.toHaveProperty("nbf");
    expect(Number(claims.exp) - Number(claims.iat)).toBe(60);
    expect(headerOf(access_token)).toMatchObject({ typ: "at+jwt", x: 1 });
  });

  it("makes opaque tokens, which the local Clerk can verify", async () => {
    const local = await standIn({ tokenFormat: "opaque" });
    const { access_token } = await local.mint({ user: "ada" });
    expect(access_token).toMatch(/^oat_[0-9a-f]{32}$/);
    const answer = await fetch(`${local.issuer}/oauth/userinfo`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(await json(answer)).toMatchObject({ sub: local.users.get("ada").id });
  });

  it("makes a thousand different tokens at once", async () => {
    const local = await standIn();
    const { tokens } = await local.mint({ count: 1000 });
    expect(new Set(tokens.map((token) => claimsOf(token).jti)).size).toBe(1000);
  });

  it("can be called over HTTP", async () => {
    const local = await standIn();
    const answer = await json(await control(local, "mint", { user: "bob", kind: "expired" }));
    expect(claimsOf(String(answer.access_token)).sub).toBe(local.users.get("bob").id);
  });

  it.each([
    ["an unknown user", { user: "nobody" }, "nobody"],
    ["an unknown organization", { organization: "nowhere" }, "nowhere"],
    ["a lifetime that is not whole seconds", { expiresIn: 1.5 }, "expiresIn"],
    ["too many tokens", { count: 1_000_000 }, "count"],
    ["an opaque token of another kind", { format: "opaque" as const, kind: "expired" as const }, "opaque"],
  ])("refuses %s", async (_name, options, problem) => {
    const local = await standIn();
    await expect(local.mint(options)).rejects.toThrow(problem);
  });
});
