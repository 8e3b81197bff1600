import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClerkLocal, createClerkLocal, type SeedInput } from "@xmcp-dev/clerk-local";
import { describe, expect, it, onTestFinished } from "vitest";
import { proves } from "./support/behaviour.js";
import { Visitor } from "./support/browser-without-window.js";
import { loadPage, outcome, press } from "./support/dashboard.js";
import { backend, control, json, refusal, sdk, sharedStandIn, standIn } from "./support/stand-in.js";

const ADA = "user_local0000000000000000000ada";
const USERS = [
  { username: "ada", email: "ada@example.com" },
  { username: "bob", email: "bob@example.com" },
];

const tokensOf = (local: ClerkLocal, provider: string, query = "?paginated=true", user = ADA) =>
  backend(local, `/v1/users/${user}/oauth_access_tokens/${provider}${query}`);
const api = (local: ClerkLocal, path: string, token: string) =>
  fetch(`${local.issuer}/providers/${path}`, { headers: { authorization: `Bearer ${token}` } });

describe("the Backend API", () => {
  it(
    "returns the access tokens of a user's accounts",
    proves(
      "connected-accounts",
      "access tokens of connected accounts: path, fields, a list or with `paginated` a page; the SDK's provider names",
      ["OpenAPI", "SDK"],
    ),
    async () => {
      const local = await standIn();
      const account = local.connectedAccounts.connect({ user: "ada", provider: "github", label: "work" });
      const { data, totalCount } = await sdk(local).users.getUserOauthAccessToken(ADA, "github");
      expect(totalCount).toBe(1);
      expect(data[0]).toMatchObject({
        externalAccountId: account.id,
        provider: "oauth_github",
        token: account.token,
        label: "work",
        scopes: ["read:user", "user:email", "repo"],
        expiresAt: account.expiresAt,
      });
      expect(account.token).toMatch(/^pvt_\w{36}$/);
      const list = (await (await tokensOf(local, "oauth_github", "")).json()) as object[];
      expect(list).toMatchObject([{ object: "oauth_access_token", external_account_id: account.id }]);
    },
  );

  it("returns several accounts of one provider, each user's own", async () => {
    const local = await standIn();
    for (const username of ["ada", "ada-at-work"])
      local.connectedAccounts.connect({ user: "ada", provider: "github", username });
    local.connectedAccounts.connect({ user: "bob", provider: "github" });
    local.connectedAccounts.connect({ user: "ada", provider: "google" });
    expect(await json(await tokensOf(local, "oauth_github"))).toMatchObject({ total_count: 2 });
    const page = await json(await tokensOf(local, "oauth_github", "?paginated=true&limit=1&offset=1"));
    expect(page).toMatchObject({ data: [{ provider: "oauth_github" }], total_count: 2 });
  });

  it(
    "returns nothing for an account that is not connected",
    proves("no-connected-account", "no account connected: an empty list", "guess", "no switch"),
    async () => {
      expect(await json(await tokensOf(await standIn(), "oauth_github"))).toEqual({
        data: [],
        total_count: 0,
      });
    },
  );

  it(
    "refuses a provider that is not enabled, and an unknown user",
    proves(
      "provider-not-enabled",
      "404 `oauth_token_provider_not_enabled`; 422 `oauth_missing_refresh_token` for a token that has expired for good",
      "docs",
    ),
    async () => {
      const local = await standIn({ seed: { users: USERS, providers: { google: ["email"] } } });
      const { id } = local.users.get("ada");
      const refused = await tokensOf(local, "oauth_github", "", id);
      expect(await refusal(refused)).toEqual([404, "oauth_token_provider_not_enabled"]);
      expect(await refusal(await tokensOf(local, "oauth_google"))).toEqual([404, "resource_not_found"]);

      const expired = { expiresIn: -1, refreshable: false };
      local.connectedAccounts.connect({ user: "ada", provider: "google", ...expired });
      const answer = await tokensOf(local, "oauth_google", "", id);
      expect(await refusal(answer)).toEqual([422, "oauth_missing_refresh_token"]);
    },
  );

  it(
    "replaces an expired token during the request",
    proves("connected-account-refresh", "an expired token of a connected account is refreshed", "docs"),
    async () => {
      const local = await standIn();
      const before = local.connectedAccounts.connect({ user: "ada", provider: "github" });
      const token = async () => {
        const { data } = await json(await tokensOf(local, "oauth_github"));
        return (data as { token: string }[])[0]?.token ?? "";
      };
      expect(await token()).toBe(before.token);
      local.clock({ offsetSeconds: 3600 });
      const after = await token();
      expect(after).not.toBe(before.token);
      expect((await api(local, "github/user/repos", before.token)).status).toBe(401);
      expect((await api(local, "github/user/repos", after)).status).toBe(200);
    },
  );

  it("says with the user which accounts are connected, without a token", async () => {
    const local = await standIn();
    const { id, token } = local.connectedAccounts.connect({ user: "ada", provider: "github" });
    const user = await backend(local, `/v1/users/${ADA}`);
    const text = await user.text();
    expect(JSON.parse(text).external_accounts).toMatchObject([{ id, provider: "oauth_github" }]);
    expect(text).not.toContain(token);
  });

  it("finds a user by their account", async () => {
    const local = await standIn();
    const { providerUserId } = local.connectedAccounts.connect({ user: "bob", provider: "github" });
    const found = async (provider: string) => {
      const query = `provider=${provider}&provider_user_id=${providerUserId}`;
      return (await (await backend(local, `/v1/users?${query}`)).json()) as object[];
    };
    expect(await found("oauth_github")).toMatchObject([{ username: "bob" }]);
    expect(await found("oauth_google")).toEqual([]);
  });

  it("returns a token that never expires", async () => {
    const local = await standIn();
    local.connectedAccounts.connect({ user: "ada", provider: "github", expiresIn: null });
    local.clock({ offsetSeconds: 1e9 });
    expect(await json(await tokensOf(local, "oauth_github"))).toMatchObject({ data: [{ expires_at: null }] });
  });
});

describe("the controls", () => {
  it("connect, expire, list and disconnect, also over HTTP", async () => {
    const local = await standIn();
    const connected = { user: "ada", provider: "github", scopes: ["repo"], repositories: ["one"] };
    const account = await json(await control(local, "connectedAccounts.connect", connected));
    expect(account).toMatchObject({ id: expect.stringMatching(/^eac_/), scopes: ["repo"], expired: false });
    const expired = await control(local, "connectedAccounts.expire", {
      account: account.id,
      refreshable: false,
    });
    expect(await json(expired)).toMatchObject({ expired: true, refreshable: false });
    const list = await json(await control(local, "connectedAccounts.list", { user: "ada" }));
    expect(list.connectedAccounts).toMatchObject([{ id: account.id }]);
    expect((await control(local, "connectedAccounts.disconnect", { account: account.id })).status).toBe(200);
    expect(local.connectedAccounts.list()).toEqual([]);
  });

  it.each([
    ["an unknown user", { user: "nobody", provider: "github" }, 'There is no user "nobody"'],
    ["a provider that is not enabled", { user: "ada", provider: "gitlab" }, "is not enabled"],
    ["a part of a second", { user: "ada", provider: "github", expiresIn: 0.5 }, "whole number of seconds"],
  ])("refuse %s", async (_name, input, message) => {
    const { connectedAccounts } = await standIn();
    expect(() => connectedAccounts.connect(input)).toThrow(message);
    expect(() => connectedAccounts.disconnect("eac_none")).toThrow("There is no connected account");
  });
});

describe("the seed", () => {
  const seed = (changes: Partial<SeedInput>): SeedInput => ({ users: USERS, ...changes });

  it("by default enables Google and GitHub, and connects nothing", async () => {
    const local = await standIn();
    expect(local.connectedAccounts.list()).toEqual([]);
    expect((await tokensOf(local, "oauth_google")).status).toBe(200);
  });

  it("connects accounts, and enables providers", async () => {
    const externalAccounts = [{ user: "ada", provider: "custom_acme", username: "a.l", expiresIn: 60 }];
    const local = await standIn({ seed: seed({ providers: { custom_acme: ["read"] }, externalAccounts }) });
    expect(local.connectedAccounts.list()).toMatchObject([
      { provider: "custom_acme", username: "a.l", scopes: ["read"], expiresIn: 60, refreshable: true },
    ]);
  });

  it("is refused with an account of an unknown user or provider", async () => {
    const externalAccounts = [{ user: "nobody", provider: "gitlab" }];
    await expect(standIn({ seed: seed({ externalAccounts }) })).rejects.toThrow(
      /there is no user "nobody"\n.*"providers" does not have "gitlab"/,
    );
  });
});

describe("the provider's API", () => {
  it("returns the account's data to a token with the scope, in pages", async () => {
    const local = await standIn();
    const repositories = Array.from({ length: 5 }, (_, index) => `r${index}`);
    const { token } = local.connectedAccounts.connect({ user: "ada", provider: "github", repositories });
    const seen: unknown[] = [];
    for (let path = "github/user/repos?per_page=2"; path !== ""; ) {
      const answer = await api(local, path, token);
      seen.push(...((await answer.json()) as { full_name: string }[]).map((entry) => entry.full_name));
      path = /providers\/(.*)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1] ?? "";
    }
    expect(seen).toEqual(repositories.map((name) => `ada/${name}`));
    const google = local.connectedAccounts.connect({ user: "ada", provider: "google" });
    const events = await api(local, "google/calendar/v3/calendars/primary/events", google.token);
    expect(await json(events)).toMatchObject({ items: [{ summary: "Tea with Grace" }] });
  });

  it("refuses any other token", async () => {
    const local = await standIn();
    const status = async (token: string) => (await api(local, "github/user/repos", token)).status;
    const github = local.connectedAccounts.connect({ user: "ada", provider: "github" });
    const google = local.connectedAccounts.connect({ user: "ada", provider: "google" });
    const narrow = local.connectedAccounts.connect({ user: "bob", provider: "github", scopes: ["gist"] });
    expect(await status(github.token)).toBe(200);
    expect(await status(narrow.token)).toBe(403);
    for (const token of [google.token, "pvt_unknown", "x", local.secretKey])
      expect(await status(token)).toBe(401);
    local.connectedAccounts.disconnect(github.id);
    expect(await status(github.token)).toBe(401);
  });
});

describe("the page /user, without a browser", () => {
  const shared = sharedStandIn();
  const keyIn = (page: string) => /name="key" value="(\w+)"/.exec(page)?.[1] ?? "";
  const own = () => ({ origin: shared().issuer, "sec-fetch-site": "same-origin" });

  async function signedIn(user: string) {
    const visitor = new Visitor();
    const first = await visitor.visit(`${shared().issuer}/user`);
    const key = keyIn(first.page);
    const submit = (path: string, fields: Record<string, string>, headers: Record<string, string> = own()) =>
      visitor.submit(first, path, { key, ...fields }, headers);
    return { visitor, key, submit, page: await submit("/user/sign-in", { user }) };
  }

  it("signs in, connects, and disconnects", async () => {
    const { id } = shared().users.create({ username: "zoe" });
    const { submit, page } = await signedIn(id);
    expect(page.page).toContain("None yet.");
    const consent = await submit("/user/connect", { provider: "github" });
    expect(consent.url.pathname).toBe("/providers/github/authorize");
    expect(consent.page).toContain("Nothing is sent to GitHub");
    const done = await submit("/providers/github/authorize", {
      decision: "allow",
      username: "zoe-at-github",
      scope: "repo",
    });
    expect(done.page).toContain("GitHub is connected.");
    const [account] = shared().connectedAccounts.list("zoe");
    expect(account).toMatchObject({ username: "zoe-at-github", scopes: ["repo"] });
    expect(done.page).not.toContain(account?.token);
    await submit("/user/disconnect", { account: String(account?.id) });
    expect(shared().connectedAccounts.list("zoe")).toEqual([]);
  });

  it("connects nothing if the user denies it, or for a scope that was not asked for", async () => {
    const { id } = shared().users.create({ username: "yan" });
    const { submit } = await signedIn(id);
    const denied = await submit("/providers/github/authorize", { decision: "deny" });
    expect(denied.page).toContain("Access to GitHub was not allowed.");
    expect(shared().connectedAccounts.list("yan")).toEqual([]);
    await submit("/providers/github/authorize", { decision: "allow", scope: "admin:org" });
    expect(shared().connectedAccounts.list("yan")).toMatchObject([{ scopes: [] }]);
  });

  it("does not disconnect another user's account", async () => {
    const { id } = shared().connectedAccounts.connect({ user: "bob", provider: "github" });
    const { submit } = await signedIn(shared().users.get("grace").id);
    await submit("/user/disconnect", { account: id });
    expect(shared().connectedAccounts.list("bob")).toHaveLength(1);
  });

  it("is a sign-in of the OAuth server too, which a ban ends", async () => {
    const { id } = shared().users.create({ username: "xin" });
    const { visitor } = await signedIn(id);
    const sessions = (await (await backend(shared(), `/v1/sessions?user_id=${id}`)).json()) as object[];
    expect(sessions).toMatchObject([{ status: "active" }]);
    shared().users.ban("xin");
    expect((await visitor.visit(`${shared().issuer}/user`)).page).toContain("Sign in");
  });

  it("refuses to sign in a banned user", async () => {
    expect((await signedIn(shared().users.get("eve").id)).page.response.status).toBe(403);
  });

  it("sends whoever is not signed in to the sign-in", async () => {
    const { url, page } = await new Visitor().visit(`${shared().issuer}/providers/github/authorize`);
    expect(url.pathname).toBe("/user");
    expect(page).toContain("continue to your account");
  });

  it.each([
    ["no key", { key: "" }, {}],
    ["another key", { key: "x".repeat(32) }, {}],
    ["a foreign Origin", {}, { origin: "https://evil.example" }],
    ["an opaque Origin", {}, { origin: "null" }],
    ["the Origin of another port", {}, { origin: "http://127.0.0.1:3001" }],
    ["a request from another port of this machine", {}, { "sec-fetch-site": "same-site" }],
    ["a request from another site", {}, { "sec-fetch-site": "cross-site" }],
  ])("a form with %s does nothing", async (_name, fields, headers) => {
    const { submit } = await signedIn(ADA);
    const forms = ["sign-out", "connect", "disconnect", "sign-in"].map((name) => `/user/${name}`);
    for (const path of [...forms, "/providers/github/authorize"]) {
      const form = { user: ADA, provider: "github", decision: "allow", scope: "repo", ...fields };
      expect((await submit(path, form, { ...own(), ...headers })).response.status, path).toBe(403);
    }
    expect(shared().connectedAccounts.list(ADA)).toEqual([]);
  });

  it("may not be framed, cached or loaded by another origin", async () => {
    const { headers } = await fetch(`${shared().issuer}/user`);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  it("has no GET that changes anything, and no page for a provider that is not enabled", async () => {
    const status = async (path: string) => (await fetch(shared().issuer + path)).status;
    expect(await status("/user/connect?provider=github")).toBe(405);
    expect(await status("/providers/gitlab/authorize")).toBe(404);
    expect(await status("/user/nothing")).toBe(404);
  });

  it("repeats nothing of its query", async () => {
    const { visitor } = await signedIn(ADA);
    const { page } = await visitor.visit(`${shared().issuer}/user?connected=github&denied=<b>`);
    expect(page).not.toMatch(/is connected|<b>/);
  });
});

it("accounts outlive a restart with a state directory", async () => {
  const state = mkdtempSync(join(tmpdir(), "clerk-local-"));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const before = await createClerkLocal({ state });
  const { id, token } = before.connectedAccounts.connect({ user: "ada", provider: "github" });
  await before.close();
  const after = await standIn({ state });
  expect(after.connectedAccounts.list()).toMatchObject([{ id, token }]);
});

it("the dashboard shows accounts without their tokens, expires and disconnects them", async () => {
  const local = await standIn();
  const { id, token } = local.connectedAccounts.connect({ user: "ada", provider: "github", username: "al" });
  const page = await loadPage(local);
  expect(page).toContain("Disconnect the GitHub account al");
  expect(page).not.toContain(token);
  expect(await outcome(await press(local, "expire-account", { account: id }))).toContain("has expired");
  expect(local.connectedAccounts.list()).toMatchObject([{ expired: true }]);
  await press(local, "disconnect-account", { account: id });
  expect(local.connectedAccounts.list()).toEqual([]);
  expect(await outcome(await press(local, "disconnect-account", { account: id }))).toContain("There is no");
});
