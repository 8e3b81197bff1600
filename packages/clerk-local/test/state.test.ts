import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Visitor } from "./support/browser-without-window.js";
import { authorizationRequest, refresh, register, signIn } from "./support/oauth-client.js";
import { backend, json, standIn } from "./support/stand-in.js";

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "clerk-local-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe("a state directory", () => {
  it("keeps keys, registrations and tokens across a restart", async () => {
    const state = directory();
    const before = await standIn({ state, autoApprove: {}, tokenFormat: "opaque" });
    const { client, tokens } = await signIn(before);
    const { secretKey, jwtKey } = before;
    await before.close();

    const after = await standIn({ state, tokenFormat: "opaque" });
    expect([after.secretKey, after.jwtKey]).toEqual([secretKey, jwtKey]);
    const verified = await backend(after, "/oauth_applications/access_tokens/verify", {
      method: "POST",
      body: JSON.stringify({ access_token: tokens.access_token }),
    });
    expect(verified.status).toBe(200);
    expect((await refresh(after, client.client_id, tokens.refresh_token)).status).toBe(200);
    expect((await refresh(after, client.client_id, tokens.refresh_token)).status).toBe(400);
  });

  it("keeps the browser signed in", async () => {
    const state = directory();
    const before = await standIn({ state });
    const client = await register(before);
    const visitor = new Visitor();
    const page = await visitor.visit(authorizationRequest(before, client.client_id).url);
    const consent = await visitor.submit(page, `${page.url.pathname}/login`, {
      user: before.users.get("ada").id,
    });
    await visitor.submit(consent, `${consent.url.pathname}/allow`);
    const port = Number(new URL(before.issuer).port);
    await before.close();

    const after = await standIn({ state, port });
    const again = await visitor.visit(authorizationRequest(after, client.client_id).url);
    expect(again.page).toContain("Ada Lovelace");
    expect(again.page).toContain(">Allow<");
  });

  it("is written while the local Clerk runs, so that a crash loses nothing", async () => {
    const state = directory();
    const before = await standIn({ state, autoApprove: {} });
    const { client, tokens } = await signIn(before);
    const copy = directory();
    await vi.waitFor(() =>
      expect(readFileSync(join(state, "clerk-local.json"), "utf8")).toContain(client.client_id),
    );
    writeFileSync(join(copy, "clerk-local.json"), readFileSync(join(state, "clerk-local.json")));
    const after = await standIn({ state: copy });
    expect((await refresh(after, client.client_id, tokens.refresh_token)).status).toBe(200);
  });

  it("keeps the used refresh tokens", async () => {
    const state = directory();
    const before = await standIn({ state, autoApprove: {} });
    const { client, tokens } = await signIn(before);
    expect((await refresh(before, client.client_id, tokens.refresh_token)).status).toBe(200);
    await before.close();
    const after = await standIn({ state });
    expect(await json(await refresh(after, client.client_id, tokens.refresh_token))).toMatchObject({
      error: "invalid_grant",
    });
  });

  it("keeps a rotated key", async () => {
    const state = directory();
    const before = await standIn({ state });
    await before.rotateKeys();
    const { jwtKey } = before;
    await before.close();
    expect((await standIn({ state })).jwtKey).toBe(jwtKey);
  });

  it("keeps API keys, machines and their tokens", async () => {
    const state = directory();
    const before = await standIn({ state });
    const key = before.apiKeys.create({ subject: "ada", name: "kept" });
    const revoked = before.apiKeys.create({ subject: "ada", name: "revoked" });
    await before.revoke(revoked.secret);
    const machine = before.machines.create({ name: "cron" });
    const { token } = await before.machines.token("cron", { scopes: ["cron"] });
    const keys = before.apiKeys.list();
    await before.close();

    const after = await standIn({ state });
    expect(after.apiKeys.list()).toEqual(keys);
    expect(after.machines.list()).toEqual([machine]);
    const verify = (path: string, secretKey: string, body: object) =>
      fetch(`${after.apiUrl}${path}/verify`, {
        method: "POST",
        headers: { authorization: `Bearer ${secretKey}` },
        body: JSON.stringify(body),
      });
    expect((await verify("/m2m_tokens", machine.secretKey, { token })).status).toBe(200);
    expect((await verify("/api_keys", after.secretKey, { secret: key.secret })).status).toBe(200);
    expect((await verify("/api_keys", after.secretKey, { secret: revoked.secret })).status).toBe(404);
  });

  it("keeps the keys and machines of the seed, with later changes", async () => {
    const state = directory();
    const seed = {
      users: [{ username: "ada", email: "ada@example.com" }],
      machines: [{ name: "cron" }],
      apiKeys: [{ subject: "ada" }, { subject: "ada", secret: "ak_fixed_in_the_seed" }],
    };
    const before = await standIn({ state, seed });
    const [fixed, random] = before.apiKeys.list();
    await before.revoke("ak_fixed_in_the_seed");
    const machines = before.machines.list();
    await before.close();

    const after = await standIn({ state, seed });
    const subject = after.users.get("ada").id;
    expect(subject).not.toBe(fixed?.subject);
    expect(after.apiKeys.list()).toMatchObject([
      { id: fixed?.id, subject, revoked: true },
      { id: random?.id, secret: random?.secret, subject, revoked: false },
    ]);
    expect(after.machines.list()).toMatchObject(machines.map(({ id, secretKey }) => ({ id, secretKey })));
  });

  it("is readable by its owner only, and holds one file", async () => {
    const state = directory();
    await (await standIn({ state })).close();
    expect(readdirSync(state)).toEqual(["clerk-local.json"]);
    expect(statSync(join(state, "clerk-local.json")).mode & 0o777).toBe(0o600);
  });

  it("is created if it does not exist", async () => {
    const local = await standIn({ state: join(directory(), "new", "place") });
    expect(local.issuer).toEqual(expect.any(String));
  });

  it.each([
    ["is not JSON", "{oops"],
    ["has another version", '{"version":2}'],
  ])("with a file that %s starts empty and keeps the file", async (_name, content) => {
    const state = directory();
    writeFileSync(join(state, "clerk-local.json"), content);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const local = await standIn({ state });
    expect(warn).toHaveBeenCalledWith(
      expect.stringMatching(/clerk-local\.json is not a state file.*unreadable/),
    );
    expect(readFileSync(join(state, "clerk-local.json.unreadable"), "utf8")).toBe(content);
    expect(local.secretKey).toMatch(/^sk_test_/);
  });

  it("makes an existing file readable by its owner only", async () => {
    const state = directory();
    await (await standIn({ state })).close();
    chmodSync(join(state, "clerk-local.json"), 0o644);
    await (await standIn({ state })).close();
    expect(statSync(join(state, "clerk-local.json")).mode & 0o777).toBe(0o600);
  });
});

it("without a state directory a restart starts empty", async () => {
  const before = await standIn({ autoApprove: {} });
  const { client, tokens } = await signIn(before);
  await before.close();
  const after = await standIn();
  expect(await json(await refresh(after, client.client_id, tokens.refresh_token))).toMatchObject({
    error: "invalid_client",
  });
});
