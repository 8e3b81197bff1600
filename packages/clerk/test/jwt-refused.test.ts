import { tokenKinds } from "@xmcp-dev/clerk-local";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { errorOf } from "./http-answer.js";
import { localClerk, protectedServer } from "./protected-server.js";

const clerk = await localClerk();
const server = await protectedServer(clerk);
const { url } = server;
const now = Math.floor(Date.now() / 1000);

/** Fetches the signing keys first, so that any later request to Clerk is caused by the token. */
await server.call((await clerk.mint({ resource: url })).access_token);

beforeEach(() => {
  server.reached.length = 0;
  server.events.length = 0;
});

async function expectRefused(token: string, error = "invalid_token"): Promise<void> {
  const response = await server.call(token);
  expect(response.status).toBe(401);
  expect((await errorOf(response)).error).toBe(error);
  expect(server.reached).toEqual([]);
}

describe("a token of a wrong kind is refused, and no URL in it is fetched", () => {
  const wrongKinds = tokenKinds.filter(({ valid }) => !valid);

  it.each(wrongKinds)("$name: $meaning", async ({ name }) => {
    clerk.requests({ reset: true });
    const { access_token } = await clerk.mint({ kind: name, resource: url });
    await expectRefused(access_token, name === "expired" ? "token_expired" : "invalid_token");
    const asked = clerk.requests().map(({ path }) => path);
    expect(asked.filter((path) => path !== "/.well-known/jwks.json")).toEqual([]);
  });

  it("also if the right key signed it", async () => {
    clerk.requests({ reset: true });
    for (const header of [
      { jku: `${clerk.issuer}/forger/jwks.json` },
      { x5u: `${clerk.issuer}/forger/certificate.pem` },
      { jwk: { kty: "RSA", n: "AQAB", e: "AQAB" } },
      { x5c: ["MIIB"] },
    ]) {
      await expectRefused((await clerk.mint({ resource: url, header })).access_token);
    }
    expect(clerk.requests()).toEqual([]);
  });
});

describe("a token with this claim is refused:", () => {
  const cases: [string, Record<string, unknown>][] = [
    ["iss with a path", { iss: `${clerk.issuer}/v1` }],
    ["iss in capitals", { iss: clerk.issuer.toUpperCase() }],
    ["iss with another port", { iss: `${clerk.issuer}1` }],
    ["iss without a scheme", { iss: new URL(clerk.issuer).host }],
    ["iss over https", { iss: clerk.issuer.replace("http:", "https:") }],
    ["iss as an object", { iss: { toString: clerk.issuer } }],
    ["aud of the server instead of the endpoint", { aud: server.origin }],
    ["aud with a longer path", { aud: `${url}x` }],
    ["aud with another name for this host", { aud: url.replace("127.0.0.1", "localhost") }],
    ["aud over https", { aud: url.replace("http:", "https:") }],
    ["aud with a query", { aud: `${url}?x=1` }],
    ["aud as a list of others", { aud: ["https://a.example/mcp", "https://b.example/mcp"] }],
    ["aud as an empty list", { aud: [] }],
    ["aud as an empty string", { aud: "" }],
    ["aud as a nested list", { aud: [[url]] }],
    ["aud as an object", { aud: { [url]: true } }],
    ["aud as a number", { aud: 1 }],
    ["exp as null", { exp: null }],
    ["exp as a string", { exp: String(now + 600) }],
    ["exp as a list", { exp: [now + 600] }],
    ["exp beyond the range of a date", { exp: 1e15 }],
    ["iat before the range of a date", { iat: -1e15 }],
    ["exp below zero", { exp: -1 }],
    ["nbf as a string", { nbf: "now" }],
    ["nbf in the future", { nbf: now + 60 }],
    ["iat in the future", { iat: now + 60 }],
    ["iat as a string", { iat: String(now) }],
    ["sub empty", { sub: "" }],
    ["sub of a machine", { sub: "mch_0123456789" }],
    ["sub of a client", { sub: "client_0123456789" }],
    ["sub with only the prefix of a user id", { sub: "user_" }],
    ["sub that contains a user id", { sub: "mch_user_0123456789" }],
    ["sub with a path", { sub: "user_1/../user_2" }],
    ["sub with a line break", { sub: "user_1\nuser_2" }],
    ["sub as a list", { sub: ["user_0123456789"] }],
    ["cnf with a thumbprint", { cnf: { "x5t#S256": "x" } }],
    ["cnf empty", { cnf: {} }],
    ["cnf null", { cnf: null }],
    ["client_id empty", { client_id: "" }],
    ["client_id as a number", { client_id: 7 }],
    ["scope as a number", { scope: 7 }],
    ["scope as an object", { scope: { profile: true } }],
    ["scope as a list of numbers", { scope: [1] }],
    ["org_id of another kind", { org_id: "user_0123456789" }],
    ["org_id as a list", { org_id: ["org_0123456789"] }],
    ["jti empty", { jti: "" }],
    ["jti as a number", { jti: 7 }],
  ];

  it.each(cases)("%s", async (_, claims) => {
    const { access_token } = await clerk.mint({ resource: url, claims });
    const response = await server.call(access_token);
    expect(response.status).toBe(401);
    expect(server.reached).toEqual([]);
  });

  it("exp beyond the clock tolerance by a fraction of a second", async () => {
    await expectRefused(
      (await clerk.mint({ resource: url, claims: { exp: now - 6.5 } })).access_token,
      "token_expired",
    );
  });
});

it.each(["iss", "sub", "exp", "iat", "client_id"])("a token without %s is refused", async (claim) => {
  await expectRefused((await clerk.mint({ resource: url, omit: [claim] })).access_token);
});

describe("a token with this header is refused:", () => {
  it.each([
    ["typ of a session token", { typ: "JWT" }],
    ["no typ", { typ: undefined }],
    ["typ that only starts correctly", { typ: "at+jwt+x" }],
    ["alg none in capitals", { alg: "NONE" }],
    ["alg of a longer hash", { alg: "RS512" }],
    ["alg as a list", { alg: ["RS256"] }],
    ["no alg", { alg: undefined }],
    ["an empty crit", { crit: [] }],
    ["crit that names a missing member", { crit: ["exp"] }],
    ["b64 false", { crit: ["b64"], b64: false }],
    ["no kid", { kid: undefined }],
    ["kid as a number", { kid: 1 }],
    ["kid as a path", { kid: "../../dev/null" }],
    ["kid __proto__", { kid: "__proto__" }],
  ])("%s", async (_, header) => {
    await expectRefused((await clerk.mint({ resource: url, header })).access_token);
  });
});

it("a token without aud is refused, and the event and one line of the log name the switch and the parameter", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const strict = await protectedServer(clerk);
  const cure = /Include audience: on.*did not send the parameter "resource"/;
  for (const token of (await clerk.mint({ count: 2 })).tokens) {
    const response = await strict.call(token);
    expect([response.status, await response.text()]).toEqual([401, expect.not.stringContaining("audience")]);
    expect(strict.events.at(-1)).toMatchObject({
      type: "deny",
      reason: "audience_missing",
      fix: expect.stringMatching(cure),
    });
  }
  expect(warned.mock.calls).toEqual([[expect.stringMatching(cure)]]);
  expect((await strict.call((await clerk.mint({ resource: strict.url })).access_token)).status).toBe(200);
});

it("a token of another Clerk instance is refused", async () => {
  const { access_token } = await (await localClerk()).mint({ resource: url });
  await expectRefused(access_token);
});
