import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { describe, expect, it } from "vitest";
import { readSettings } from "../src/options/settings.js";
import { clientAddress } from "../src/request/client-address.js";
import { errorOf } from "./http-answer.js";
import { localClerk, optionsFor, protectedServer } from "./protected-server.js";

const clerk = await localClerk();
const LIMIT = { attempts: 3, windowSeconds: 60 };
const GARBAGE = "not.a.token";

const from = (address: string): RequestInit => ({ method: "POST", headers: { "x-forwarded-for": address } });

it("there is no limit unless one is set", async () => {
  const server = await protectedServer(clerk);
  for (let call = 0; call < 20; call += 1) expect((await server.call(GARBAGE)).status).toBe(401);
});

it("an address without attempts left gets 429 with Retry-After, and its token is not verified", async () => {
  const server = await protectedServer(clerk, { failedAttempts: LIMIT });
  const good = (await clerk.mint({ resource: server.url })).access_token;
  for (let call = 0; call < LIMIT.attempts; call += 1) expect((await server.call(GARBAGE)).status).toBe(401);
  for (const token of [GARBAGE, good]) {
    const response = await server.call(token);
    expect(response.status).toBe(429);
    expect((await errorOf(response)).error).toBe("too_many_requests");
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(50);
    expect(Number(response.headers.get("retry-after"))).toBeLessThanOrEqual(60);
  }
  expect(server.events.at(-1)).toMatchObject({ type: "deny", reason: "too_many_failures", status: 429 });
});

it("a missing token and an expired token do not count", async () => {
  const server = await protectedServer(clerk, { failedAttempts: LIMIT });
  const expired = (await clerk.mint({ resource: server.url, expiresIn: -60 })).access_token;
  for (let call = 0; call < 10; call += 1) {
    expect((await server.call()).status).toBe(401);
    expect((await server.call(expired)).status).toBe(401);
  }
});

it("X-Forwarded-For is ignored unless a proxy is trusted", async () => {
  const server = await protectedServer(clerk, { failedAttempts: LIMIT });
  const statuses: number[] = [];
  for (let call = 0; call < 5; call += 1) {
    statuses.push((await server.fetch("/mcp", GARBAGE, from(`192.0.2.${call}`))).status);
  }
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
});

it("behind a trusted proxy the address is the one that the proxy added, whatever the client sent", async () => {
  const server = await protectedServer(clerk, { failedAttempts: { ...LIMIT, trustedProxies: 1 } });
  const status = async (address: string) => (await server.fetch("/mcp", GARBAGE, from(address))).status;
  for (let call = 0; call < 3; call += 1) expect(await status(`203.0.113.${call}, 192.0.2.1`)).toBe(401);
  expect(await status("203.0.113.9, 192.0.2.1")).toBe(429);
  expect(await status("203.0.113.9, 192.0.2.2")).toBe(401);
});

it("parallel attempts are limited like successive ones: no more reach Clerk than the address has left", async () => {
  const own = await localClerk();
  const server = await protectedServer(own, { failedAttempts: LIMIT });
  const unknown = Array.from({ length: 60 }, (_, index) => `oat_${String(index).padStart(32, "a")}`);
  const statuses = await Promise.all(unknown.map(async (token) => (await server.call(token)).status));
  expect(statuses.filter((status) => status === 401)).toHaveLength(LIMIT.attempts);
  expect(statuses.filter((status) => status === 429)).toHaveLength(unknown.length - LIMIT.attempts);
  expect(own.requests().filter(({ path }) => path.endsWith("/verify"))).toHaveLength(LIMIT.attempts);
});

it("parallel calls with good tokens are all served, however few attempts the address has", async () => {
  const own = await localClerk({ tokenFormat: "opaque" });
  const server = await protectedServer(own, { failedAttempts: { attempts: 1, windowSeconds: 60 } });
  const tokens = await Promise.all(
    Array.from({ length: 20 }, async () => (await own.mint({ resource: server.url })).access_token),
  );
  const statuses = await Promise.all(tokens.map(async (token) => (await server.call(token)).status));
  expect(statuses).toEqual(tokens.map(() => 200));
});

describe("strangers who share a verified caller's address do not keep the caller out:", () => {
  const kinds: [string, (from: ClerkLocal, resource: string) => Promise<string>][] = [
    ["a JWT", async (from, resource) => (await from.mint({ resource })).access_token],
    [
      "an opaque token",
      async (from, resource) => (await from.mint({ resource, format: "opaque" })).access_token,
    ],
    ["an API key", async (from) => from.apiKeys.create({ subject: "ada" }).secret],
  ];

  it.each(kinds)(
    "%s that was accepted before is served while the address has no attempts left",
    async (_, create) => {
      const own = await localClerk();
      const options = { failedAttempts: LIMIT, accepts: ["oauth_token", "api_key"] } as const;
      const server = await protectedServer(own, options);
      const known = await create(own, server.url);
      expect((await server.call(known)).status).toBe(200);
      for (let call = 0; call < 5; call += 1) await server.call(GARBAGE);
      expect((await server.call(GARBAGE)).status).toBe(429);
      expect((await server.call(await create(own, server.url))).status).toBe(429);
      expect((await server.call(known)).status).toBe(200);
    },
  );

  it("a credential that Clerk has taken back is a failed attempt, and then like any other", async () => {
    const own = await localClerk({ tokenFormat: "opaque" });
    const server = await protectedServer(own, {
      failedAttempts: { attempts: 1, windowSeconds: 60 },
      opaqueTokenTtl: 0,
    });
    const known = (await own.mint({ resource: server.url })).access_token;
    expect((await server.call(known)).status).toBe(200);
    await own.revoke(known);
    expect((await server.call(known)).status).toBe(401);
    expect((await server.call(known)).status).toBe(429);
  });
});

describe("parallel attempts are limited, whatever is guessed:", () => {
  it.each([
    ["opaque tokens", (index: number) => `oat_${String(index).padStart(32, "a")}`],
    ["API keys", (index: number) => `ak_${String(index).padStart(32, "a")}`],
    ["machine tokens", (index: number) => `mt_${String(index).padStart(32, "a")}`],
    ["JWTs", (index: number) => `e30.${String(index).padStart(8, "a")}.e30`],
    ["text", (index: number) => `guess-${index}`],
    [
      "all of them, from one network under many addresses",
      (index: number) => `oat_${index}${"b".repeat(20)}`,
    ],
  ])("%s", async (what, guess) => {
    const own = await localClerk();
    const server = await protectedServer(own, {
      failedAttempts: { ...LIMIT, trustedProxies: 1 },
      accepts: ["oauth_token", "api_key", "m2m_token"],
    });
    const address = (index: number) =>
      what.includes("network") ? `[2001:db8::${index}]:${index + 1}` : "192.0.2.1";
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => server.fetch("/mcp", guess(index), from(address(index)))),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(LIMIT.attempts);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30 - LIMIT.attempts);
    expect(own.requests().length).toBeLessThanOrEqual(LIMIT.attempts);
  });
});

it.each([
  ["another port", ["203.0.113.9:50001", "203.0.113.9:50002", "203.0.113.9"]],
  ["a mapped address", ["203.0.113.9", "::ffff:203.0.113.9", "[::FFFF:cb00:7109]:443"]],
  ["another spelling", ["2001:db8::1", "2001:0DB8:0:0::1", "[2001:db8::1]:443"]],
  ["another host of the same network", ["2001:db8:0:7::1", "2001:db8:0:7::2", "2001:db8:0:7:ffff::"]],
  ["a zone", ["fe80::1", "fe80::1%eth0", "fe80::2", "[fe80::1%25eth0]:443"]],
  ["capitals", ["2001:DB8:A::B", "2001:db8:a::b", "[2001:dB8:A::b]:1"]],
  [
    "IPv4 at its end",
    ["::ffff:203.0.113.9", "::FFFF:203.0.113.9", "203.0.113.9", "0:0:0:0:0:ffff:203.0.113.9"],
  ],
  ["blanks", [" 203.0.113.9", "203.0.113.9 ", "\t203.0.113.9:7\t"]],
  ["brackets", ["[2001:db8::1]", "2001:db8::1", "[2001:db8::1]:65535"]],
  ["quotes", ['"203.0.113.9"', "203.0.113.9", ' "203.0.113.9:1"']],
])("%s does not make a second address", (_, addresses) => {
  const known = new Set(
    addresses.map((forwardedFor) => clientAddress({ remoteAddress: undefined, forwardedFor }, 1)),
  );
  expect([...known]).toEqual([expect.any(String)]);
});

it.each([
  ["203.0.113.9", "203.0.113.10"],
  ["2001:db8:0:7::1", "2001:db8:0:8::1"],
  ["::1", "::ffff:127.0.0.1"],
  ["::ffff:203.0.113.9", "::ffff:203.0.113.10"],
  ["fe80:0:0:1::1", "fe80::1"],
])("%s and %s are two addresses", (one, other) => {
  const address = (remoteAddress: string) => clientAddress({ remoteAddress, forwardedFor: undefined });
  expect(address(one)).not.toBe(address(other));
});

it.each(["", "unknown", "_hidden", "999.1.1.1", "1.2.3", "::g", "a, b"])(
  "%j in the header is no address, and the connection's counts",
  (forwardedFor) => {
    expect(clientAddress({ remoteAddress: "192.0.2.1", forwardedFor }, 1)).toBe("192.0.2.1");
  },
);

it.each(["VERCEL", "AWS_LAMBDA_FUNCTION_NAME"])("%s: a limit without a trusted proxy is refused", (name) => {
  const read = (failedAttempts: object) => () =>
    readSettings(
      { ...optionsFor(clerk), baseURL: "http://127.0.0.1", failedAttempts: { ...LIMIT, ...failedAttempts } },
      { [name]: "1" },
    );
  expect(read({})).toThrow(/failedAttempts → trustedProxies/);
  expect(read({ trustedProxies: 1 })).not.toThrow();
});

it.each([
  [{ attempts: 0, windowSeconds: 60 }],
  [{ attempts: 5, windowSeconds: 0.5 }],
  [{ attempts: 5, windowSeconds: 60, trustedProxies: -1 }],
])("%j is an invalid limit", async (failedAttempts) => {
  await expect(protectedServer(clerk, { failedAttempts })).rejects.toThrow(
    /Invalid config:[\s\S]*failedAttempts/,
  );
});
