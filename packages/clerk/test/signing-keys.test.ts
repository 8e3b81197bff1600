import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { describe, expect, it, vi } from "vitest";
import { errorOf } from "./http-answer.js";
import { listening, localClerk, type ProtectedServer, protectedServer } from "./protected-server.js";

const JWKS = "/.well-known/jwks.json";

async function fresh(): Promise<{ clerk: ClerkLocal; server: ProtectedServer }> {
  const clerk = await localClerk();
  return { clerk, server: await protectedServer(clerk) };
}

const fetches = (clerk: ClerkLocal): number => clerk.requests().filter(({ path }) => path === JWKS).length;

async function statuses(server: ProtectedServer, tokens: readonly string[]): Promise<Set<number>> {
  return new Set(await Promise.all(tokens.map(async (token) => (await server.call(token)).status)));
}

/** `count` tokens signed with another key, each with its own kid. */
async function unknownKids(clerk: ClerkLocal, resource: string, count: number): Promise<string[]> {
  const tokens = Array.from({ length: count }, (_, index) => {
    const kid = `ins_${createHash("sha256").update(String(index)).digest("hex").slice(0, 27)}`;
    return clerk.mint({ kind: "unknown-kid", resource, header: { kid } });
  });
  return (await Promise.all(tokens)).map(({ access_token }) => access_token);
}

it("200 concurrent callers on a cold server cause one fetch", async () => {
  const { clerk, server } = await fresh();
  const { tokens } = await clerk.mint({ resource: server.url, count: 200 });
  clerk.faults({ path: JWKS, latencyMs: 50 });
  expect(await statuses(server, tokens)).toEqual(new Set([200]));
  expect(fetches(clerk)).toBe(1);
});

it("a flood of unknown key ids causes one more fetch", async () => {
  const { clerk, server } = await fresh();
  await server.call((await clerk.mint({ resource: server.url })).access_token);
  clerk.requests({ reset: true });
  expect(await statuses(server, await unknownKids(clerk, server.url, 100))).toEqual(new Set([401]));
  expect(fetches(clerk)).toBe(1);
});

describe("after a rotation", () => {
  it.each([true, false])("a token of the new key is accepted at once (old key kept: %s)", async (keepOld) => {
    const { clerk, server } = await fresh();
    const { access_token: old } = await clerk.mint({ resource: server.url });
    expect((await server.call(old)).status).toBe(200);
    await clerk.rotateKeys({ keepOld });
    const { access_token } = await clerk.mint({ resource: server.url });
    expect((await server.call(access_token)).status).toBe(200);
    expect((await server.call(old)).status).toBe(keepOld ? 200 : 401);
    expect(server.events.filter(({ type }) => type === "clerk")).toMatchObject([
      { change: "keys_changed", during: "signing keys" },
    ]);
  });
});

it("a key withdrawn at Clerk is trusted for ten minutes at most", async () => {
  const { clerk, server } = await fresh();
  const { access_token } = await clerk.mint({ resource: server.url });
  expect((await server.call(access_token)).status).toBe(200);
  await clerk.rotateKeys({ keepOld: false });
  const tenMinutesOn = Date.now() + 10 * 60_000;
  vi.spyOn(Date, "now").mockImplementation(() => tenMinutesOn);
  expect((await server.call(access_token)).status).toBe(401);
});

describe("a key replaced under the same id", () => {
  /** A server that has accepted a token, and whose JWKS then has another key under the same id. */
  async function replaced() {
    const { clerk, server } = await fresh();
    const { keys } = (await (await fetch(clerk.issuer + JWKS)).json()) as { keys: [{ kid: string }] };
    const other = await localClerk();
    const { keys: replacing } = (await (await fetch(other.issuer + JWKS)).json()) as { keys: [object] };
    const { access_token: token } = await clerk.mint({ resource: server.url });
    expect((await server.call(token)).status).toBe(200);
    const body = JSON.stringify({ keys: [{ ...replacing[0], kid: keys[0].kid }] });
    clerk.faults({ path: JWKS, body });
    return { clerk, server, token };
  }

  it("is trusted for ten minutes at most", async () => {
    const { server, token } = await replaced();
    const tenMinutesOn = Date.now() + 10 * 60_000;
    vi.spyOn(Date, "now").mockImplementation(() => tenMinutesOn);
    expect((await server.call(token)).status).toBe(401);
    expect(server.events.at(-1)).toMatchObject({ type: "deny", reason: "signature_invalid" });
  });

  it("is not trusted once the keys are fetched again, even for a token that was verified before", async () => {
    const { clerk, server, token } = await replaced();
    await statuses(server, await unknownKids(clerk, server.url, 1));
    expect((await server.call(token)).status).toBe(401);
    expect(server.events.at(-1)).toMatchObject({ type: "deny", reason: "signature_invalid" });
  });
});

describe("while Clerk is unreachable", () => {
  it.concurrent.each([
    ["cut off", { drop: true }],
    ["answering 500", { status: 500 }],
    ["answering 429", { status: 429 }],
    ["answering HTML", { body: "<html>", contentType: "text/html" }],
    ["answering null", { body: "null" }],
    ["answering no keys", { body: '{"keys":[]}' }],
    ["answering keys of another kind", { body: '{"keys":[null,{"kty":"EC","kid":"a","crv":"P-256"}]}' }],
    ["answering a key without content", { body: '{"keys":[{"kty":"RSA","kid":"a"}]}' }],
  ])("(%s) a cold server answers 503, and 200 once it is back", async (_, fault) => {
    const { clerk, server } = await fresh();
    const { access_token } = await clerk.mint({ resource: server.url });
    clerk.faults({ path: JWKS, ...fault });
    const response = await server.call(access_token);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await errorOf(response)).error).toBe("temporarily_unavailable");
    clerk.faults();
    await vi.waitFor(async () => expect((await server.call(access_token)).status).toBe(200), 10_000);
  });

  it("a flood causes one fetch and one retry", async () => {
    const { clerk, server } = await fresh();
    const { tokens } = await clerk.mint({ resource: server.url, count: 100 });
    clerk.faults({ path: JWKS, status: 500 });
    expect(await statuses(server, tokens)).toEqual(new Set([503]));
    expect(await statuses(server, tokens.slice(0, 10))).toEqual(new Set([503]));
    expect(fetches(clerk)).toBe(2);
  });

  it("known keys keep working", async () => {
    const { clerk, server } = await fresh();
    const { tokens } = await clerk.mint({ resource: server.url, count: 20 });
    await server.call(tokens[0]);
    clerk.faults({ path: "/*", drop: true });
    expect(await statuses(server, tokens)).toEqual(new Set([200]));
  });

  it("a token with an unknown key id gets 503, not 401", async () => {
    const { clerk, server } = await fresh();
    await server.call((await clerk.mint({ resource: server.url })).access_token);
    await clerk.rotateKeys();
    const { access_token } = await clerk.mint({ resource: server.url });
    clerk.faults({ path: "/*", drop: true });
    expect((await server.call(access_token)).status).toBe(503);
  });
});

it("one unusable key does not disable the others", async () => {
  const { clerk, server } = await fresh();
  const { keys } = (await (await fetch(clerk.issuer + JWKS)).json()) as { keys: unknown[] };
  const broken = [{ kty: "RSA", kid: "ins_a" }, { kty: "RSA", kid: "ins_b", n: 5, e: [] }, ...keys];
  clerk.faults({ path: JWKS, body: JSON.stringify({ keys: broken }) });
  expect((await server.call((await clerk.mint({ resource: server.url })).access_token)).status).toBe(200);
});

describe("a document with the right key", () => {
  type Jwk = Readonly<Record<string, unknown>>;

  it.each<[string, (key: Jwk) => readonly Jwk[], number]>([
    ["without its use and algorithm is accepted", ({ use: _use, alg: _alg, ...key }) => [key], 200],
    ["for encryption is not", (key) => [{ ...key, use: "enc" }], 503],
    ["for another algorithm is not", (key) => [{ ...key, alg: "PS256" }], 503],
    ["as the twentieth is accepted", (key) => [...others(key, 19), key], 200],
    ["as the twenty-first is not", (key) => [...others(key, 20), key], 401],
  ])("%s", async (_, change, status) => {
    const { clerk, server } = await fresh();
    const { keys } = (await (await fetch(clerk.issuer + JWKS)).json()) as { keys: [Jwk] };
    clerk.faults({ path: JWKS, body: JSON.stringify({ keys: change(keys[0]) }) });
    const { access_token } = await clerk.mint({ resource: server.url });
    expect((await server.call(access_token)).status).toBe(status);
  });

  /** The same key under other ids. */
  function others(key: Jwk, count: number): readonly Jwk[] {
    return Array.from({ length: count }, (_, index) => ({ ...key, kid: `ins_${index}` }));
  }
});

describe("the right keys are not accepted", () => {
  /** A server in front of Clerk that tokens name as their issuer. */
  async function behind(relay: (keys: string, response: ServerResponse) => void): Promise<number> {
    const clerk = await localClerk();
    const keys = await (await fetch(clerk.issuer + JWKS)).text();
    const clerkDomain = await listening((request, response) => {
      if (request.url === JWKS) relay(keys, response);
      else response.end(keys);
    });
    const server = await protectedServer(clerk, { clerkDomain });
    const { access_token } = await clerk.mint({ resource: server.url, claims: { iss: clerkDomain } });
    return (await server.call(access_token)).status;
  }

  it("after a redirect", async () => {
    expect(await behind((keys, response) => response.end(keys))).toBe(200);
    expect(await behind((_, response) => response.writeHead(302, { location: "/elsewhere" }).end())).toBe(
      503,
    );
  });

  it("from a document that is too large", async () => {
    expect(await behind((keys, response) => response.end(keys + " ".repeat(500 * 1024)))).toBe(200);
    expect(await behind((keys, response) => response.end(keys + " ".repeat(600 * 1024)))).toBe(503);
  });
});

describe("with jwtKey", () => {
  it("Clerk is not asked, and wrong tokens are still refused", async () => {
    const clerk = await localClerk();
    const server = await protectedServer(clerk, { jwtKey: clerk.jwtKey });
    const resource = server.url;
    expect((await server.call((await clerk.mint({ resource })).access_token)).status).toBe(200);
    for (const kind of [
      "wrong-key",
      "embedded-jwk",
      "key-url",
      "unsigned",
      "session-token",
      "expired",
    ] as const) {
      expect((await server.call((await clerk.mint({ resource, kind })).access_token)).status).toBe(401);
    }
    expect(clerk.requests()).toEqual([]);
  });

  it("that is not a key, the server answers 500, not 401, and logs the reason once", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    const clerk = await localClerk();
    const jwtKey = "-----BEGIN PUBLIC KEY-----\nMIIBIjAN\n-----END PUBLIC KEY-----";
    const server = await protectedServer(clerk, { jwtKey });
    const { tokens } = await clerk.mint({ resource: server.url, count: 2 });
    await server.call(tokens[0]);
    const response = await server.call(String(tokens[1]));
    expect(response.status).toBe(500);
    expect(printed.mock.calls).toEqual([[expect.stringContaining("CLERK_JWT_KEY")]]);
    expect((await errorOf(response)).error).toBe("server_error");
  });
});
