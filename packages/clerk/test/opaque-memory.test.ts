import { type ClerkProviderOptions, getSession } from "@xmcp-dev/clerk";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { afterEach, describe, expect, it, vi } from "vitest";
import { localClerk, protectedServer } from "./protected-server.js";

const VERIFY = "/oauth_applications/access_tokens/verify";

async function fresh(options: ClerkProviderOptions = {}) {
  const clerk = await localClerk({ tokenFormat: "opaque" });
  const server = await protectedServer(clerk, options, () => getSession());
  const mint = async (change = {}) => (await clerk.mint({ resource: server.url, ...change })).access_token;
  return { clerk, server, mint };
}

const asked = (clerk: ClerkLocal): number => clerk.requests().filter(({ path }) => path === VERIFY).length;

/** Moves the clock of this process, which the server shares. Timers and sockets are not affected. */
function timePasses(milliseconds: number): void {
  const now = Date.now() + milliseconds;
  const monotonic = performance.now() + milliseconds;
  const start = process.hrtime.bigint();
  const since = () => Number(process.hrtime.bigint() - start) / 1e6;
  vi.spyOn(Date, "now").mockImplementation(() => now + since());
  vi.spyOn(performance, "now").mockImplementation(() => monotonic + since());
}

afterEach(() => vi.restoreAllMocks());

describe("Clerk is asked once about an opaque token", () => {
  it("however many requests carry it at once", async () => {
    const { clerk, server, mint } = await fresh();
    const token = await mint();
    const answers = await Promise.all(Array.from({ length: 200 }, () => server.call(token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked(clerk)).toBe(1);
  });

  it("and again when the cached answer expires", async () => {
    const { clerk, server, mint } = await fresh({ opaqueTokenTtl: 60 });
    const token = await mint();
    await server.call(token);
    timePasses(59_000);
    await server.call(token);
    expect(asked(clerk)).toBe(1);
    timePasses(2_000);
    expect((await server.call(token)).status).toBe(200);
    expect(asked(clerk)).toBe(2);
  });

  it("also if it refused the token", async () => {
    const { clerk, server } = await fresh();
    const unknown = `oat_${"0".repeat(32)}`;
    for (let call = 0; call < 5; call += 1) expect((await server.call(unknown)).status).toBe(401);
    expect(asked(clerk)).toBe(1);
  });

  it("but at every request if the option says so", async () => {
    const { clerk, server, mint } = await fresh({ opaqueTokenTtl: 0 });
    const token = await mint();
    await server.call(token);
    await server.call(token);
    expect(asked(clerk)).toBe(2);
  });
});

it("a revoked opaque token works no longer than the option says", async () => {
  const { clerk, server, mint } = await fresh({ opaqueTokenTtl: 30 });
  const token = await mint();
  await server.call(token);
  await clerk.revoke(token);
  expect((await server.call(token)).status).toBe(200);
  timePasses(30_001);
  expect((await server.call(token)).status).toBe(401);
});

it("a cached token is refused from the moment it expires", async () => {
  const { server, mint } = await fresh();
  const token = await mint({ expiresIn: 20 });
  expect((await server.call(token)).status).toBe(200);
  timePasses(21_000);
  expect((await server.call(token)).status).toBe(401);
});

describe("while Clerk is unreachable", () => {
  it("a confirmed opaque token keeps working through the grace period, and then gets 503", async () => {
    const { clerk, server, mint } = await fresh({ opaqueTokenTtl: 60 });
    const token = await mint();
    await server.call(token);
    clerk.faults({ path: "/*", drop: true });
    timePasses(9 * 60_000);
    expect((await server.call(token)).status).toBe(200);
    timePasses(3 * 60_000);
    expect((await server.call(token)).status).toBe(503);
  });

  it("an unknown opaque token gets 503 within milliseconds once the outage is known", async () => {
    const { clerk, server } = await fresh();
    const { tokens } = await clerk.mint({ resource: server.url, count: 60 });
    clerk.faults({ path: "/*", drop: true });
    for (const token of tokens.slice(0, 3)) expect((await server.call(token)).status).toBe(503);
    const before = asked(clerk);
    const answers = await Promise.all(tokens.slice(3).map((token) => server.call(token)));
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    }
    expect(asked(clerk) - before).toBeLessThanOrEqual(2);
  });

  it("and is accepted within seconds of Clerk's return", async () => {
    const { clerk, server, mint } = await fresh();
    const token = await mint();
    clerk.faults({ path: "/*", status: 500 });
    for (let call = 0; call < 4; call += 1) expect((await server.call(token)).status).toBe(503);
    clerk.faults();
    await expect.poll(async () => (await server.call(token)).status, { timeout: 6_000 }).toBe(200);
  });

  it("the Retry-After of a 429 is respected: nothing is asked before", async () => {
    const { clerk, server } = await fresh();
    const { tokens } = await clerk.mint({ resource: server.url, count: 20 });
    clerk.faults({ path: VERIFY, status: 429, retryAfterSeconds: 30 });
    expect((await server.call(tokens[0])).headers.get("retry-after")).toBe("30");
    for (const token of tokens) expect((await server.call(token)).status).toBe(503);
    expect(asked(clerk)).toBe(1);
  });
});
