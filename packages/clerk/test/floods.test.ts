/**
 * Each class of calls to Clerk is flooded and made to fail; the others answer as before. What an anonymous caller sends
 * changes no answer to a verified one.
 */
import type { ClerkProviderOptions } from "@xmcp-dev/clerk";
import type { FaultRule } from "@xmcp-dev/clerk-local";
import { describe, expect, it, vi } from "vitest";
import { createAuthenticator, type Decision } from "../src/authenticator.js";
import type { ClerkBackend } from "../src/clerk/backend.js";
import type { ClerkFrontend } from "../src/clerk/frontend.js";
import { ClerkFailure } from "../src/errors/clerk-failure.js";
import { readSettings } from "../src/options/settings.js";
import { credentialVerifier } from "../src/verification/verifier.js";
import { authRequest } from "./auth-request.js";
import { declareTools } from "./guarded-tools.js";
import { localClerk, optionsFor } from "./protected-server.js";

declareTools("greet", "wipe", "pro");

const THIS = "mch_thisserver";
const ALL = ["oauth_token", "api_key", "m2m_token"] as const;
const RULES = { tools: { wipe: { role: "org:admin" }, pro: { metadata: { plan: "pro" } } } } as const;

/** A new process, as far as its memory goes. */
async function fresh(options: ClerkProviderOptions = {}) {
  const clerk = await localClerk();
  clerk.machines.create({ id: THIS });
  const machine = clerk.machines.create({ scopedMachines: [THIS] });
  const baseURL = "http://127.0.0.1";
  const settings = readSettings(
    {
      ...optionsFor(clerk),
      baseURL,
      onEvent: false,
      accepts: ALL,
      machineId: THIS,
      access: RULES,
      ...options,
    },
    {},
  );
  const { decide } = createAuthenticator(settings);
  const resource = settings.resource;
  return {
    clerk,
    call: (token: string, tool = "greet") => decide(request(token, tool)),
    newUser: () => {
      const { id } = clerk.users.create({ publicMetadata: { plan: "pro" } });
      clerk.organizations.addMember("acme", id, "org:admin");
      return id;
    },
    jwt: async (user: string) => (await clerk.mint({ resource, user, organization: "acme" })).access_token,
    opaque: async (user: string, organization?: string) =>
      (await clerk.mint({ resource, user, format: "opaque", ...(organization && { organization }) }))
        .access_token,
    apiKey: (subject: string) => clerk.apiKeys.create({ subject }).secret,
    machineJwt: async () => (await clerk.machines.token(machine.id, { format: "jwt" })).token,
    unknownKey: async (kid: string) =>
      (await clerk.mint({ kind: "unknown-kid", resource, header: { kid } })).access_token,
  };
}
type Process = Awaited<ReturnType<typeof fresh>>;

function request(token: string, name: string) {
  return authRequest([`Bearer ${token}`], { method: "tools/call", params: { name } });
}

const statusOf = (decision: Decision): number =>
  decision.outcome === "answered" ? decision.response.status : 200;

const called = async (of: Process, token: string, tool?: string) => statusOf(await of.call(token, tool));

/** What a tool that asks Clerk gets. */
async function asked(of: Process, token: string): Promise<number> {
  const decision = await of.call(token);
  if (decision.outcome !== "authenticated") return statusOf(decision);
  return decision.context.client.organizations.getOrganization({ slug: "acme" }).then(
    () => 200,
    () => 503,
  );
}

const invented = (prefix: string, index: number) => `${prefix}_${String(index).padStart(32, "x")}`;

interface Flood {
  /** What fails at Clerk meanwhile. */
  readonly path: FaultRule["path"];
  /** One request of the flood. */
  readonly send: (of: Process, index: number) => Promise<unknown>;
}

const LOOKUPS = "look-ups about verified callers";

const FLOODS: Readonly<Record<string, Flood>> = {
  "what strangers invent": {
    path: /\/verify$/,
    async send(of, index) {
      for (const prefix of ["oat", "ak", "mt"]) await of.call(invented(prefix, index));
      await of.call(`e30.${index}.e30`);
    },
  },
  [LOOKUPS]: {
    path: /^\/v1\/(users|machines)\//,
    async send(of) {
      const token = await of.jwt(of.newUser());
      await Promise.all([of.call(token, "wipe"), of.call(token, "pro")]);
    },
  },
  "calls of tools": {
    path: "/v1/organizations/*",
    send: async (of) => asked(of, await of.jwt("bob")),
  },
  "signing keys": {
    path: "/.well-known/jwks.json",
    send: async (of, index) => of.call(await of.unknownKey(`ins_${index}`)),
  },
  userinfo: {
    path: "/oauth/userinfo",
    send: async (of) => of.call(await of.opaque(of.newUser(), "acme")),
  },
};

/** What a verified caller does for the first time. */
const PROBES: Readonly<Record<string, (of: Process) => Promise<number>>> = {
  "opaque token": async (of) => called(of, await of.opaque("bob")),
  "API key": (of) => called(of, of.apiKey("bob")),
  JWT: async (of) => called(of, await of.jwt("bob")),
  role: async (of) => called(of, await of.jwt(of.newUser()), "wipe"),
  metadata: async (of) => called(of, await of.jwt(of.newUser()), "pro"),
  tool: async (of) => asked(of, await of.jwt("bob")),
  organization: async (of) => called(of, await of.opaque("bob", "acme")),
  "new key": async (of) => {
    await of.clerk.rotateKeys({ keepOld: true });
    return called(of, await of.jwt("bob"));
  },
};

/** `no`: it needs the very answer that Clerk does not give, so 503. Written by hand. */
const EXPECTED = `
                                    opaque token  API key  JWT  role  metadata  tool  organization  new key
  what strangers invent             no            no       ok   ok    ok        ok    no            ok
  look-ups about verified callers   ok            ok       ok   no    no        ok    ok            ok
  calls of tools                    ok            ok       ok   ok    ok        no    ok            ok
  signing keys                      ok            ok       ok   ok    ok        ok    ok            no
  userinfo                          ok            ok       ok   ok    ok        ok    no            ok
`;

function expected(flood: string): Record<string, number> {
  const [head = "", ...rows] = EXPECTED.trim().split("\n");
  const row = rows.map((line) => line.trim().split(/ {2,}/)).find(([name]) => name === flood) ?? [];
  const probes = head.trim().split(/ {2,}/);
  return Object.fromEntries(probes.map((probe, index) => [probe, row[index + 1] === "ok" ? 200 : 503]));
}

/** Callers that are known: every answer about them is in memory. */
async function knownCallers(of: Process): Promise<readonly (() => Promise<number>)[]> {
  const ada = of.newUser();
  const [jwt, opaque, key, machine] = [
    await of.jwt(ada),
    await of.opaque(ada, "acme"),
    of.apiKey(ada),
    await of.machineJwt(),
  ];
  const calls = [
    () => called(of, jwt, "wipe"),
    () => called(of, jwt, "pro"),
    () => called(of, opaque, "wipe"),
    () => called(of, key, "pro"),
    () => called(of, machine),
  ];
  for (const call of calls) expect(await call()).toBe(200);
  return calls;
}

const FAILURES: [string, Omit<FaultRule, "path">][] = [
  ["answers 429 and asks for a minute", { status: 429, retryAfterSeconds: 60 }],
  ["answers 500", { status: 500 }],
  ["resets connections", { drop: true }],
];

describe.each(Object.entries(FLOODS))("while %s are flooded", (flood, { path, send }) => {
  it.concurrent.each(FAILURES)("and Clerk %s, everything else answers as before", async (_, fault) => {
    const of = await fresh();
    const known = await knownCallers(of);
    of.clerk.faults({ path, ...fault });
    await Promise.all(Array.from({ length: 20 }, (_, index) => send(of, index)));

    of.clerk.requests({ reset: true });
    for (const call of known) expect(await call()).toBe(200);
    expect(of.clerk.requests(), "what was confirmed is in memory").toEqual([]);

    const answers: Record<string, number> = {};
    for (const [name, probe] of Object.entries(PROBES)) answers[name] = await probe(of);
    expect(answers).toEqual(expected(flood));
  });

  it.concurrent("and Clerk hangs, everything else answers as before, and at once", async () => {
    const of = await fresh();
    const known = await knownCallers(of);
    of.clerk.faults({ path, hang: true });
    void Array.from({ length: 20 }, (_, index) => send(of, index).catch(() => {}));
    await expect.poll(() => of.clerk.requests().some((one) => matches(path, one.path))).toBe(true);

    const started = performance.now();
    for (const call of known) expect(await call()).toBe(200);
    const unaffected = Object.entries(expected(flood)).filter(([, status]) => status === 200);
    const answers = await Promise.all(unaffected.map(async ([name]) => [name, await PROBES[name]?.(of)]));
    expect(answers).toEqual(unaffected);
    // Whoever has an organization waits for the look-up of the role, also where no rule needs it.
    if (flood !== LOOKUPS) expect(performance.now() - started).toBeLessThan(4_000);
  });
});

const verifications = (of: Process) => of.clerk.requests().filter(({ path }) => path.endsWith("/verify"));

function matches(rule: FaultRule["path"], path: string): boolean {
  return rule instanceof RegExp ? rule.test(path) : path.startsWith(rule.replace("*", ""));
}

describe("a credential that Clerk accepted before is asked about again, although", () => {
  const RENEWED = [
    ["each request is verified", 0],
    ["its answer is a minute old", 60],
  ] as const;

  function minuteLater(): void {
    for (const one of [Date, performance]) {
      const now = one.now.bind(one);
      vi.spyOn(one, "now").mockImplementation(() => now() + 61_000);
    }
  }

  it.each(RENEWED)("strangers have made Clerk ask for a pause (%s)", async (_, opaqueTokenTtl) => {
    const of = await fresh({ opaqueTokenTtl });
    const [token, key] = [await of.opaque("ada"), of.apiKey("ada")];
    for (const known of [token, key]) expect(await called(of, known)).toBe(200);
    if (opaqueTokenTtl > 0) minuteLater();
    of.clerk.faults({ path: /\/verify$/, status: 429, retryAfterSeconds: 60, times: 1 });
    expect(await called(of, invented("oat", 1))).toBe(503);
    expect(await called(of, invented("ak", 1)), "the pause is for strangers").toBe(503);
    of.clerk.requests({ reset: true });
    for (const known of [token, key]) expect(await called(of, known)).toBe(200);
    expect(verifications(of).map(({ status }) => status)).toEqual([200, 200]);
  });

  it("strangers take up all calls that may run at once, and all that may wait", async () => {
    const of = await fresh({ opaqueTokenTtl: 0 });
    const token = await of.opaque("ada");
    expect(await called(of, token)).toBe(200);
    of.clerk.faults({ path: /\/verify$/, hang: true, times: 100 });
    const flood = Array.from({ length: 1_200 }, (_, index) => called(of, invented("oat", index)));
    await expect.poll(() => verifications(of).length, { timeout: 4_000 }).toBeGreaterThan(100);
    expect(await Promise.race(flood)).toBe(503);
    expect(await called(of, token)).toBe(200);
  });
});

describe("what was refused never pushes out what was confirmed:", () => {
  const KINDS: [prefix: string, subject: string][] = [
    ["oat", "user_1"],
    ["ak", "user_1"],
    ["mt", "mch_1"],
  ];
  const tomorrow = Date.now() + 86_400_000;

  /** Clerk, as an object in memory: 12,000 calls over HTTP would take long. */
  function clerkInMemory(subject: string) {
    let accepts = true;
    const call = vi.fn(async (): Promise<never> => {
      if (!accepts) throw new ClerkFailure("rejected", undefined, { status: 404 });
      const answer = { id: "id_1", subject, clientId: "client_1", scopes: [THIS], revoked: false };
      return { ...answer, expiration: tomorrow, createdAt: Date.now() } as never;
    });
    const backend: ClerkBackend = { call };
    const frontend: ClerkFrontend = { get: () => Promise.reject(new Error("not asked")) };
    return { backend, frontend, call, refuse: () => (accepts = false) };
  }

  it.each(KINDS)("12,000 invented %s_…", async (prefix, subject) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const { backend, frontend, call, refuse } = clerkInMemory(subject);
    const options = { secretKey: "sk_test_1234567890", clerkDomain: "http://127.0.0.1:1", accepts: ALL };
    const settings = readSettings(
      { ...options, baseURL: "http://127.0.0.1", machineId: THIS, audience: "when-present" },
      {},
    );
    const verify = credentialVerifier(settings, backend, frontend);
    const good = invented(prefix, 99_999_999);
    await verify(good);
    refuse();
    for (let index = 0; index < 12_000; index += 1) {
      await refused(verify(invented(prefix, index)));
    }
    call.mockClear();
    expect(await verify(good)).toMatchObject({ subject });
    expect(call).not.toHaveBeenCalled();
  });

  async function refused(verifying: unknown): Promise<void> {
    let isRefused = false;
    await Promise.resolve(verifying).catch(() => {
      isRefused = true;
    });
    if (!isRefused) throw new Error("an invented credential was accepted");
  }
});
