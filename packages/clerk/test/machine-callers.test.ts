import { type ClerkProviderOptions, getSession, getUser } from "@xmcp-dev/clerk";
import { type ClerkLocal, type ClerkLocalOptions, tokenKinds } from "@xmcp-dev/clerk-local";
import { describe, expect, it, vi } from "vitest";
import { declareTools } from "./guarded-tools.js";
import { challengeOf } from "./http-answer.js";
import { localClerk, type ProtectedServer, protectedServer } from "./protected-server.js";

declareTools("greet");

const ALL = ["oauth_token", "api_key", "m2m_token"] as const;
const clerk = await clerkWithThisServer();
const server = await protectedServer(clerk, { accepts: ALL, machineId: "mch_thisserver" }, () => ({
  ...getSession(),
}));

/** A local Clerk that knows this server as a machine. */
async function clerkWithThisServer(options: ClerkLocalOptions = {}): Promise<ClerkLocal> {
  const from = await localClerk(options);
  from.machines.create({ id: "mch_thisserver" });
  return from;
}

/** One valid credential of each kind. */
async function credentials(from: ClerkLocal = clerk) {
  const scopes = ["mch_thisserver"];
  const machine = from.machines.create({ scopedMachines: scopes });
  return {
    userKey: from.apiKeys.create({ subject: "ada", scopes: ["documents:read"] }).secret,
    organizationKey: from.apiKeys.create({ subject: "acme" }).secret,
    machineToken: (await from.machines.token(machine.id, { format: "opaque", scopes })).token,
    machineJwt: (await from.machines.token(machine.id, { format: "jwt", scopes })).token,
    machineId: machine.id,
  };
}
const KINDS = ["userKey", "organizationKey", "machineToken", "machineJwt"] as const;

/** A separate local Clerk and server, for tests that change them. */
async function own(
  options: ClerkProviderOptions = {},
  tool: Parameters<typeof protectedServer>[2] = undefined,
): Promise<{ clerk: ClerkLocal; server: ProtectedServer }> {
  const from = await clerkWithThisServer();
  return {
    clerk: from,
    server: await protectedServer(from, { accepts: ALL, machineId: "mch_thisserver", ...options }, tool),
  };
}

/** The Backend API's answer about a valid API key or machine token. */
const describing = (subject: string) => ({
  object: "api_key",
  id: "ak_1234567890",
  type: "api_key",
  name: "of a test",
  subject,
  scopes: ["mch_thisserver"],
  claims: null,
  revoked: false,
  revocation_reason: null,
  expired: false,
  expiration: null,
  created_by: null,
  description: null,
  last_used_at: null,
  created_at: Date.now() - 60_000,
  updated_at: Date.now() - 60_000,
});

/** A new random credential, without its prefix. */
const randomId = () => crypto.randomUUID().replaceAll("-", "");

const verifications = (from: ClerkLocal) =>
  from.requests().filter(({ path }) => /\/verify$/.test(path)).length;

describe("by default", () => {
  it.each(KINDS)("%s is refused, and Clerk is not asked", async (kind) => {
    const closed = await own({ accepts: undefined });
    const response = await closed.server.call((await credentials(closed.clerk))[kind]);
    expect(response.status).toBe(401);
    expect(challengeOf(response)?.parameters.error).toBe("invalid_token");
    expect(closed.server.events).toMatchObject([{ type: "deny", reason: "token_kind" }]);
    expect(verifications(closed.clerk)).toBe(0);
  });

  it("each kind must be enabled by name", async () => {
    const keysOnly = await own({ accepts: ["api_key"] });
    const { userKey, machineToken, machineJwt } = await credentials(keysOnly.clerk);
    const { access_token } = await keysOnly.clerk.mint({ resource: keysOnly.server.url });
    const statuses = [];
    for (const token of [userKey, machineToken, machineJwt, access_token])
      statuses.push((await keysOnly.server.call(token)).status);
    expect(statuses).toEqual([200, 401, 401, 401]);
  });
});

describe("a session names the kind of caller", () => {
  it("a user's API key", async () => {
    const { userKey } = await credentials();
    const ada = clerk.users.get("ada").id;
    expect(await (await server.call(userKey)).json()).toMatchObject({
      caller: "api_key",
      subject: ada,
      userId: ada,
      scopes: ["documents:read"],
      clientId: expect.stringMatching(/^ak_/),
      expiresAt: "9999-12-31T23:59:59.000Z",
    });
  });

  it("an API key with an expiration: the session expires with it", async () => {
    const { secret } = clerk.apiKeys.create({ subject: "ada", expiresIn: 600 });
    const session = (await (await server.call(secret)).json()) as { issuedAt: string; expiresAt: string };
    expect(Date.parse(session.expiresAt) - Date.parse(session.issuedAt)).toBe(600_000);
  });

  it("an API key: its secret is not among the claims, even if Clerk returns it", async () => {
    const { clerk: from, server: behind } = await own({}, () => getSession().claims);
    const { secret } = from.apiKeys.create({ subject: "ada" });
    const description = { ...describing(from.users.get("ada").id), secret };
    from.faults({ path: "/api_keys/verify", body: JSON.stringify(description) });
    const response = await behind.call(secret);
    const claims = await response.text();
    expect([response.status, JSON.parse(claims).subject]).toEqual([200, description.subject]);
    expect(claims).not.toContain(secret);
  });

  it("an organization's API key, which is not a user", async () => {
    const { organizationKey } = await credentials();
    const acme = clerk.organizations.get("acme").id;
    const session = await (await server.call(organizationKey)).json();
    expect(session).toMatchObject({ caller: "api_key", subject: acme, organizationId: acme });
    expect(session).not.toHaveProperty("userId");
    expect(session).not.toHaveProperty("organizationRole");
  });

  it.each(["machineToken", "machineJwt"] as const)("a machine (%s)", async (kind) => {
    const all = await credentials();
    const session = await (await server.call(all[kind])).json();
    expect(session).toMatchObject({
      caller: "machine",
      subject: all.machineId,
      clientId: all.machineId,
      tokenId: expect.stringMatching(/^mt_/),
      scopes: ["mch_thisserver"],
    });
    expect(session).not.toHaveProperty("userId");
    expect(session).not.toHaveProperty("organizationId");
  });

  it.each(KINDS)("and never contains the credential (%s)", async (kind) => {
    const credential = (await credentials())[kind];
    expect(await (await server.call(credential)).text()).not.toContain(credential);
  });
});

describe("a caller that is not a user", () => {
  const tools = { "getSession().userId": () => getSession().userId, "getUser()": () => getUser() };
  it.each(
    (["organizationKey", "machineToken", "machineJwt"] as const).flatMap((kind) =>
      Object.entries(tools).map(([name, tool]) => ({ kind, name, tool })),
    ),
  )("gets a message for people from $name ($kind)", async ({ kind, tool }) => {
    const { clerk: from, server: behind } = await own({}, tool);
    const response = await behind.call((await credentials(from))[kind]);
    expect(await response.json()).toEqual({
      name: "AccessDenied",
      message: expect.stringMatching(/^This is for signed-in users/),
    });
  });

  it("but a user's API key gets the user", async () => {
    const { clerk: from, server: behind } = await own({}, async () => ({ id: (await getUser()).id }));
    const response = await behind.call((await credentials(from)).userKey);
    expect(await response.json()).toEqual({ id: from.users.get("ada").id });
  });
});

describe("a caller is refused with", () => {
  it.each(["404", "flag"])("a revoked credential, once its cache entry expires (%s)", async (answer) => {
    const from = await clerkWithThisServer({ revokedAnswer: answer === "flag" ? "flag" : "not-found" });
    const { call } = await protectedServer(from, { accepts: ALL, opaqueTokenTtl: 0 });
    const { userKey, organizationKey, machineToken } = await credentials(from);
    for (const credential of [userKey, organizationKey, machineToken]) {
      expect((await call(credential)).status).toBe(200);
      await from.revoke(credential);
      expect((await call(credential)).status).toBe(401);
    }
  });

  it.each(["404", "flag"])("an expired credential (%s)", async (answer) => {
    const from = await clerkWithThisServer({ revokedAnswer: answer === "flag" ? "flag" : "not-found" });
    const { call } = await protectedServer(from, { accepts: ALL });
    const machine = from.machines.create();
    const expired = [
      from.apiKeys.create({ subject: "ada", expiresIn: -10 }).secret,
      (await from.machines.token(machine.id, { format: "opaque", expiresIn: -10 })).token,
      (await from.machines.token(machine.id, { format: "jwt", expiresIn: -10 })).token,
    ];
    for (const credential of expired) expect((await call(credential)).status).toBe(401);
  });

  describe("a credential whose description from Clerk", () => {
    const minuteAgo = Date.now() - 60_000;
    const changes: [string, object, string][] = [
      ["has an expiration in the past", { expired: false, expiration: minuteAgo }, "token_expired"],
      [
        "has an expiration in the past, in seconds",
        { expired: false, expiration: Math.floor(minuteAgo / 1_000) },
        "token_expired",
      ],
      ["has no expiration member", { expiration: undefined }, "claims_invalid"],
      ["has an expiration that is a string", { expiration: "never" }, "claims_invalid"],
      ["has a subject that is a list", { subject: ["mch_1234567890"] }, ""],
      ["has no subject", { subject: undefined }, ""],
      ["has a subject of another kind", { subject: "client_1234567890" }, ""],
      ["has an empty id", { id: "" }, "claims_invalid"],
      ["has scopes that are not strings", { scopes: [7] }, "claims_invalid"],
    ];
    const kinds = [
      ["userKey", "/api_keys/verify", "claims_invalid"],
      ["machineToken", "/m2m_tokens/verify", "token_kind"],
    ] as const;

    it.each(
      kinds.flatMap(([kind, path, wrongSubject]) =>
        changes.map(([how, change, reason]) => ({
          kind,
          path,
          how,
          change,
          reason: reason === "" ? wrongSubject : reason,
        })),
      ),
    )("$how ($kind)", async ({ kind, path, change, reason }) => {
      const description = describing(kind === "userKey" ? clerk.users.get("ada").id : "mch_1234567890");
      const credential = kind === "userKey" ? `ak_${randomId()}` : `mt_${randomId()}`;
      clerk.faults({ path, body: JSON.stringify(description) });
      expect((await server.call(credential)).status).toBe(200);
      clerk.faults({ path, body: JSON.stringify({ ...description, ...change }) });
      const response = await server.call(kind === "userKey" ? `ak_${randomId()}` : `mt_${randomId()}`);
      clerk.faults();
      expect(response.status).toBe(401);
      expect(server.events.at(-1)).toMatchObject({ type: "deny", reason });
    });
  });

  it("an invented credential, with one call to Clerk", async () => {
    const { clerk: from, server: behind } = await own();
    for (const invented of [`ak_${"a".repeat(32)}`, `mt_${"a".repeat(32)}`]) {
      for (let count = 0; count < 5; count += 1) expect((await behind.call(invented)).status).toBe(401);
    }
    expect(verifications(from)).toBe(2);
  });
});

describe("a machine's token for another machine", () => {
  it.each(["opaque", "jwt"] as const)("is refused (%s)", async (format) => {
    const machine = clerk.machines.create();
    const { token } = await clerk.machines.token(machine.id, { format, scopes: ["mch_another"] });
    expect((await server.call(token)).status).toBe(401);
    expect(server.events.at(-1)).toMatchObject({ reason: "audience_mismatch" });
  });

  it("passes, with one warning, if the server's own machine id is not set", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { clerk: from, server: behind } = await own({ machineId: undefined });
    const machine = from.machines.create();
    for (const format of ["opaque", "jwt"] as const) {
      const { token } = await from.machines.token(machine.id, { format, scopes: ["mch_another"] });
      expect((await behind.call(token)).status).toBe(200);
      expect(warned).toHaveBeenCalledTimes(1);
    }
    expect(warned.mock.calls.map(([line]) => String(line))).toEqual([
      expect.stringMatching(/^\[Clerk\] A machine's token was accepted without .*CLERK_MACHINE_ID/),
    ]);
  });
});

describe("other tokens of the instance are not accepted as a machine's, although one key signs them all", () => {
  it.each(tokenKinds.filter(({ valid, name }) => !valid && name !== "m2m-token"))(
    "$name is refused",
    async ({ name }) => {
      const { access_token } = await clerk.mint({ kind: name, resource: server.url });
      expect((await server.call(access_token)).status).toBe(401);
    },
  );
});

describe("Clerk's load and outages", () => {
  it.each(KINDS)("%s needs no look-up of a user or an organization", async (kind) => {
    const access = { tools: { greet: { organization: true } } } as const;
    const { clerk: from, server: behind } = await own({ access });
    const response = await behind.call((await credentials(from))[kind]);
    expect(response.status).toBe(kind === "organizationKey" ? 200 : 403);
    const asked = from.requests().map(({ path }) => path);
    expect(asked.filter((path) => path.includes("/users") || path.includes("membership"))).toEqual([]);
  });

  it.each([
    ["ak_", 256],
    ["mt_", 256],
    ["oat_", 128],
  ])("a token that only contains a credential %s… is refused without a call", async (prefix, longest) => {
    const { clerk: from, server: behind } = await own();
    const invented = prefix + "a".repeat(32);
    const malformed = [
      `x${invented}`,
      `${invented}=`,
      `${invented}.a`,
      `${invented}~`,
      `-${invented}`,
      `${prefix}${"a".repeat(15)}`,
      `${prefix}${"a".repeat(longest + 1)}`,
      prefix.toUpperCase() + "a".repeat(32),
    ];
    for (const token of malformed) expect((await behind.call(token)).status).toBe(401);
    expect(behind.events).toHaveLength(malformed.length);
    for (const event of behind.events) expect(event).toMatchObject({ reason: "token_malformed" });
    expect(from.requests()).toEqual([]);
    for (const length of [16, longest]) {
      expect((await behind.call(prefix + "b".repeat(length))).status).toBe(401);
      expect(behind.events.at(-1)).toMatchObject({ reason: "token_unknown" });
    }
  });

  it.each(["userKey", "machineToken"] as const)("%s needs one call, however many requests", async (kind) => {
    const { clerk: from, server: behind } = await own();
    const credential = (await credentials(from))[kind];
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async () => (await behind.call(credential)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(verifications(from)).toBe(1);
  });

  it("a machine's JWT needs no verification, but Clerk's word that the machine may call this server", async () => {
    const { clerk: from, server: behind } = await own();
    const { machineJwt, machineId } = await credentials(from);
    expect((await behind.call(machineJwt)).status).toBe(200);
    expect(from.requests().map(({ path }) => path)).toEqual([
      "/.well-known/jwks.json",
      `/v1/machines/${machineId}`,
    ]);
  });

  it("while Clerk is unreachable, confirmed credentials keep working, and others get 503", async () => {
    const { clerk: from, server: behind } = await own();
    const known = await credentials(from);
    const unknown = await credentials(from);
    for (const kind of KINDS) expect((await behind.call(known[kind])).status).toBe(200);
    from.faults({ path: "/*", drop: true });
    for (const kind of KINDS) expect((await behind.call(known[kind])).status).toBe(200);
    for (const kind of KINDS) {
      const response = await behind.call(unknown[kind]);
      expect([response.status, response.headers.has("retry-after")]).toEqual([503, true]);
    }
  });

  it("a wrong secret key is answered 500", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    const { clerk: from, server: behind } = await own({ secretKey: "sk_test_wrong" });
    expect((await behind.call((await credentials(from)).userKey)).status).toBe(500);
    expect(String(printed.mock.calls[0]?.[0])).toMatch(/does not accept the secret key/);
  });
});

it("requiredScopes apply to API keys, but not to machines, whose scopes are machine ids", async () => {
  const { clerk: from, server: behind } = await own({ requiredScopes: ["documents:read"] });
  const { userKey, organizationKey, machineToken } = await credentials(from);
  const statuses = [];
  for (const credential of [userKey, organizationKey, machineToken])
    statuses.push((await behind.call(credential)).status);
  expect(statuses).toEqual([200, 403, 200]);
});
