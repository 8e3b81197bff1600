import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClerkProviderOptions } from "@xmcp-dev/clerk";
import { beforeAll, describe, expect, it } from "vitest";
import { workers } from "./platforms/platform.js";
import { protectedTemplate } from "./support/protected-template.js";
import { buildQuickly, edit, templateCopy } from "./support/template.js";
import { HEADERS, post, toolCall } from "./support/tool-call.js";

const MIDDLEWARE = `import { clerkProvider } from "@xmcp-dev/clerk";

export default clerkProvider(JSON.parse(process.env.OPTIONS ?? "{}"));
`;

const cwd = await templateCopy();
await writeFile(join(cwd, "src/middleware.ts"), MIDDLEWARE);
await edit(
  join(cwd, "src/tools/greet.ts"),
  "export const metadata",
  'export const access = { role: "org:admin" };\n\nexport const metadata',
);
await buildQuickly(cwd);
const platform = await workers(cwd);
const withOptions = (options: ClerkProviderOptions) => (env: object) =>
  platform.start({ ...env, OPTIONS: JSON.stringify(options) });

describe("access rules", async () => {
  const { clerk, mcp } = await protectedTemplate(
    {},
    withOptions({
      access: { tools: { whoami: { scopes: ["documents:read"] } } },
      publicPaths: ["/open"],
    }),
  );
  const tokenOf = async (user: string, scopes: string[], organization?: string): Promise<string> => {
    const options = { user, scopes, resource: mcp.url, ...(organization && { organization }) };
    return (await clerk.mint(options)).access_token;
  };
  const tokens = { user: "", reader: "", admin: "" };
  beforeAll(async () => {
    tokens.user = await tokenOf("bob", ["profile"]);
    tokens.reader = await tokenOf("bob", ["profile", "documents:read"]);
    tokens.admin = await tokenOf("ada", ["profile", "user:org:read"], "acme");
  });
  const send = (who: keyof typeof tokens, body: unknown, headers: Record<string, string> = {}) =>
    post(mcp.url, body, { authorization: `Bearer ${tokens[who]}`, ...headers });

  it("a token without the scope gets a 403 that names it, and a token with the scope passes", async () => {
    const refused = await send("user", toolCall("whoami"));
    expect(refused.status).toBe(403);
    expect(refused.headers.get("www-authenticate")).toMatch(
      /error="insufficient_scope".*scope="[^"]*documents:read|scope="[^"]*documents:read[^"]*".*error="insufficient_scope"/,
    );
    expect(refused.headers.get("access-control-expose-headers")).toContain("WWW-Authenticate");
    expect((await send("reader", toolCall("whoami"))).status).toBe(200);
  });

  it("a rule in a tool's own file is enforced", async () => {
    const refused = await send("user", toolCall("greet", { name: "World" }));
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: "access_denied" });
    expect((await send("admin", toolCall("greet", { name: "World" }))).status).toBe(200);
  });

  it("a batch passes or fails as a whole", async () => {
    const harmless = toolCall("get-user-info", {}, 1);
    expect((await send("user", [harmless, toolCall("whoami", {}, 2)])).status).toBe(403);
    expect((await send("user", [harmless])).status).toBe(200);
  });

  const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  const META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const LATEST = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list" };

  describe.each([
    ["2025-11-25", LIST, { "mcp-protocol-version": "2025-11-25" }],
    ["2026-07-28", { ...LIST, params: { _meta: META } }, LATEST],
  ])("in MCP %s", (_version, body, headers) => {
    it("a list has what the caller may use, and is not cached for others", async () => {
      const lists = await Promise.all(
        (["user", "reader", "admin"] as const).map(async (who) => {
          const response = await send(who, body, headers);
          expect(response.headers.get("cache-control")).toBe("private, no-cache");
          const text = await response.text();
          return ["greet", "whoami", "get-user-info"].filter((name) => text.includes(`"name":"${name}"`));
        }),
      );
      expect(lists).toEqual([["get-user-info"], ["whoami", "get-user-info"], ["greet", "get-user-info"]]);
    });
  });

  it("a body that is not JSON, or too large, does not reach the tools", async () => {
    const body = JSON.stringify(toolCall("whoami"));
    const status = async (text: string, contentType = "application/json"): Promise<number> => {
      const headers = { ...HEADERS, "content-type": contentType, authorization: `Bearer ${tokens.user}` };
      return (await fetch(mcp.url, { method: "POST", headers, body: text })).status;
    };
    expect(await status(body, "text/plain")).toBe(415);
    expect(await status(`${body},`)).toBe(400);
    expect(await status(body + " ".repeat(256 * 1024))).toBe(413);
  });

  it("a public path needs no token, but only in that exact spelling", async () => {
    expect((await fetch(`${mcp.origin}/open`)).status).toBe(404);
    for (const path of ["/OPEN", "/open/", "/opened"]) {
      expect((await fetch(mcp.origin + path)).status, path).toBe(401);
    }
  });
});

it("a rule for a tool that does not exist makes the server answer 500, and the log says why", async () => {
  const { clerk, mcp } = await protectedTemplate({}, withOptions({ access: { tools: { gret: "deny" } } }));
  const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url });
  const call = () => post(mcp.url, toolCall("whoami"), { authorization: `Bearer ${access_token}` });
  await expect.poll(async () => (await call()).status).toBe(500);
  await expect.poll(mcp.output).toMatch(/access → tools → gret: this name does not exist/);
});

it("the cached answer about a token expires, although timers end with the request that set them", async () => {
  const start = withOptions({ opaqueTokenTtl: 1 });
  const { clerk, mcp } = await protectedTemplate({ tokenFormat: "opaque" }, start);
  const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url });
  const call = async () =>
    (await post(mcp.url, toolCall("get-user-info"), { authorization: `Bearer ${access_token}` })).status;
  expect(await call()).toBe(200);
  clerk.revoke(access_token);
  await expect.poll(call, { timeout: 10_000 }).toBe(401);
});

describe("work that requests share", async () => {
  const AT_ONCE = 100;

  it.each(["jwt", "opaque"] as const)(
    "serves many concurrent first callers with %s tokens, each as the right user, while Clerk is slow",
    async (tokenFormat) => {
      const { clerk, mcp } = await protectedTemplate({ tokenFormat }, platform.start);
      const callers = await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          const { id } = clerk.users.create();
          return { id, token: (await clerk.mint({ user: id, resource: mcp.url })).access_token };
        }),
      );
      clerk.requests({ reset: true });
      clerk.faults({ path: "/*", latencyMs: 500 });
      const answers = await Promise.all(
        callers.map(async ({ token }, index) => {
          const tool = index % 2 === 0 ? "whoami" : "get-user-info";
          const response = await post(mcp.url, toolCall(tool), { authorization: `Bearer ${token}` });
          return { status: response.status, text: await response.text() };
        }),
      );
      expect(answers.map(({ status }) => status)).toEqual(callers.map(() => 200));
      expect(answers.every(({ text }, index) => text.includes(callers[index]?.id ?? "?"))).toBe(true);
      const keyRequests = clerk.requests().filter(({ path }) => path === "/.well-known/jwks.json");
      expect(keyRequests).toHaveLength(tokenFormat === "jwt" ? 1 : 0);
    },
  );

  it("continues for callers that wait for the same keys when one of them disconnects", async () => {
    const { clerk, mcp } = await protectedTemplate({}, platform.start);
    const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url });
    clerk.faults({ path: "/*", latencyMs: 1_000 });
    const call = (signal: AbortSignal | null = null) => {
      const headers = { ...HEADERS, authorization: `Bearer ${access_token}` };
      return fetch(mcp.url, { method: "POST", headers, body: JSON.stringify(toolCall("whoami")), signal });
    };
    const hangUp = new AbortController();
    const first = call(hangUp.signal).catch((error: Error) => error.name);
    await expect.poll(() => clerk.requests().length).toBeGreaterThan(0);
    const others = Array.from({ length: 10 }, () => call());
    hangUp.abort();
    expect(await first).toBe("AbortError");
    const statuses = (await Promise.all(others)).map(({ status }) => status);
    expect(statuses).toEqual(statuses.map(() => 200));
  });
});
