/** What strangers send never changes the answer to a verified caller. */
import { type ClerkProviderOptions, getSession, getUser } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import { CachedAnswers } from "../src/clerk/cached-answer.js";
import { declareTools } from "./guarded-tools.js";
import { localClerk, type ProtectedServer, protectedServer } from "./protected-server.js";

declareTools("wipe", "pro");

const VERIFY = "/oauth_applications/access_tokens/verify";
const RULES = { tools: { wipe: { role: "org:admin" }, pro: { metadata: { plan: "pro" } } } } as const;

const invented = (index: number): string => `oat_${String(index).padStart(32, "x")}`;

async function fresh(options: ClerkProviderOptions = {}) {
  const clerk = await localClerk();
  const server = await protectedServer(clerk, { access: RULES, ...options }, async () => ({
    userId: getSession().userId,
    email: (await getUser()).id,
  }));
  const jwt = async (user = "ada") =>
    (await clerk.mint({ resource: server.url, user, organization: "acme" })).access_token;
  return { clerk, server, jwt };
}

/** Invented opaque tokens, about which Clerk is asked and refuses to answer for a minute. */
async function flood(server: ProtectedServer, count = 30): Promise<number[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => (await server.call(invented(index))).status),
  );
}

describe("while invented tokens make Clerk limit the rate of verifications", () => {
  const FAULT = { path: VERIFY, status: 429, retryAfterSeconds: 60 };

  it("roles, metadata and users are still looked up", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { clerk, server, jwt } = await fresh();
    const token = await jwt();
    clerk.faults(FAULT);
    expect(new Set(await flood(server))).toEqual(new Set([503]));
    expect((await server.call(token, "wipe")).status).toBe(200);
    expect((await server.call(token, "pro")).status).toBe(200);
    expect(await (await server.call(token)).json()).toMatchObject({ email: clerk.users.get("ada").id });
  });

  it("the signing keys are still fetched for the first JWT", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { clerk, server, jwt } = await fresh();
    clerk.faults(FAULT);
    await flood(server);
    expect((await server.call(await jwt("bob"))).status).toBe(200);
  });

  it("no call is made for them if only JWTs are accepted", async () => {
    const { clerk, server, jwt } = await fresh({ tokenFormat: "jwt" });
    expect(new Set(await flood(server))).toEqual(new Set([401]));
    expect(clerk.requests().filter(({ path }) => path === VERIFY)).toEqual([]);
    expect((await server.call(await jwt())).status).toBe(200);
  });
});

describe("while look-ups about callers fail", () => {
  it("tokens are still verified", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { clerk, server, jwt } = await fresh();
    const token = await jwt();
    clerk.faults({ path: "/v1/users/*", status: 500 });
    for (let call = 0; call < 12; call += 1) expect((await server.call(token, "wipe")).status).toBe(503);
    expect((await server.call(invented(1))).status).toBe(401);
  });
});

it("refused answers never push out a confirmed one", async () => {
  const policy = { refreshAfterMs: 60_000, waitAfterMs: 60_000, keepForMs: 60_000, failureCooldownMs: 1_000 };
  const answers = new CachedAnswers<boolean>(policy, undefined, (answer) => answer);
  const load = vi.fn(async () => true);
  await answers.get("good", load);
  for (let index = 0; index < 25_000; index += 1) await answers.get(`bad ${index}`, async () => false);
  expect(await answers.get("good", load)).toBe(true);
  expect(load).toHaveBeenCalledTimes(1);
});

it("an answer that is no longer confirmed makes room like any other", async () => {
  const policy = { refreshAfterMs: 0, waitAfterMs: 0, keepForMs: 60_000, failureCooldownMs: 0 };
  const answers = new CachedAnswers<boolean>(policy, undefined, (answer) => answer);
  await answers.get("key", async () => true);
  expect(answers.has("key")).toBe(true);
  await answers.get("key", async () => false);
  expect(answers.has("key")).toBe(false);
});
