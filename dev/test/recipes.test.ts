/** Each recipe of `docs/recipes`: its finished code, taken from the page, on the local Clerk. */
import { parseEnv } from "node:util";
import type { Client } from "@modelcontextprotocol/client";
import type { ClerkLocalOptions } from "@xmcp-dev/clerk-local";
import { freePort, type SignedInOptions, signedIn, type TestServer } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { eventually } from "./support/eventually.js";
import { pglite } from "./support/pglite.js";
import { run } from "./support/program.js";
import { codeOf, RecipeProject } from "./support/recipe-project.js";
import { post, toolCall } from "./support/tool-call.js";

const postgres = pglite();
const project = await RecipeProject.create();
const cwd = project.folder;
const withTemplate = await project.server("plans");

const clientOf = (server: TestServer, options: SignedInOptions = {}) => signedIn({ server, ...options });

/** The text that a tool answers with; of a tool's error too. */
async function textOf(client: Client, name: string, args: object = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: { ...args } });
  return (content as { text: string }[]).map(({ text }) => text).join("\n");
}

const namesOf = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name);

/** Runs a script of a page with the environment of the local Clerk. @returns what it prints */
async function script(server: TestServer, file: string, args: readonly string[], env = {}): Promise<string> {
  const { code, output } = await run("node", [file, ...args], { cwd, env: { ...server.clerk.env, ...env } });
  expect(code, output).toBe(0);
  return output.trim();
}

it("the code of all pages passes the type check of the template", async () => {
  const types = await run("tsc", ["--noEmit"], { cwd });
  expect(types.code, types.output).toBe(0);
});

it("test-your-tools: npm test runs the tests of the page, and those of call-google-or-github", async () => {
  const files = ["greet-as-bob", "who-may-list", "my-repositories"].map((name) => `test/${name}.test.ts`);
  const tests = await run("npm", ["test", "--", ...files], { cwd, env: { NO_COLOR: "1" } });
  expect(tests.code, tests.output).toBe(0);
  expect(tests.output).toMatch(/Tests {2}6 passed/);
});

it("call-google-or-github: the tools use the account's token, and say which account is missing", async () => {
  const port = await freePort();
  const providers = `http://127.0.0.1:${port}/providers`;
  const server = await project.server("call-google-or-github", {
    clerk: { port },
    env: { GITHUB_API_URL: `${providers}/github`, GOOGLE_API_URL: `${providers}/google` },
  });
  const ada = await clientOf(server);
  const page = `Open ${server.clerk.issuer}/user, then ask again.`;
  expect(await textOf(ada, "my-repositories")).toBe(`Connect your GitHub account. ${page}`);
  expect(await textOf(ada, "next-events")).toBe(`Connect your Google account. ${page}`);
  const connect = (provider: string, scopes?: string[]) =>
    server.clerk.connectedAccounts.connect({ user: "ada", provider, ...(scopes && { scopes }) });
  connect("github", ["read:user"]);
  expect(await textOf(ada, "my-repositories")).toContain("again, and allow repo.");
  connect("github");
  connect("google");
  expect(await textOf(ada, "my-repositories")).toMatch(/^ada\/\S+$/m);
  expect(await textOf(ada, "next-events")).toBe("Tea with Grace");
});

it("multi-tenant-database: an organization reads and writes its own rows only", async () => {
  const DATABASE_URL = await postgres;
  const server = await project.server("multi-tenant-database", { env: { DATABASE_URL } });
  await script(server, "database/migrate.mjs", [], { DATABASE_URL });
  const [acme, globex, nobody] = await Promise.all([
    clientOf(server, { user: "ada", organization: "acme" }),
    clientOf(server, { user: "ada", organization: "globex" }),
    clientOf(server, { user: "ada" }),
  ]);
  expect(await textOf(acme, "add-note", { body: "Anvils" })).toMatch(/^Saved as note \d+\.$/);
  expect(await textOf(globex, "add-note", { body: "Secret" })).toMatch(/^Saved/);
  const notesOf = async (client: Client) =>
    (await client.callTool({ name: "list-notes" })).structuredContent as { notes: object[] };
  const authorId = server.clerk.users.get("ada").id;
  for (let round = 0; round < 5; round++) {
    const [ofAcme, ofGlobex] = await Promise.all([notesOf(acme), notesOf(globex)]);
    expect(ofAcme.notes).toEqual([{ id: expect.any(String), authorId, body: "Anvils" }]);
    expect(ofGlobex.notes).toEqual([{ id: expect.any(String), authorId, body: "Secret" }]);
  }
  await expect(textOf(nobody, "list-notes")).rejects.toThrow("sign in again and choose one");
});

it("plans: the plan that billing writes opens the tool; without it the reason or the link is answered", async () => {
  const server = withTemplate;
  const [ada, bob] = await Promise.all([clientOf(server), clientOf(server, { user: "bob" })]);
  const adaId = server.clerk.users.get("ada").id;
  expect(await script(server, "billing/set-plan.mjs", [adaId, "pro"])).toBe(`${adaId} now has the plan pro.`);
  expect(await textOf(ada, "export-report")).toContain("2026-11,4200");
  expect(await textOf(ada, "compare-reports")).toBe("Revenue grew by 12 percent.");
  expect(await namesOf(bob)).not.toContain("export-report");
  await expect(textOf(bob, "export-report")).rejects.toThrow("You may not do this: this needs");
  expect(await textOf(bob, "compare-reports")).toContain("Upgrade at https://example.com/pricing.");
});

it("api-keys-for-ci: the workflow's command calls the tool with the key that the script made, and people cannot", async () => {
  const server = await project.server("api-keys-for-ci");
  const { id } = server.clerk.organizations.list().find(({ slug }) => slug === "acme") ?? { id: "" };
  const MCP_API_KEY = await script(server, "scripts/create-key.mjs", [id]);
  const [command = ""] =
    /- run: (node .*)$/m.exec(codeOf("api-keys-for-ci", ".github/workflows/release.yml"))?.slice(1) ?? [];
  const env = { MCP_URL: server.url, MCP_API_KEY, GITHUB_REF_NAME: "v1.2.3" };
  const { code, output } = await run("sh", ["-c", command], { cwd, env });
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringMatching(`^Published 1.2.3 for ${id} with`),
  });
  const ada = await clientOf(server);
  expect(await namesOf(ada)).not.toContain("publish-release");
  await expect(textOf(ada, "publish-release", { version: "1.2.3" })).rejects.toThrow("You may not do this");
});

describe("custom-scopes", () => {
  const seed = JSON.parse(codeOf("custom-scopes", "seed.json")) as NonNullable<ClerkLocalOptions["seed"]>;
  const started = project.server("custom-scopes", { clerk: { seed } });

  it("a token with the advertised scopes opens one tool, and lists both", async () => {
    const ada = await clientOf(await started);
    expect(await textOf(ada, "invoices-list")).toBe("INV-1, INV-2. You cannot delete them.");
    expect(await namesOf(ada)).toEqual(expect.arrayContaining(["invoices-list", "invoices-delete"]));
  });

  it("the challenge names every scope of the call, and a token with these opens it", async () => {
    const server = await started;
    const { access_token } = await server.clerk.mint({
      scopes: ["profile", "invoices:read"],
      resource: server.url,
    });
    const headers = { authorization: `Bearer ${access_token}` };
    const refused = await post(server.url, toolCall("invoices-delete", { id: "INV-1" }), headers);
    const challenge = refused.headers.get("www-authenticate") ?? "";
    expect([refused.status, challenge]).toEqual([403, expect.stringContaining('error="insufficient_scope"')]);
    const scopes = (/scope="([^"]*)"/.exec(challenge)?.[1] ?? "").split(" ");
    expect(scopes).toEqual(expect.arrayContaining(["profile", "email", "invoices:read", "invoices:write"]));
    const stepped = await clientOf(server, { scopes });
    expect(await textOf(stepped, "invoices-delete", { id: "INV-1" })).toBe("Deleted INV-1.");
    expect(await textOf(stepped, "invoices-list")).toContain("You can delete them.");
  });
});

it("logs-metrics-alerts: events are lines of the log, metrics and spans", async () => {
  const env = {
    NODE_OPTIONS: "--import ./instrumentation.mjs",
    OTEL_METRIC_EXPORT_INTERVAL: "500",
    OTEL_BSP_SCHEDULE_DELAY: "100",
  };
  const server = await project.server("logs-metrics-alerts", { env });
  const ada = await clientOf(server);
  await ada.callTool({ name: "greet", arguments: { name: "World" } });
  await expect(ada.callTool({ name: "invented-by-a-caller" })).rejects.toThrow();
  await expect(clientOf(server, { credential: "not-a-token" })).rejects.toThrow("invalid_token");
  const shown = [
    /^\{.*"type":"tool".*"name":"greet".*"outcome":"ok".*\}$/m,
    /^\{.*"type":"deny".*"reason":"token_malformed".*"status":401.*\}$/m,
    /name: 'mcp\.server\.tool\.duration'/,
    /name: 'mcp\.server\.denials'/,
    /name: 'tools\/call greet'/,
  ];
  await eventually("the server prints them", () => shown.every((pattern) => pattern.test(server.output())));
  expect(server.output()).toMatch(/'gen_ai\.tool\.name': 'other'/);
  expect(server.output()).not.toMatch(/'gen_ai\.tool\.name': 'invented/);
});

it("revoke-now: a ban counts at the next call of a tool that asks for the active user", async () => {
  const server = await project.server("revoke-now");
  const ada = await clientOf(server, { organization: "acme" });
  const { id } = server.clerk.users.get("ada");
  expect(await textOf(ada, "send-payment", { amount: 5 })).toBe(`Sent 5 for ${id}.`);
  await script(server, "scripts/ban.mjs", [id]);
  expect(await textOf(ada, "send-payment", { amount: 5 })).toMatch(/^Your account is suspended\./);

  // Nothing about Bob is cached, so the rule for all tools refuses his first call.
  await script(server, "scripts/ban.mjs", [server.clerk.users.get("bob").id]);
  const { access_token: credential } = await server.clerk.mint({
    user: "bob",
    organization: "acme",
    resource: server.url,
  });
  const bob = await clientOf(server, { credential });
  await expect(textOf(bob, "whoami")).rejects.toThrow("You may not do this");
});

it("public-tools: a stranger connects and calls the public tool only; a member finds more", async () => {
  const server = await project.server("public-tools");
  const ask = (body: object) => post(server.url, body);
  const search = toolCall("search-docs", { query: "printer" });
  const found = await (await ask(search)).text();
  expect(found).toContain("Install the printer");
  expect(found).not.toContain("prices");
  expect((await ask(toolCall("whoami"))).status).toBe(401);
  expect(await (await ask({ jsonrpc: "2.0", id: 1, method: "tools/list" })).text()).toContain('"whoami"');
  const ada = await clientOf(server);
  expect(await textOf(ada, "search-docs", { query: "printer" })).toContain("Printer prices for members");
});

it("custom-domain: the metadata names the domains of the page, and the challenge leads to it", async () => {
  const env = parseEnv(codeOf("custom-domain", ".env.production").replace("sk_live_...", "sk_live_page"));
  const server = await project.server("custom-domain", {
    env: { ...env, CLERK_PUBLISHABLE_KEY: "", CLERK_API_URL: "" },
  });
  const metadata = await fetch(`${server.origin}/.well-known/oauth-protected-resource/mcp`);
  expect(await metadata.json()).toMatchObject({
    resource: "https://mcp.example.com/mcp",
    authorization_servers: ["https://clerk.example.com"],
    resource_documentation: "https://example.com/docs/mcp",
  });
  const refused = await post(server.url, toolCall("whoami"));
  expect(refused.headers.get("www-authenticate")).toContain('="https://mcp.example.com/.well-known/');
});

describe("a migrated project", () => {
  const users = async (recipe: string) => {
    const server = await project.server(recipe);
    return {
      server,
      ada: await clientOf(server, { organization: "acme", scopes: ["profile", "user:org:read"] }),
    };
  };

  it("migrate-from-xmcp-clerk: the tool of before works", async () => {
    const { server, ada } = await users("migrate-from-xmcp-clerk");
    expect(await textOf(ada, "my-role")).toMatch(/^Ada has org:admin in org_/);
    expect(await textOf(await clientOf(server, { user: "grace" }), "my-role")).toBe(
      "Grace has not chosen an organization.",
    );
  });

  it("migrate-from-clerk-mcp-tools: everybody connects, lists and calls what was public", async () => {
    const { server, ada } = await users("migrate-from-clerk-mcp-tools");
    const { id } = server.clerk.users.get("ada");
    expect(JSON.parse(await textOf(ada, "get_clerk_user_data"))).toMatchObject({ id, firstName: "Ada" });
    expect((await post(server.url, toolCall("server-time"))).status).toBe(200);
    expect((await post(server.url, toolCall("get_clerk_user_data"))).status).toBe(401);
    const list = await post(server.url, { jsonrpc: "2.0", id: 1, method: "tools/list" });
    expect(await list.text()).toContain('"get_clerk_user_data"');
  });

  it("migrate-from-mcp-use: what ctx.auth had is in the session and the profile", async () => {
    const { server, ada } = await users("migrate-from-mcp-use");
    const result = await ada.callTool({ name: "get-account", arguments: { includeScopes: true } });
    const { id, email } = server.clerk.users.get("ada");
    expect(result.structuredContent).toEqual({
      userId: id,
      email,
      organizationId: expect.stringMatching(/^org_/),
      scopes: ["profile", "user:org:read"],
    });
  });
});
