/** The local Clerk's page over HTTP: what it shows, what its buttons do, and who may press them. */
import { request } from "node:http";
import { type ClerkLocal, createClerkLocal } from "@xmcp-dev/clerk-local";
import { describe, expect, it, onTestFinished } from "vitest";
import { events, formKey, loadPage, outcome, press } from "./support/dashboard.js";
import { authorizationRequest, exchange, register } from "./support/oauth-client.js";
import { backend, json, sharedStandIn, standIn } from "./support/stand-in.js";

const MCP = "http://127.0.0.1:3001/mcp";

/** A part of the page, as the text that a person reads. */
function part(page: string, id: string): string {
  const [, after = ""] = page.split(`<section id="${id}"`);
  const [section = ""] = after.split("</section>");
  return section.replace(/<script>.*?<\/script>|<[^>]*>/gs, " ").replace(/\s+/g, " ");
}

/** The tokens of a sign-in. */
async function signIn(local: ClerkLocal, user = "bob") {
  local.autoApprove({ user });
  const client = await register(local, { client_name: "Desktop <b>client</b>" });
  const asked = authorizationRequest(local, client.client_id, { resource: MCP });
  const { headers } = await fetch(asked.url, { redirect: "manual" });
  const code = new URL(headers.get("location") ?? "").searchParams.get("code") ?? "";
  const tokens = await json(await exchange(local, client.client_id, asked, code));
  return {
    clientId: client.client_id,
    access: String(tokens.access_token),
    refresh: String(tokens.refresh_token),
  };
}

describe("the page shows", () => {
  it("users with their organizations and roles, the organizations, and the roles", async () => {
    const page = await loadPage(await standIn());
    expect(part(page, "users")).toMatch(/Ada Lovelace ada@example.com Acme org:admin org:member Save/);
    expect(part(page, "users")).toContain("Eve Moore banned");
    expect(part(page, "organizations")).toMatch(/Acme acme org_\w+ 2 Globex globex org_\w+ 1/);
    expect(part(page, "organizations")).toMatch(/org:member org:documents:read org:sys_memberships:read/);
  });

  it("clients, however they became known", async () => {
    const local = await standIn();
    await register(local, { client_name: "Registered" });
    local.metadataClients.allow("https://claude.ai/oauth/claude-code-client-metadata");
    local.metadataClients.block("https://client.test/oauth/client.json");
    const clients = part(await loadPage(local), "clients");
    expect(clients).toContain("Static local app pre-registered client_local");
    expect(clients).toMatch(/Registered registered itself [A-Za-z0-9]{16} /);
    expect(clients).toContain("Claude Code metadata document, explicitly allowed https://claude.ai/");
    expect(clients).toContain("– metadata document, blocked https://client.test/oauth/client.json");
  });

  it("the tokens that work: whose, for which client, scopes and audience, and until when", async () => {
    const local = await standIn({ tokenFormat: "opaque" });
    await local.mint({ user: "ada", organization: "acme", resource: MCP, format: "jwt", expiresIn: 7200 });
    await local.mint({ user: "ada", expiresIn: -10 });
    local.apiKeys.create({ subject: "acme", scopes: ["documents:read"] });
    local.machines.create({ name: "server" });
    local.machines.create({ name: "cron", scopedMachines: ["server"] });
    await local.machines.token("cron");
    await signIn(local);
    const tokens = part(await loadPage(local), "tokens");
    expect(tokens).toMatch(
      /Access token JWT oat_\w{7}… Ada Lovelace in Acme Static local app profile email user:org:read http:\/\/127.0.0.1:3001\/mcp in 2 hours/,
    );
    expect(tokens).toMatch(/API key opaque ak_\w{8}… Acme – documents:read – never/);
    expect(tokens).toMatch(/Machine token opaque mt_\w{8}… cron – server – in (1 hour|60 minutes)/);
    expect(tokens).toMatch(/Access token opaque oat_\w{7}… Bob Babbage Desktop &lt;b&gt;client/);
    expect(tokens).toMatch(/Refresh token opaque rt_\w{8}… Bob Babbage Desktop .* in 10 years/);
    expect(tokens.match(/Revoke/g)).toHaveLength(5);
  });

  it("no token's value and no secret, neither in itself nor in its stream", async () => {
    const local = await standIn();
    const { access, refresh } = await signIn(local);
    const opaque = await local.mint({ format: "opaque" });
    const key = local.apiKeys.create({ subject: "ada" });
    const machine = local.machines.create({ name: "cron" });
    const { token } = await local.machines.token("cron");
    const seen = [await loadPage(local)];
    for await (const { data } of events(local)) {
      seen.push(JSON.stringify(data));
      if (data.id === "organizations") break;
    }
    const secrets = [
      access,
      refresh,
      opaque.access_token,
      key.secret,
      machine.secretKey,
      token,
      local.secretKey,
    ];
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20);
      expect(seen.join("\n")).not.toContain(secret);
    }
  });

  it("at most 50 of each, and the number of the others", async () => {
    const local = await standIn();
    local.users.create({ username: "zoe", organizations: 60 });
    for (let index = 0; index < 70; index++) local.users.create();
    await local.mint({ count: 75 });
    const page = await loadPage(local);
    expect(part(page, "users")).toContain("and 25 more users");
    expect(part(page, "users")).toContain("and 50 more organizations");
    expect(part(page, "tokens")).toContain("and 25 more tokens");
    expect(part(page, "organizations")).toContain("and 12 more organizations");
  });

  it("no markup of a client's, a user's or a path's", async () => {
    const local = await standIn();
    const bad = `"'><script>alert(1)</script>`;
    await register(local, { client_name: bad });
    local.users.create({ username: "mallory", firstName: bad });
    await fetch(`${local.issuer}/${bad}`);
    await local.mint({ clientId: bad, scopes: [bad], resource: bad });
    expect(await loadPage(local)).not.toContain("<script>alert");
    for await (const { data } of events(local)) {
      expect(data.rows ?? data.html).not.toContain("<script>alert");
      if (data.id === "organizations") break;
    }
  });

  it("the requests without their queries and bodies, and none of its own", async () => {
    const local = await standIn();
    await fetch(`${local.issuer}/oauth/authorize?state=hidden`, { redirect: "manual" });
    await press(local, "ban", { user: "bob" });
    const requests = part(await loadPage(local), "requests");
    expect(requests).toMatch(/GET \/oauth\/authorize 400/);
    expect(requests).not.toMatch(/hidden|dashboard|images/);
    expect(local.requests().map(({ path }) => path)).toEqual(["/oauth/authorize"]);
  });

  it("a long path cut short", async () => {
    const local = await standIn();
    await fetch(`${local.issuer}/${"x".repeat(9000)}`);
    expect(local.requests()[0]?.path).toHaveLength(1000);
    expect(part(await loadPage(local), "requests")).toMatch(/x{150,159}… 404/);
  });
});

describe("a button", () => {
  it("changes a role, and adds and removes a member", async () => {
    const local = await standIn();
    const roles = (user: string) => local.users.memberships(user).map(({ role }) => role);
    const changed = await press(local, "set-role", { user: "bob", organization: "acme", role: "org:admin" });
    expect(changed.status).toBe(303);
    expect(await outcome(changed)).toBe("bob is org:admin in Acme now.");
    expect(roles("bob")).toEqual(["org:admin"]);
    await press(local, "add-member", { user: "grace", organization: "acme", role: "org:member" });
    expect(roles("grace")).toEqual(["org:member"]);
    await press(local, "remove-member", { user: "grace", organization: "acme" });
    expect(roles("grace")).toEqual([]);
  });

  it("bans a user, and lifts the ban", async () => {
    const local = await standIn();
    await press(local, "ban", { user: "bob" });
    expect(local.users.get("bob").banned).toBe(true);
    await press(local, "unban", { user: "bob" });
    expect(local.users.get("bob").banned).toBe(false);
  });

  it("revokes each kind of token that is shown", async () => {
    const local = await standIn({ tokenFormat: "opaque" });
    const { clientId, refresh } = await signIn(local);
    local.apiKeys.create({ subject: "ada" });
    local.machines.create({ name: "cron" });
    await local.machines.token("cron");
    const tokens = part(await loadPage(local), "tokens").match(/Revoke/g);
    expect(tokens).toHaveLength(4);
    const ids = (await loadPage(local)).matchAll(/name="token" value="(\w+)"/g);
    for (const [, token = ""] of ids) await press(local, "revoke", { token });
    expect(part(await loadPage(local), "tokens")).toContain("None yet");
    const again = await fetch(`${local.issuer}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refresh, client_id: clientId }),
    });
    expect(await json(again)).toMatchObject({ error: "invalid_grant" });
  });

  it("changes the token format", async () => {
    const local = await standIn();
    await press(local, "token-format", { format: "opaque" });
    expect((await local.mint()).access_token).toMatch(/^oat_/);
    expect(part(await loadPage(local), "switches")).toContain("New access tokens are opaque.");
    await press(local, "token-format", { format: "jwt" });
    expect((await local.mint()).access_token).toMatch(/^ey/);
  });

  it.each([
    ["down", "Clerk is down", 503, "/oauth/authorize"],
    ["limited", "Clerk limits requests", 429, "/v1/users"],
  ])(
    "lets Clerk be %s, and work again, while the page itself works",
    async (condition, text, status, path) => {
      const local = await standIn();
      await press(local, "faults", { condition, seconds: "" });
      expect((await backend(local, path)).status).toBe(status);
      expect(part(await loadPage(local), "switches")).toContain(text);
      expect((await fetch(`${local.issuer}/images/x.svg`)).status).toBe(200);
      expect(await outcome(await press(local, "faults", { condition: "works" }))).toBe("Clerk works again.");
      expect((await backend(local, "/v1/users")).status).toBe(200);
    },
  );

  it("lets Clerk be slow", async () => {
    const local = await standIn();
    await press(local, "faults", { condition: "slow", seconds: "0.2" });
    expect(part(await loadPage(local), "switches")).toContain("Every response takes 0.2 s longer.");
    await backend(local, "/v1/users");
    expect(local.requests()[0]?.ms).toBeGreaterThanOrEqual(195);
  });

  it("shows faults that a test has set, and removes them", async () => {
    const local = await standIn();
    local.faults([
      { path: "/v1/*", drop: true },
      { path: "/*", status: 500, times: 1 },
    ]);
    expect(part(await loadPage(local), "switches")).toContain("A test has set 2 faults.");
    await press(local, "faults", { condition: "works" });
    expect((await backend(local, "/v1/users")).status).toBe(200);
  });

  it("rotates the keys, and keeps or drops the old", async () => {
    const local = await standIn();
    const keys = async () => (await json(await fetch(`${local.issuer}/.well-known/jwks.json`))).keys;
    await press(local, "rotate-keys", { old: "keep" });
    expect(await keys()).toHaveLength(2);
    expect(part(await loadPage(local), "switches")).toContain("2 keys are published.");
    await press(local, "rotate-keys", { old: "drop" });
    expect(await keys()).toHaveLength(1);
  });

  it("shifts the clock, so that a token expires, and sets it back", async () => {
    const local = await standIn();
    await local.mint({ expiresIn: 3600 });
    const shifted = await press(local, "clock", { amount: "2", unit: "hours" });
    expect(await outcome(shifted)).toBe("The clock is 2 hours ahead.");
    expect(part(await loadPage(local), "tokens")).toContain("None yet");
    await press(local, "clock", { amount: "0", unit: "seconds" });
    expect(part(await loadPage(local), "tokens")).toContain("Access token");
  });

  it.each([
    ["set-role", { user: "grace", organization: "acme", role: "org:admin" }, "is not a member of"],
    ["set-role", { user: "bob", organization: "acme", role: "org:owner" }, "There is no role"],
    ["ban", { user: "nobody" }, "There is no user"],
    ["ban", {}, "user:"],
    ["revoke", { token: "oat_unknown" }, "no longer exists"],
    ["clock", { amount: "1e9", unit: "days" }, "At most ten years"],
    ["faults", { condition: "slow", seconds: "1e9" }, "from 0.1 to 60"],
    ["faults", { condition: "slow", seconds: "" }, "Enter the seconds"],
  ])("says what is wrong (%s)", async (action, fields, text) => {
    const answer = await press(await standIn(), action, fields as Record<string, string>);
    expect(await outcome(answer)).toContain(text);
  });
});

describe("nobody else presses a button:", () => {
  const shared = sharedStandIn();
  const BAN = { user: "bob" };
  const strangers: [string, Record<string, string>, Record<string, string | undefined>, number][] = [
    ["no key", { key: "" }, {}, 403],
    ["another key", { key: "x".repeat(32) }, {}, 403],
    ["no Origin", {}, { origin: undefined }, 403],
    ["a foreign Origin", {}, { origin: "https://evil.example" }, 403],
    ["the Origin of another port", {}, { origin: "http://127.0.0.1:3001" }, 403],
    ["the Origin of another name of this machine", {}, { origin: "http://localhost" }, 403],
    ["an opaque Origin", {}, { origin: "null" }, 403],
    ["a request from another port of this machine", {}, { "sec-fetch-site": "same-site" }, 403],
    ["a request from another site", {}, { "sec-fetch-site": "cross-site" }, 403],
  ];

  it.each(strangers)("%s is refused", async (_name, fields, headers, status) => {
    const answer = await press(shared(), "ban", { ...BAN, ...fields }, headers);
    expect(answer.status).toBe(status);
    expect(shared().users.get("bob").banned).toBe(false);
  });

  it("the key of an earlier run is refused", async () => {
    const earlier = await formKey(await standIn());
    expect((await press(shared(), "ban", { ...BAN, key: earlier })).status).toBe(403);
  });

  it("another Host is refused, as in DNS rebinding, and another name of this machine redirected", async () => {
    const { port } = new URL(shared().issuer);
    const get = (path: string, host: string) =>
      new Promise<{ status: number | undefined; location: string | undefined }>((resolve, reject) => {
        request(shared().issuer + path, { headers: { host } }, (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode, location: answer.headers.location });
        })
          .on("error", reject)
          .end();
      });
    for (const path of ["/", "/dashboard/events", "/dashboard/ban"]) {
      expect((await get(path, `evil.example:${port}`)).status).toBe(421);
    }
    expect(await get("/", `localhost:${port}`)).toEqual({ status: 303, location: `${shared().issuer}/` });
  });

  it.each([
    { origin: "https://evil.example" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "cross-site" },
  ])("the stream is refused for %o", async (headers: Record<string, string>) => {
    const answer = await fetch(`${shared().issuer}/dashboard/events`, { headers });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("the page may not be framed, nor loaded by another origin, nor load anything from elsewhere", async () => {
    const { headers } = await fetch(shared().issuer);
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'; connect-src 'self'; .*form-action 'self'; frame-ancestors 'none'/,
    );
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("GET changes nothing, and an unknown button is 404", async () => {
    expect((await fetch(`${shared().issuer}/dashboard/ban?user=bob`)).status).toBe(405);
    expect((await press(shared(), "constructor", BAN)).status).toBe(404);
    expect(shared().users.get("bob").banned).toBe(false);
  });
});

describe("the stream", () => {
  it("has the requests as they begin and as they are answered, and the sections as they change", async () => {
    const local = await standIn();
    const seen: string[] = [];
    for await (const { event, data } of events(local)) {
      if (event === "requests" && data.isAll) {
        local.faults({ path: "/v1/users", latencyMs: 400 });
        void backend(local, "/v1/users?limit=5");
      }
      if (event === "requests" && !data.isAll)
        seen.push(
          String(data.rows)
            .replace(/<[^>]*>/g, "")
            .trim(),
        );
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([
      expect.stringMatching(/^GET\/v1\/users……$/),
      expect.stringMatching(/^GET\/v1\/users200\d+ ms$/),
    ]);
    local.faults();
    let isBanned = false;
    for await (const { data } of events(local)) {
      if (data.id === "organizations" && !isBanned) {
        local.users.ban("bob");
        isBanned = true;
      }
      if (data.id === "users" && data.html?.includes("Unban Bob Babbage")) break;
    }
    expect(isBanned).toBe(true);
  });

  it("is bounded: in rows, and in pages that read it", async () => {
    const local = await standIn();
    const streams = Array.from({ length: 8 }, () => events(local));
    onTestFinished(() => Promise.all(streams.map((stream) => stream.return(undefined))).then(() => {}));
    for (const stream of streams) await stream.next();
    expect((await fetch(`${local.issuer}/dashboard/events`)).status).toBe(204);
    const [first] = streams;
    await Promise.all(Array.from({ length: 400 }, () => fetch(`${local.issuer}/.well-known/jwks.json`)));
    for (;;) {
      const { value } = (await first?.next()) ?? {};
      const rows = String(value?.data.rows ?? "").match(/<tr /g) ?? [];
      expect(rows.length).toBeLessThanOrEqual(200);
      if (String(value?.data.rows).includes("request-400")) break;
    }
    await streams.pop()?.return(undefined);
    await expect
      .poll(async () => {
        const answer = await fetch(`${local.issuer}/dashboard/events`);
        await answer.body?.cancel();
        return answer.status;
      })
      .toBe(200);
  });

  it("ends with the local Clerk", async () => {
    const local = await createClerkLocal();
    const stream = events(local);
    await stream.next();
    await local.close();
    await expect(
      (async () => {
        for await (const _ of stream);
      })(),
    ).rejects.toThrow();
  });
});
