import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type AccessRule, type ClerkProviderOptions, getSession, type Session } from "@xmcp-dev/clerk";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createAuthenticator } from "../src/authenticator.js";
import { lookups } from "../src/clerk/lookups.js";
import { ClerkFailure } from "../src/errors/clerk-failure.js";
import { readSettings } from "../src/options/settings.js";
import { authRequest } from "./auth-request.js";
import { declareTools } from "./guarded-tools.js";
import { errorOf } from "./http-answer.js";
import { localClerk, optionsFor, type ProtectedServer, protectedServer } from "./protected-server.js";

declareTools("greet", "wipe", "export");

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe("an answer from Clerk", () => {
  beforeEach(() => {
    // Both clocks must agree: the cache reads one, the rules of age the other.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    vi.spyOn(performance, "now").mockImplementation(() => Date.now());
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const away = new ClerkFailure("unavailable", new Error("away"));
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  /** A fake Clerk with a given answer and delay. */
  function scripted() {
    let says: unknown = "admin";
    let delayMs = 0;
    const asked = vi.fn(async (_key: { readonly user: string }) => {
      const answer = says;
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (answer instanceof Error) throw answer;
      return answer;
    });
    return {
      asked,
      look: lookups(({ user }) => user, asked),
      from: (answer: unknown, takesMs = 0) => {
        says = answer;
        delayMs = takesMs;
      },
    };
  }
  const ada = { user: "ada" };

  it("is used for 30 seconds without asking again", async () => {
    const { asked, look, from } = scripted();
    expect(await look(ada)).toBe("admin");
    from("member");
    await pass(29.9 * SECOND);
    expect(await look(ada)).toBe("admin");
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("is used after that only while a new one is fetched", async () => {
    const { asked, look, from } = scripted();
    await look(ada);
    from("member", 3 * SECOND);
    await pass(31 * SECOND);
    expect(await look(ada)).toBe("admin");
    expect(asked).toHaveBeenCalledTimes(2);
    await pass(1 * SECOND);
    expect(await look(ada)).toBe("admin");
    await pass(3 * SECOND);
    expect(await look(ada)).toBe("member");
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("is not used when it is 60 seconds old: callers wait for the new one", async () => {
    const { look, from } = scripted();
    await look(ada);
    from("member", 3 * SECOND);
    await pass(MINUTE);
    const settled = vi.fn();
    const answer = look(ada);
    void answer.then(settled);
    await pass(2.9 * SECOND);
    expect(settled).not.toHaveBeenCalled();
    await pass(0.1 * SECOND);
    expect(await answer).toBe("member");
  });

  it("is not used past 60 seconds even if the new one was requested before and is slow", async () => {
    const { asked, look, from } = scripted();
    await look(ada);
    from("member", 20 * SECOND);
    await pass(45 * SECOND);
    expect(await look(ada)).toBe("admin");
    await pass(15 * SECOND);
    const answer = look(ada);
    await pass(5 * SECOND);
    expect(await answer).toBe("member");
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it.each([10, 30, 59, 60, 61, 3_600])("after %i idle seconds no answer is older than 60", async (idle) => {
    const { look, from } = scripted();
    await look(ada);
    from("member");
    await pass(idle * SECOND);
    const answer = await look(ada);
    if (idle >= 60) expect(answer).toBe("member");
    await pass((60 - Math.min(idle, 60)) * SECOND);
    expect(await look(ada)).toBe("member");
  });

  it("is fetched once for all concurrent callers", async () => {
    const { asked, look, from } = scripted();
    from("admin", SECOND);
    const first = Promise.all(Array.from({ length: 500 }, () => look(ada)));
    await pass(SECOND);
    expect(new Set(await first)).toEqual(new Set(["admin"]));
    expect(asked).toHaveBeenCalledTimes(1);
    await pass(2 * MINUTE);
    const later = Promise.all(Array.from({ length: 500 }, () => look(ada)));
    await pass(SECOND);
    await later;
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("is kept for 10 minutes during an outage, and no longer", async () => {
    const { look, from } = scripted();
    await look(ada);
    from(away);
    for (let minute = 1; minute <= 9; minute += 1) {
      await pass(MINUTE);
      expect(await look(ada), `minute ${minute}`).toBe("admin");
    }
    await pass(MINUTE);
    expect(await look(ada)).toBe(away);
  });

  it("is kept from when Clerk gave it, not from when it was last used", async () => {
    const { look, from } = scripted();
    await look(ada);
    from(away);
    for (let seconds = 5; seconds < 600; seconds += 5) {
      await pass(5 * SECOND);
      await look(ada);
    }
    await pass(5 * SECOND);
    expect(await look(ada)).toBe(away);
  });

  it("is fetched again soon after a failure", async () => {
    const { asked, look, from } = scripted();
    from(away);
    expect(await look(ada)).toBe(away);
    expect(await look(ada)).toBe(away);
    expect(asked).toHaveBeenCalledTimes(1);
    from("admin", SECOND);
    await pass(2.1 * SECOND);
    const answer = look(ada);
    await pass(SECOND);
    expect(await answer).toBe("admin");
  });

  it("is replaced as soon as Clerk answers again after an outage", async () => {
    const { look, from } = scripted();
    await look(ada);
    from(away);
    await pass(2 * MINUTE);
    expect(await look(ada)).toBe("admin");
    from(null);
    await pass(2.1 * SECOND);
    expect(await look(ada)).toBeNull();
  });

  it("about one user is not used for another", async () => {
    const { look, from } = scripted();
    await look(ada);
    from("member");
    expect(await look({ user: "bob" })).toBe("member");
    expect(await look(ada)).toBe("admin");
  });

  it("is evicted when the cache is full, and fetched again", async () => {
    const { asked, look } = scripted();
    for (let index = 0; index <= 10_000; index += 1) await look({ user: `user ${index}` });
    asked.mockClear();
    await look({ user: "user 10000" });
    expect(asked).not.toHaveBeenCalled();
    await look({ user: "user 0" });
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("is never a programming error, which is thrown", async () => {
    const { look, from } = scripted();
    from(new TypeError("defect"));
    await expect(look(ada)).rejects.toThrow("defect");
    from("admin");
    expect(await look(ada)).toBe("admin");
  });
});

const ADMINS_ONLY: ClerkProviderOptions = {
  access: { tools: { wipe: { role: "org:admin" }, export: { permission: "documents:delete" } } },
};

async function fresh(tool: Parameters<typeof protectedServer>[2] = () => ({ ...getSession() })) {
  const clerk = await localClerk();
  const server = await protectedServer(clerk, ADMINS_ONLY, tool);
  const tokenIn = async (organization: string, user = "ada") =>
    (await clerk.mint({ resource: server.url, user, organization })).access_token;
  return { clerk, server, tokenIn };
}

/** Advances every clock of this process. */
function clock(): (ms: number) => void {
  let passed = 0;
  for (const one of [Date, performance]) {
    const now = one.now.bind(one);
    vi.spyOn(one, "now").mockImplementation(() => now() + passed);
  }
  return (ms) => {
    passed += ms;
  };
}

const statusOf = async ({ call }: ProtectedServer, token: string, tool = "wipe") =>
  (await call(token, tool)).status;

describe("a change takes effect within 60 seconds:", () => {
  const changes: [string, number, (clerk: ClerkLocal) => unknown][] = [
    ["the loss of a role", 403, ({ organizations }) => organizations.setRole("acme", "ada", "org:member")],
    ["the removal of a member", 403, ({ organizations }) => organizations.removeMember("acme", "ada")],
    ["the loss of a permission", 403, ({ organizations }) => organizations.defineRole("org:admin", [])],
    ["the deletion of the organization", 403, ({ organizations }) => organizations.delete("acme")],
    ["the deletion of the user", 403, ({ users }) => users.delete("ada")],
  ];

  it.each(changes)("%s", async (_, status, change) => {
    const pass = clock();
    const { clerk, server, tokenIn } = await fresh();
    const token = await tokenIn("acme");
    expect(await statusOf(server, token, "export")).toBe(200);
    change(clerk);
    pass(60 * SECOND);
    expect(await statusOf(server, token, "export")).toBe(status);
  });

  it.each(changes)("%s, for a user who calls all the time", async (_, status, change) => {
    const pass = clock();
    const { clerk, server, tokenIn } = await fresh();
    const token = await tokenIn("acme");
    expect(await statusOf(server, token, "export")).toBe(200);
    change(clerk);
    for (let second = 0; second < 55; second += 5) {
      await statusOf(server, token, "export");
      pass(5 * SECOND);
    }
    pass(5 * SECOND);
    expect(await statusOf(server, token, "export")).toBe(status);
  });

  it("the gain of a role", async () => {
    const pass = clock();
    const { clerk, server, tokenIn } = await fresh();
    const token = await tokenIn("acme", "bob");
    expect(await statusOf(server, token)).toBe(403);
    clerk.organizations.setRole("acme", "bob", "org:admin");
    pass(60 * SECOND);
    expect(await statusOf(server, token)).toBe(200);
  });

  it("the removal of a member, in a tool's session", async () => {
    const pass = clock();
    const { clerk, server, tokenIn } = await fresh();
    const token = await tokenIn("acme");
    expect(await (await server.call(token)).json()).toMatchObject({ organizationRole: "org:admin" });
    clerk.organizations.removeMember("acme", "ada");
    pass(60 * SECOND);
    const session = await (await server.call(token)).json();
    for (const member of [
      "organizationId",
      "organizationSlug",
      "organizationRole",
      "organizationPermissions",
    ])
      expect(session).not.toHaveProperty(member);
  });

  it("the switch to another organization, at once", async () => {
    const { server, tokenIn } = await fresh();
    const [acme, globex] = [await tokenIn("acme"), await tokenIn("globex")];
    const seen = async (token: string) =>
      ((await (await server.call(token)).json()) as Record<string, unknown>).organizationSlug;
    for (const [token, status, slug] of [
      [acme, 200, "acme"],
      [globex, 403, "globex"],
      [acme, 200, "acme"],
    ] as const) {
      expect(await statusOf(server, token)).toBe(status);
      expect(await seen(token)).toBe(slug);
    }
  });
});

describe("while Clerk", () => {
  it("is unreachable, a call that needs a role gets 503 with Retry-After, and others work", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { clerk, server, tokenIn } = await fresh();
    const [inAcme, globex] = [await tokenIn("acme"), await tokenIn("globex")];
    const alone = (await clerk.mint({ resource: server.url, user: "ada" })).access_token;
    await server.call(globex);
    clerk.faults({ path: "/v1/*", drop: true });
    for (const tool of ["wipe", "export"]) {
      const response = await server.call(inAcme, tool);
      expect(response.status).toBe(503);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      expect(response.headers.get("www-authenticate")).toBeNull();
      expect(await errorOf(response)).toMatchObject({ error: "temporarily_unavailable" });
    }
    for (const token of [inAcme, globex, alone]) expect(await statusOf(server, token, "greet")).toBe(200);
    // Rules with a cached role, or without a role, are decided as usual.
    expect(await statusOf(server, globex)).toBe(403);
    expect(await statusOf(server, alone)).toBe(403);
    const batch = ["greet", "wipe"].map((name, id) => ({ id, method: "tools/call", params: { name } }));
    const response = await server.fetch("/mcp", inAcme, { method: "POST", body: JSON.stringify(batch) });
    expect(response.status).toBe(503);
    const denied = server.events.filter(({ type }) => type === "deny");
    expect(denied.map((event) => "reason" in event && event.reason)).toEqual([
      "clerk_unavailable",
      "clerk_unavailable",
      "role_missing",
      "organization_missing",
      "clerk_unavailable",
    ]);
  });

  it.each([
    ["organization", { organization: true }],
    ["organizations", { organizations: ["org_local000000000000000000acme"] }],
    ["role", { role: "org:member" }],
    ["permission", { permission: "org:documents:read" }],
    ["organization and scopes", { organization: true, scopes: ["profile"] }],
  ] satisfies [string, AccessRule][])(
    "cannot confirm a membership, a rule about it (%s) is not met: 503, and 500 for a wrong secret key",
    async (_, rule) => {
      vi.spyOn(console, "error").mockImplementation(() => {});
      for (const [fault, status] of [
        [{ drop: true }, 503],
        [{ status: 500 }, 503],
        [{ status: 429 }, 503],
        [{ status: 401 }, 500],
      ] as const) {
        const clerk = await localClerk();
        const server = await protectedServer(clerk, { access: { tools: { wipe: rule } } });
        const { access_token } = await clerk.mint({
          resource: server.url,
          user: "ada",
          organization: "acme",
        });
        clerk.faults({ path: "/v1/*", ...fault });
        expect(await statusOf(server, access_token)).toBe(status);
        expect(await statusOf(server, access_token, "greet")).toBe(200);
        expect(server.events.filter(({ type }) => type === "grant")[0]).not.toHaveProperty("organizationId");
      }
    },
  );

  it("is unreachable, a call that its rule refuses in any case gets 403, not 503", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const clerk = await localClerk();
    const tools = { wipe: { role: "org:admin", callers: ["machine"] } } as const;
    const server = await protectedServer(clerk, { access: { tools } });
    const { access_token } = await clerk.mint({ resource: server.url, user: "ada", organization: "acme" });
    clerk.faults({ path: "/v1/*", drop: true });
    expect(await statusOf(server, access_token)).toBe(403);
  });

  it("is unreachable, a call that needs metadata gets 503, and others work", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const clerk = await localClerk();
    const tools = { wipe: { metadata: { plan: "pro" } } };
    const server = await protectedServer(clerk, { access: { tools } });
    const { access_token } = await clerk.mint({ resource: server.url, user: "ada" });
    clerk.faults({ path: "/v1/*", drop: true });
    expect([await statusOf(server, access_token), await statusOf(server, access_token, "greet")]).toEqual([
      503, 200,
    ]);
  });

  it("rejects our secret key, a call that needs a role gets 500, and others work", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const clerk = await localClerk();
    const server = await protectedServer(clerk, { ...ADMINS_ONLY, secretKey: "sk_test_another1234567890" });
    const { access_token } = await clerk.mint({ resource: server.url, user: "ada", organization: "acme" });
    const response = await server.call(access_token, "wipe");
    expect(response.status).toBe(500);
    expect(await errorOf(response)).toEqual({
      error: "server_error",
      error_description: "Authentication service misconfigured",
    });
    expect(await statusOf(server, access_token, "greet")).toBe(200);
  });

  it("is unreachable, has({ role }) in a tool throws a message for people, and has({ scope }) works", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { clerk, server, tokenIn } = await fresh((request) => {
      const { params } = request.body as { params: { name: string } };
      const has: Session["has"] = (asked) => getSession().has(asked);
      switch (params.name) {
        case "role":
          return { has: has({ role: "org:admin" }) };
        case "permission":
          return { has: has({ scope: "profile", permission: "org:documents:read" }) };
        default:
          return { has: [has({ scope: "profile" }), has({ scope: "absent", role: "org:admin" }), has({})] };
      }
    });
    const token = await tokenIn("acme");
    clerk.faults({ path: "/v1/*", drop: true });
    for (const asked of ["role", "permission"]) {
      const response = await server.call(token, asked);
      expect(await response.json()).toEqual({
        name: "ClerkFailure",
        message:
          "[Clerk] Clerk cannot be reached right now. Your sign-in is still valid; try again in a minute.",
      });
    }
    expect(await (await server.call(token, "scope")).json()).toEqual({ has: [true, false, false] });
  });

  it("is reachable again, its answers count again", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const pass = clock();
    const { clerk, server, tokenIn } = await fresh();
    const token = await tokenIn("acme");
    expect(await statusOf(server, token)).toBe(200);
    clerk.faults({ path: "/v1/*", drop: true });
    pass(9 * MINUTE);
    expect(await statusOf(server, token)).toBe(200);
    clerk.faults();
    clerk.organizations.setRole("acme", "ada", "org:member");
    pass(10 * SECOND);
    expect(await statusOf(server, token)).toBe(403);
  });
});

describe("40 users in 10 organizations each", () => {
  const USERS = 40;
  const EACH = 10;
  const AT_ONCE = 200;

  const roleOf = (user: number, organization: number) =>
    (user * 7 + organization) % 3 === 0 ? "org:admin" : "org:member";

  const BACKEND_API = `
    import { createServer } from "node:http";
    import { parentPort, workerData } from "node:worker_threads";
    let looked = 0;
    const server = createServer(({ url }, response) => {
      if (url === "/looked") return response.end(String(looked));
      looked += 1;
      response.setHeader("content-type", "application/json");
      response.end(workerData.get(url.split("?")[0]));
    });
    server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
  `;

  /**
   * A Backend API with memberships only, on its own thread: the local Clerk gets slower with their number, and a busy thread
   * accepts new connections one by one.
   */
  async function membershipsOnly(users: readonly string[], organizations: readonly string[]) {
    const answers = users.map((id, user) => {
      const data = organizations.map((organization, index) => ({
        organization: { id: organization, slug: `slug-${index}` },
        role: roleOf(user, index),
        permissions: [],
      }));
      const body = JSON.stringify({ data, total_count: data.length });
      return [`/v1/users/${id}/organization_memberships`, body] as const;
    });
    const code = new URL(`data:text/javascript,${encodeURIComponent(BACKEND_API)}`);
    const worker = new Worker(code, { workerData: new Map(answers) });
    onTestFinished(async () => {
      await worker.terminate();
    });
    const [port] = await once(worker, "message");
    const apiUrl = `http://127.0.0.1:${port}`;
    return { apiUrl, looked: async () => Number(await (await fetch(`${apiUrl}/looked`)).text()) };
  }

  it("800 calls, 200 at a time: each has its own user, organization and role, and each pair is looked up once", async () => {
    const clerk = await localClerk();
    const users = Array.from({ length: USERS }, () => clerk.users.create().id);
    const organizations = Array.from({ length: EACH }, () => clerk.organizations.create().id);
    const { apiUrl, looked } = await membershipsOnly(users, organizations);
    const baseURL = "http://127.0.0.1";
    const options = { ...optionsFor(clerk), ...ADMINS_ONLY, apiUrl, baseURL, onEvent: false } as const;
    const settings = readSettings(options, {});
    const { decide } = createAuthenticator(settings);
    const request = (token: string, name: string) =>
      authRequest([`Bearer ${token}`], { method: "tools/call", params: { name } });

    const wrong: unknown[] = [];
    const seen = new Set<string>();
    let started = 0;
    const caller = async (): Promise<void> => {
      while (started < USERS * EACH) {
        const call = started++;
        // Concurrent calls have the same user in different organizations, and different users in the same one.
        const user = Math.floor(call / (EACH * 10)) * 10 + (call % 10);
        const index = Math.floor(call / 10) % EACH;
        const userId = String(users[user]);
        const organizationId = String(organizations[index]);
        const { access_token } = await clerk.mint({
          resource: settings.resource,
          user: userId,
          organization: organizationId,
        });
        const [open, adminsOnly] = await Promise.all(
          ["greet", "wipe"].map((tool) => decide(request(access_token, tool))),
        );
        const role = roleOf(user, index);
        const session = open?.outcome === "authenticated" ? open.context.session : undefined;
        const isRight =
          session?.userId === userId &&
          session.organizationId === organizationId &&
          session.organizationSlug === `slug-${index}` &&
          session.organizationRole === role &&
          (adminsOnly?.outcome === "authenticated") === (role === "org:admin");
        if (isRight) seen.add(`${userId} ${organizationId}`);
        else wrong.push({ userId, organizationId, role, session, adminsOnly });
      }
    };
    // Loads the SDK and the keys before the concurrent calls.
    const { access_token } = await clerk.mint({ resource: settings.resource, user: String(users[0]) });
    await decide(request(access_token, "greet"));
    await Promise.all(Array.from({ length: AT_ONCE }, caller));

    expect(wrong.slice(0, 3)).toEqual([]);
    expect(seen.size).toBe(USERS * EACH);
    expect(await looked()).toBe(USERS * EACH);
  }, 60_000);
});
