import { createClerkClient } from "@clerk/backend";
import type { ClerkLocal, ClerkLocalOptions } from "@xmcp-dev/clerk-local";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
import { claimsOf, headerOf } from "./support/oauth-client.js";
import { backend, control, json, standIn } from "./support/stand-in.js";

const sdk = (local: ClerkLocal) =>
  createClerkClient({ secretKey: local.secretKey, apiUrl: local.apiUrl, telemetry: { disabled: true } });

const post = (local: ClerkLocal, path: string, body: unknown) =>
  backend(local, path, { method: "POST", body: JSON.stringify(body) });

/** Ada's id in the default seed. */
const ADA = "user_local0000000000000000000ada";

const notFound = { status: 404, errors: [{ code: "resource_not_found" }] };

/** A machine that does not exist. */
const ELSEWHERE = `mch_${"e".repeat(27)}`;

describe("an API key", () => {
  it("made with the SDK is verified with the SDK", async () => {
    const local = await standIn();
    const { apiKeys } = sdk(local);
    const subject = local.users.get("ada").id;
    const created = await apiKeys.create({
      name: "Reporting",
      subject,
      description: "for the nightly report",
      scopes: ["documents:read"],
      claims: { team: "blue" },
      createdBy: subject,
      secondsUntilExpiration: 3600,
    });
    expect(created.secret).toMatch(/^ak_\w{32}$/);
    expect(created.id).not.toBe(created.secret);
    const verified = await apiKeys.verify(created.secret ?? "");
    expect(verified).toMatchObject({
      id: created.id,
      type: "api_key",
      name: "Reporting",
      description: "for the nightly report",
      subject,
      scopes: ["documents:read"],
      claims: { team: "blue" },
      createdBy: subject,
      revoked: false,
      revocationReason: null,
      expired: false,
      expiration: created.createdAt + 3_600_000,
    });
    expect(verified.secret).toBeUndefined();
    expect(verified.lastUsedAt).toBeGreaterThanOrEqual(created.createdAt);
    expect(await apiKeys.getSecret(created.id)).toEqual({ secret: created.secret });
  });

  it("made by the local Clerk is verified with the SDK, and does not expire by default", async () => {
    const local = await standIn();
    const { id, secret, subject } = local.apiKeys.create({ subject: "acme" });
    expect(subject).toBe(local.organizations.get("acme").id);
    expect(await sdk(local).apiKeys.verify(secret)).toMatchObject({
      id,
      subject,
      scopes: [],
      expiration: null,
    });
  });

  it("can be changed, revoked and deleted with the SDK", async () => {
    const local = await standIn();
    const { apiKeys } = sdk(local);
    const { id, secret, subject } = local.apiKeys.create({ subject: "ada", expiresIn: 60 });
    await apiKeys.update({
      apiKeyId: id,
      subject,
      scopes: ["a", "b"],
      claims: { x: 1 },
      secondsUntilExpiration: null,
    });
    expect(await apiKeys.get(id)).toMatchObject({ scopes: ["a", "b"], claims: { x: 1 }, expiration: null });
    const revoked = await apiKeys.revoke({ apiKeyId: id, revocationReason: "leaked" });
    expect(revoked).toMatchObject({ revoked: true, revocationReason: "leaked" });
    await expect(apiKeys.verify(secret)).rejects.toMatchObject(notFound);
    expect(await apiKeys.delete(id)).toMatchObject({ id, deleted: true });
    await expect(apiKeys.get(id)).rejects.toMatchObject(notFound);
    expect(local.apiKeys.list()).toEqual([]);
  });

  it("is listed for its subject only, newest first, with invalid ones only on request", async () => {
    const local = await standIn();
    const { apiKeys } = sdk(local);
    const [one, two, three] = ["one", "two", "three"].map((name) =>
      local.apiKeys.create({ subject: "ada", name }),
    );
    local.apiKeys.create({ subject: "bob" });
    local.apiKeys.create({ subject: "ada", name: "old", expiresIn: -5 });
    local.apiKeys.revoke(two?.secret ?? "");
    const subject = local.users.get("ada").id;
    const valid = await apiKeys.list({ subject });
    expect([valid.totalCount, ...valid.data.map((key) => key.id)]).toEqual([2, three?.id, one?.id]);
    const all = await apiKeys.list({ subject, includeInvalid: true, limit: 2, offset: 1 });
    expect([all.totalCount, ...all.data.map((key) => key.name)]).toEqual([4, "three", "two"]);
    await expect(apiKeys.list({ subject: "user_nobody" })).rejects.toMatchObject(notFound);
  });

  it(
    "has the shape of Clerk's OpenAPI",
    proves("api-keys", "API keys: paths, fields, ids, lists", ["OpenAPI", "SDK"]),
    async () => {
      const local = await standIn();
      const answer = await post(local, "/api_keys", { name: "Key", subject: local.users.get("ada").id });
      expect(answer.status).toBe(200);
      const { secret, id } = await json(answer);
      for (const path of ["/api_keys", "/v1/api_keys"]) {
        expect((await post(local, `${path}/verify`, { secret })).status).toBe(200);
        expect((await backend(local, `${path}/${id}`)).status).toBe(200);
      }
    },
  );

  it.each<[string, ClerkLocalOptions["revokedAnswer"], object]>([
    ["is not found", "not-found", notFound],
    ["is described as such if the option says so", "flag", { status: 200 }],
  ])(
    "that is revoked or expired %s",
    proves(
      "revoked-credential",
      "a revoked or expired API key or M2M token is 404",
      "guess",
      "revokedAnswer",
    ),
    async (_name, revokedAnswer, expected) => {
      const local = await standIn({ ...(revokedAnswer && { revokedAnswer }) });
      const revoked = local.apiKeys.create({ subject: "ada" });
      const expired = local.apiKeys.create({ subject: "ada", expiresIn: 60 });
      expect(local.apiKeys.revoke(revoked.id)).toMatchObject({ revoked: true });
      local.clock({ offsetSeconds: 61 });
      for (const [{ secret }, flag] of [
        [revoked, "revoked"],
        [expired, "expired"],
      ] as const) {
        const answer = await post(local, "/api_keys/verify", { secret });
        const body = await json(answer);
        expect({ status: answer.status, ...body }).toMatchObject(expected);
        if (revokedAnswer === "flag") {
          expect(body[flag]).toBe(true);
        }
      }
      local.clock();
      expect((await sdk(local).apiKeys.verify(expired.secret)).expired).toBe(false);
    },
  );

  it(
    "cannot be verified if it is an id or invented",
    proves("api-key-refused", "an unknown API key or M2M token is 404", ["docs", "guess"], "no switch"),
    async () => {
      const local = await standIn();
      const { id } = local.apiKeys.create({ subject: "ada" });
      for (const secret of [id, "ak_invented", "", "x".repeat(2000)]) {
        await expect(sdk(local).apiKeys.verify(secret)).rejects.toMatchObject(notFound);
      }
    },
  );

  it.each([
    ["no name", "POST", "/api_keys", { subject: ADA }, "'name'"],
    ["a subject that does not exist", "POST", "/api_keys", { name: "Key", subject: "user_x" }, "'subject'"],
    ["a username as subject", "POST", "/api_keys", { name: "Key", subject: "ada" }, "'subject'"],
    [
      "a lifetime of zero",
      "POST",
      "/api_keys",
      { name: "Key", subject: ADA, seconds_until_expiration: 0 },
      "'seconds_until_expiration'",
    ],
    ["an unknown member", "POST", "/api_keys/verify", { secret: "ak_x", token: "ak_x" }, "token"],
    ["no secret", "POST", "/api_keys/verify", {}, "'secret'"],
    ["a list as body", "POST", "/api_keys/verify", [], "object"],
    ["a list without a subject", "GET", "/api_keys", undefined, "'subject'"],
    ["a page that is too long", "GET", `/api_keys?subject=${ADA}&limit=101`, undefined, "'limit'"],
  ])("refuses %s", async (_name, method, path, body, problem) => {
    const local = await standIn();
    const answer = await backend(local, path, { method, ...(body && { body: JSON.stringify(body) }) });
    expect(answer.status).toBe(400);
    expect(await json(answer)).toMatchObject({
      errors: [{ code: "bad_request", long_message: expect.stringContaining(problem) }],
    });
  });

  it("is unchanged after a change to an unknown subject is refused", async () => {
    const local = await standIn();
    const { id } = local.apiKeys.create({ subject: "ada" });
    const answer = await backend(local, `/api_keys/${id}`, {
      method: "PATCH",
      body: JSON.stringify({ subject: "user_x", scopes: ["a"] }),
    });
    expect(answer.status).toBe(400);
    expect(local.apiKeys.list()).toMatchObject([{ subject: ADA, scopes: [] }]);
  });

  it("refuses a body that is not JSON", async () => {
    const local = await standIn();
    expect((await backend(local, "/api_keys/verify", { method: "POST", body: "{" })).status).toBe(400);
  });

  it("needs the instance's secret key, not that of a machine", async () => {
    const local = await standIn();
    const { secretKey } = local.machines.create();
    for (const key of ["sk_test_wrong", secretKey]) {
      const wrong = createClerkClient({
        secretKey: key,
        apiUrl: local.apiUrl,
        telemetry: { disabled: true },
      });
      await expect(wrong.apiKeys.verify("ak_x")).rejects.toMatchObject({
        status: 401,
        errors: [{ code: "clerk_key_invalid" }],
      });
    }
  });

  it("cannot be verified during an outage of Clerk", async () => {
    const local = await standIn();
    const { secret } = local.apiKeys.create({ subject: "ada" });
    local.faults({ path: "/api_keys/verify", status: 503, times: 1 });
    await expect(sdk(local).apiKeys.verify(secret)).rejects.toMatchObject({ status: 503 });
    expect((await sdk(local).apiKeys.verify(secret)).revoked).toBe(false);
    expect(local.requests()).toMatchObject([
      { method: "POST", path: "/api_keys/verify", status: 503 },
      { method: "POST", path: "/api_keys/verify", status: 200 },
    ]);
  });

  it("is returned as a copy, and needs an existing subject", async () => {
    const { apiKeys } = await standIn();
    apiKeys.create({ subject: "ada", scopes: ["a"] }).scopes.push("b");
    expect(apiKeys.list()).toMatchObject([{ scopes: ["a"] }]);
    expect(() => apiKeys.create({ subject: "nobody" })).toThrow('no user or organization "nobody"');
    expect(() => apiKeys.create({ subject: "ada", expiresIn: 1.5 })).toThrow("expiresIn");
    expect(() => apiKeys.revoke("ak_nothing")).toThrow("no such API key");
  });
});

describe("a machine", () => {
  it(
    "made with the SDK is found with the SDK",
    proves("machines", "machines: paths and fields, a life of 3600 s for their tokens", ["OpenAPI", "SDK"]),
    async () => {
      const local = await standIn();
      const { machines } = sdk(local);
      const target = await machines.create({ name: "api" });
      const source = await machines.create({
        name: "cron",
        scopedMachines: [target.id],
        defaultTokenTtl: 60,
      });
      expect(source.id).toMatch(/^mch_\w{27}$/);
      expect(source.secretKey).toMatch(/^ak_\w{32}$/);
      expect(await machines.get(source.id)).toMatchObject({
        name: "cron",
        defaultTokenTtl: 60,
        scopedMachines: [{ id: target.id, name: "api", defaultTokenTtl: 3600 }],
      });
      expect((await machines.get(source.id)).secretKey).toBeUndefined();
      expect((await machines.getSecretKey(source.id)).secret).toBe(source.secretKey);
      const { data, totalCount } = await machines.list();
      expect([totalCount, ...data.map((machine) => machine.name)]).toEqual([2, "cron", "api"]);
      await expect(machines.get("mch_nothing")).rejects.toMatchObject(notFound);
    },
  );

  it("made by the local Clerk may talk to the machines that are named", async () => {
    const local = await standIn();
    const target = local.machines.create({ name: "api" });
    const { id, scopedMachines } = local.machines.create({ name: "cron", scopedMachines: ["api"] });
    expect(scopedMachines).toEqual([target.id]);
    expect((await sdk(local).machines.get(id)).scopedMachines).toMatchObject([{ id: target.id }]);
    expect(() => local.machines.create({ scopedMachines: ["nowhere"] })).toThrow(
      /no machine "nowhere".*cron, api/,
    );
    expect(() => local.machines.create({ id: "user_x" })).toThrow("mch_");
    expect(() => local.machines.create({ id })).toThrow("is already a machine");
  });

  it.each([
    ["without a name", {}],
    ["that may talk to an unknown machine", { name: "cron", scoped_machines: ["mch_nobody"] }],
  ])("%s is refused", async (_name, body) => {
    const local = await standIn();
    const answer = await post(local, "/v1/machines", body);
    expect(answer.status).toBe(422);
  });
});

describe("a machine's token", () => {
  /** A machine that may talk to `api`, `api` itself, and an unrelated machine. */
  async function threeMachines(options: ClerkLocalOptions = {}) {
    const local = await standIn(options);
    const api = local.machines.create({ name: "api" });
    const cron = local.machines.create({ name: "cron", scopedMachines: ["api"] });
    return { local, api, cron, other: local.machines.create({ name: "other" }), m2m: sdk(local).m2m };
  }

  it("made with the SDK is verified by its target machine and by the instance", async () => {
    const { local, api, cron, m2m } = await threeMachines();
    const { secretKey: machineSecretKey } = cron;
    const created = await m2m.createToken({ machineSecretKey, claims: { job: 7 } });
    expect(created.token).toMatch(/^mt_\w{32}$/);
    expect(created.id).not.toBe(created.token);
    const token = created.token ?? "";
    for (const caller of [{ machineSecretKey: api.secretKey }, {}]) {
      const verified = await m2m.verify({ token, ...caller });
      expect(verified).toMatchObject({
        id: created.id,
        subject: cron.id,
        scopes: [api.id],
        claims: { job: 7 },
        revoked: false,
        expired: false,
        expiration: created.createdAt + 3_600_000,
      });
      expect(verified.token).toBeUndefined();
    }
    expect(local.requests().map(({ path, status }) => [path, status])).toEqual([
      ["/m2m_tokens", 201],
      ["/m2m_tokens/verify", 200],
      ["/m2m_tokens/verify", 200],
    ]);
  });

  it(
    "is refused by any other machine, even the one that requested it",
    proves(
      "machine-tokens-of-others",
      "a machine verifies tokens for itself, and lists and revokes its own; those of others are 404",
      ["OpenAPI", "guess"],
      "no switch",
    ),
    async () => {
      const { local, cron, other, m2m } = await threeMachines();
      const { token } = await local.machines.token("cron");
      for (const { secretKey } of [cron, other]) {
        await expect(m2m.verify({ token, machineSecretKey: secretKey })).rejects.toMatchObject(notFound);
      }
    },
  );

  it(
    "made by the local Clerk takes scopes, lifetime and claims",
    proves(
      "m2m-scopes",
      "scopes of an M2M token are what its machine may talk to, without itself",
      "guess",
      "no switch",
    ),
    async () => {
      const { local, other, m2m } = await threeMachines();
      const made = await local.machines.token("cron", {
        scopes: ["other", ELSEWHERE],
        expiresIn: 60,
        claims: { job: 7 },
      });
      expect(made.scopes).toEqual([other.id, ELSEWHERE]);
      expect(await m2m.verify({ token: made.token, machineSecretKey: other.secretKey })).toMatchObject({
        id: made.id,
        subject: made.subject,
        expiration: made.expiration,
        claims: { job: 7 },
      });
      await expect(local.machines.token("nobody")).rejects.toThrow('no machine "nobody"');
      await expect(local.machines.token("cron", { scopes: ["nobody"] })).rejects.toThrow("nobody");
      await expect(local.machines.token("cron", { expiresIn: 0.5 })).rejects.toThrow("expiresIn");
    },
  );

  it(
    "as a JWT is verified by the SDK without a call, and with the published keys",
    proves(
      "m2m-jwt",
      "an M2M JWT: header with `cat`; `iss`, `sub`, `jti`, times and custom claims on the top level",
      "SDK",
    ),
    async () => {
      const { local, api, cron, m2m } = await threeMachines();
      const { secretKey: machineSecretKey } = cron;
      const created = await m2m.createToken({
        machineSecretKey,
        tokenFormat: "jwt",
        claims: { job: 7, sub: "user_forged" },
      });
      const token = created.token ?? "";
      expect(headerOf(token)).toMatchObject({ alg: "RS256", typ: "JWT", cat: "cl_B7d4PD333AAA" });
      const { payload } = await jwtVerify(
        token,
        createRemoteJWKSet(new URL(`${local.issuer}/.well-known/jwks.json`)),
        { issuer: local.issuer, audience: api.id },
      );
      expect(payload).toMatchObject({ sub: cron.id, jti: created.id, scopes: api.id, aud: [api.id], job: 7 });
      local.requests({ reset: true });
      const verified = await m2m.verify({ token });
      expect(verified).toMatchObject({ id: created.id, subject: cron.id, scopes: [api.id], revoked: false });
      expect(verified.claims).toMatchObject({ job: 7 });
      expect(local.requests().map(({ path }) => path)).not.toContain("/m2m_tokens/verify");
    },
  );

  it(
    "as a JWT without scopes has none",
    proves(
      "m2m-jwt-scopes",
      "`scopes` and `aud` in an M2M JWT, from what the SDK reads",
      "guess",
      "no switch",
    ),
    async () => {
      const { local, m2m } = await threeMachines();
      const { token } = await local.machines.token("other", { format: "jwt" });
      expect(claimsOf(token)).not.toHaveProperty("aud");
      expect((await m2m.verify({ token })).scopes).toEqual([]);
    },
  );

  it(
    "as a JWT is not stored by the local Clerk",
    proves(
      "m2m-jwt-verify",
      "an M2M JWT is not kept: not in lists, cannot be revoked, and its verification is 404",
      ["OpenAPI", "guess"],
      "no switch",
    ),
    async () => {
      const { local, cron, m2m } = await threeMachines();
      const { id, token } = await local.machines.token("cron", { format: "jwt" });
      expect(await local.revoke(token)).toBe(false);
      expect((await post(local, "/m2m_tokens/verify", { token })).status).toBe(404);
      await expect(m2m.revokeToken({ m2mTokenId: id })).rejects.toMatchObject(notFound);
      expect((await m2m.list({ subject: cron.id })).totalCount).toBe(0);
    },
  );

  it("as a JWT that has expired is refused by the SDK", async () => {
    const { local, m2m } = await threeMachines();
    const { token } = await local.machines.token("cron", { format: "jwt", expiresIn: -60 });
    await expect(m2m.verify({ token })).rejects.toThrow("expired");
  });

  it("can be revoked only by its machine and by the instance", async () => {
    const { local, cron, other, m2m } = await threeMachines();
    for (const caller of [{ machineSecretKey: cron.secretKey }, {}]) {
      const { id, token } = await local.machines.token("cron");
      await expect(
        m2m.revokeToken({ m2mTokenId: id, machineSecretKey: other.secretKey }),
      ).rejects.toMatchObject(notFound);
      const revoked = await m2m.revokeToken({ m2mTokenId: id, revocationReason: "done", ...caller });
      expect(revoked).toMatchObject({ revoked: true, revocationReason: "done" });
      await expect(m2m.verify({ token })).rejects.toMatchObject(notFound);
    }
  });

  it("is no longer found once the local Clerk's clock passes its expiration", async () => {
    const { local, m2m } = await threeMachines();
    const { token } = await local.machines.token("cron");
    local.clock({ offsetSeconds: 3599 });
    expect((await m2m.verify({ token })).expired).toBe(false);
    local.clock({ offsetSeconds: 3601 });
    await expect(m2m.verify({ token })).rejects.toMatchObject(notFound);
  });

  it("is described as revoked or expired if the option says so", async () => {
    const { local, m2m } = await threeMachines({ revokedAnswer: "flag" });
    const [revoked, expired] = [
      await local.machines.token("cron"),
      await local.machines.token("cron", { expiresIn: -5 }),
    ];
    expect(await local.revoke(revoked.token)).toBe(true);
    expect(await m2m.verify({ token: revoked.token })).toMatchObject({ revoked: true, expired: false });
    expect(await m2m.verify({ token: expired.token })).toMatchObject({ revoked: false, expired: true });
  });

  it("is listed for its machine, newest first, with invalid ones only on request", async () => {
    const { local, cron, other, m2m } = await threeMachines();
    const first = await local.machines.token("cron");
    const expired = await local.machines.token("cron", { expiresIn: -5 });
    const revoked = await local.machines.token("cron");
    const last = await local.machines.token("cron");
    await local.machines.token("other");
    await local.revoke(revoked.token);
    const ids = async (query: object) => {
      const { data, totalCount } = await m2m.list({ subject: cron.id, ...query });
      return [totalCount, ...data.map(({ id }) => id)];
    };
    expect(await ids({})).toEqual([2, last.id, first.id]);
    expect(await ids({ machineSecretKey: cron.secretKey })).toEqual([2, last.id, first.id]);
    expect(await ids({ revoked: true, expired: true, limit: 2, offset: 1 })).toEqual([
      4,
      revoked.id,
      expired.id,
    ]);
    await expect(ids({ machineSecretKey: other.secretKey })).rejects.toMatchObject({ status: 403 });
    await expect(m2m.list({ subject: "mch_nothing" })).rejects.toMatchObject(notFound);
  });

  it("has the shape of Clerk's OpenAPI", async () => {
    const { local, cron } = await threeMachines();
    const created = await fetch(`${local.apiUrl}/v1/m2m_tokens`, {
      method: "POST",
      headers: { authorization: `Bearer ${cron.secretKey}` },
    });
    expect(created.status).toBe(201);
    const { token } = await json(created);
    expect((await post(local, "/m2m_tokens/verify", { token })).status).toBe(200);
  });

  it(
    "needs a key of the right kind",
    proves("machine-key", "401 `machine_secret_key_invalid`", "SDK"),
    async () => {
      const { local, m2m } = await threeMachines();
      const { secret } = local.apiKeys.create({ subject: "ada" });
      const { token } = await local.machines.token("cron");
      const wrongMachineKey = { status: 401, errors: [{ code: "machine_secret_key_invalid" }] };
      await expect(m2m.createToken()).rejects.toMatchObject(wrongMachineKey);
      for (const machineSecretKey of ["ak_wrong", secret]) {
        await expect(m2m.createToken({ machineSecretKey })).rejects.toMatchObject(wrongMachineKey);
        await expect(m2m.verify({ token, machineSecretKey })).rejects.toMatchObject(wrongMachineKey);
      }
      const wrong = createClerkClient({
        secretKey: "sk_test_x",
        apiUrl: local.apiUrl,
        telemetry: { disabled: true },
      });
      await expect(wrong.m2m.verify({ token })).rejects.toMatchObject({
        status: 401,
        errors: [{ code: "clerk_key_invalid" }],
      });
    },
  );

  it.each([
    ["a format that does not exist", "", { token_format: "paseto" }, "'token_format'"],
    ["a lifetime of zero", "", { seconds_until_expiration: 0 }, "'seconds_until_expiration'"],
    ["a remaining lifetime that no token has", "", { min_remaining_ttl_seconds: 3600 }, "less than the life"],
    ["an unknown member", "", { scopes: ["mch_x"] }, "scopes"],
    ["nothing to verify", "/verify", {}, "'token'"],
  ])("refuses %s", async (_name, path, body, problem) => {
    const { local, cron } = await threeMachines();
    const answer = await fetch(`${local.apiUrl}/m2m_tokens${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${cron.secretKey}` },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(400);
    expect(await json(answer)).toMatchObject({
      errors: [{ code: "bad_request", long_message: expect.stringContaining(problem) }],
    });
  });

  it("cannot be verified during an outage of Clerk", async () => {
    const { local, m2m } = await threeMachines();
    const { token } = await local.machines.token("cron");
    local.faults({ path: "/m2m_tokens/*", status: 500 });
    await expect(m2m.verify({ token })).rejects.toMatchObject({ status: 500 });
    local.faults({ path: "/m2m_tokens/*", drop: true });
    await expect(m2m.verify({ token })).rejects.toThrow();
  });
});

describe("from another process", () => {
  it("keys can be created, listed and revoked", async () => {
    const local = await standIn();
    const { secret, id } = await json(
      await control(local, "apiKeys.create", { subject: "ada", name: "CI", scopes: ["a"], expiresIn: 60 }),
    );
    expect(await sdk(local).apiKeys.verify(String(secret))).toMatchObject({ id, name: "CI", scopes: ["a"] });
    expect(await json(await control(local, "apiKeys.list"))).toMatchObject({ apiKeys: [{ id, secret }] });
    expect((await control(local, "apiKeys.revoke", { key: id })).status).toBe(200);
    expect(local.apiKeys.list()).toMatchObject([{ revoked: true }]);
    const refused = await control(local, "apiKeys.create", { subject: "nobody" });
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining("nobody")]);
  });

  it("machines can be created and listed, and get tokens", async () => {
    const local = await standIn();
    const api = await json(await control(local, "machines.create", { name: "api" }));
    await control(local, "machines.create", { name: "cron", scopedMachines: ["api"] });
    expect(await json(await control(local, "machines.list"))).toMatchObject({
      machines: [{ name: "cron", scopedMachines: [api.id] }, { name: "api" }],
    });
    const { token } = await json(await control(local, "machines.token", { machine: "cron", format: "jwt" }));
    expect(claimsOf(String(token))).toMatchObject({ aud: [api.id] });
    const opaque = await json(await control(local, "machines.token", { machine: "cron" }));
    const machineSecretKey = String(api.secretKey);
    const verified = await sdk(local).m2m.verify({ token: String(opaque.token), machineSecretKey });
    expect(verified.id).toBe(opaque.id);
  });
});

it("revoke revokes keys and opaque tokens, and returns false if there is none", async () => {
  const local = await standIn();
  const { secret } = local.apiKeys.create({ subject: "ada" });
  const { secretKey } = local.machines.create({ name: "cron" });
  const { token } = await local.machines.token("cron");
  expect(await local.revoke(secret)).toBe(true);
  expect(await json(await control(local, "revoke", { token }))).toEqual({ revoked: true });
  expect((await post(local, "/api_keys/verify", { secret })).status).toBe(404);
  expect((await post(local, "/m2m_tokens/verify", { token })).status).toBe(404);
  for (const nothing of ["ak_nothing", "mt_nothing", secretKey]) {
    expect(await local.revoke(nothing)).toBe(false);
  }
});
