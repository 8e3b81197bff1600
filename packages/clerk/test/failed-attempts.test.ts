import { expect, it } from "vitest";
import { errorOf } from "./http-answer.js";
import { localClerk, protectedServer } from "./protected-server.js";

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

it.each([
  [{ attempts: 0, windowSeconds: 60 }],
  [{ attempts: 5, windowSeconds: 0.5 }],
  [{ attempts: 5, windowSeconds: 60, trustedProxies: -1 }],
])("%j is an invalid limit", async (failedAttempts) => {
  await expect(protectedServer(clerk, { failedAttempts })).rejects.toThrow(
    /Invalid config:[\s\S]*failedAttempts/,
  );
});
