import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { ClerkLocalOptions } from "@xmcp-dev/clerk-local";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { expect, it } from "vitest";
import { atEnd } from "./support/at-end.js";
import { documentedCommand, documentedJson } from "./support/clients-page.js";
import { defaultBrowser } from "./support/default-browser.js";
import {
  oauthRequests,
  protectedTemplate,
  server,
  standIn,
  withoutMemory,
} from "./support/protected-template.js";
import { ROOT } from "./support/template.js";

const autoApprove = { user: "ada" };
const DOCUMENT = {
  client_id: "https://client.test/oauth/client.json",
  client_name: "Client with a document",
  redirect_uris: ["http://localhost/oauth/callback", "http://127.0.0.1/oauth/callback"],
};
const REGISTERED = ["POST /oauth/register 201", "GET /oauth/authorize 303", "POST /oauth/token 200"];

it("signs in with the browser, and calls a tool as the person who signed in", async () => {
  const { clerk, mcp, connect, browser } = await scene();
  const connected = connect();
  const page = await visit(await browser.opened());
  expect(await page.text()).toContain("Authorization successful!");
  expect(await whoami(await connected)).toBe(clerk.users.get("ada").id);
  expect(oauthRequests(clerk)).toEqual(REGISTERED);

  clerk.requests({ reset: true });
  expect(await whoami(await connect()), "what it remembers is enough").toBe(clerk.users.get("ada").id);
  expect(oauthRequests(clerk)).toEqual([]);
  expect(mcp.output()).not.toContain('"type":"clerk"');
});

it.each([
  ["its document, if registration is off", { registration: false }, DOCUMENT.client_id],
  ["its document, if both are possible", {}, DOCUMENT.client_id],
  [
    "registration, if Clerk takes no documents and its answer lacks refresh_token",
    { clientIdMetadata: false, registeredGrantTypes: "authorization_code" as const },
    undefined,
  ],
])("with --client-metadata-url signs in by %s", async (_way, options, clientId) => {
  const { clerk, connect, browser } = await scene(options);
  clerk.metadataClients.publish(DOCUMENT);
  const connected = connect(["--client-metadata-url", DOCUMENT.client_id]);
  await visit(await browser.opened());
  expect(await whoami(await connected)).toBe(clerk.users.get("ada").id);
  expect(oauthRequests(clerk)).toEqual(clientId === undefined ? REGISTERED : REGISTERED.slice(1));
  expect(clerk.metadataClients.list().map((client) => client.clientId)).toEqual(
    clientId === undefined ? [] : [clientId],
  );
});

it("refreshes an expired token without the browser", async () => {
  const { clerk, connect, signIn, expire } = await scene();
  await signIn();
  await expire();
  clerk.requests({ reset: true });
  expect(await whoami(await connect())).toBe(clerk.users.get("ada").id);
  expect(oauthRequests(clerk)).toEqual(["POST /oauth/token 200"]);
});

it("registers and signs in again if Clerk has lost its registration", async () => {
  const { clerk, connect, browser, signIn, expire } = await scene();
  await signIn();
  await expire();
  const forgetful = await withoutMemory(clerk, { autoApprove });
  const connected = connect();
  await visit(await browser.opened());
  expect(await whoami(await connected)).toBe(forgetful.users.get("ada").id);
  expect(oauthRequests(forgetful)).toEqual(["POST /oauth/token 401", ...REGISTERED]);
});

it("gets invalid_scope if its application lacks openid, and signs in without openid", async () => {
  const application = {
    clientId: "client_ours",
    name: "Ours",
    redirectUris: ["http://localhost/oauth/callback"],
  };
  const { clerk, connect, browser } = await scene({
    seed: { users: [{ username: "ada", email: "ada@example.com" }], oauthApplications: [application] },
    // At Clerk an application of one's own has each port in its list.
    localhostRedirects: "any-port",
  });
  const asOurs = ["--static-oauth-client-info", JSON.stringify({ client_id: application.clientId })];
  const asking = (scope: string) => [...asOurs, "--static-oauth-client-metadata", JSON.stringify({ scope })];

  const refused = expect(connect(asking("openid profile email"))).rejects.toThrow("invalid_scope");
  const page = await visit(await browser.opened());
  expect(new URL(page.url).searchParams.get("error")).toBe("invalid_scope");
  await refused;

  const connected = connect(asking("profile email"));
  await visit(await browser.opened());
  expect(await whoami(await connected)).toBe(clerk.users.get("ada").id);
});

it("without the resource parameter gets a token without an audience, which only CLERK_AUDIENCE=when-present accepts", async () => {
  const clerk = await standIn({ autoApprove });
  const strict = await server(clerk.env);
  const lenient = await server({ ...clerk.env, CLERK_AUDIENCE: "when-present" });
  const silent = ["--disable-resource-parameter"];

  const accepted = await remote(lenient.url);
  await accepted.signIn(silent);
  expect(lenient.output()).toContain("A token without an audience was accepted");

  const refused = await remote(strict.url);
  const connecting = refused.connect(silent);
  const gaveUp = expect(connecting).rejects.toThrow("Connection closed");
  for (const _attempt of ["first", "once more"]) await visit(await refused.browser.opened());
  await gaveUp;
  expect(strict.output()).toContain('"audience_missing"');

  expect(await (await remote(strict.url)).signIn()).toBe(clerk.users.get("ada").id);
});

it("starts with the documented configuration of Claude Desktop", async () => {
  const { clerk, mcp, browser } = await scene();
  const { mcpServers } = documentedJson("claude_desktop_config.json", mcp.url) as {
    mcpServers: Record<string, { command: string; args: string[] }>;
  };
  const { command = "", args = [] } = mcpServers["xmcp-clerk"] ?? {};
  expect([command, ...args]).toEqual(documentedCommand("npx -y mcp-remote", mcp.url));
  const connecting = connect({ command, args, env: browser.env });
  await visit(await browser.opened());
  expect(await whoami(await connecting)).toBe(clerk.users.get("ada").id);
});

/** The server, the local Clerk, and an `mcp-remote` with a browser. */
async function scene(options: ClerkLocalOptions = {}) {
  const { clerk, mcp } = await protectedTemplate({ autoApprove, ...options });
  const { home, ...rest } = await remote(mcp.url);
  return {
    clerk,
    mcp,
    ...rest,
    /** Replaces its stored access token with an expired one. */
    async expire() {
      const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url, expiresIn: -60 });
      const names = await readdir(join(home, ".mcp-auth"), { recursive: true });
      const file = join(home, ".mcp-auth", names.find((name) => name.endsWith("_tokens.json")) ?? "");
      const tokens = JSON.parse(await readFile(file, "utf8")) as object;
      await writeFile(file, JSON.stringify({ ...tokens, access_token }));
    },
  };
}

/** `mcp-remote` in front of a server, as an MCP client with stdio only starts it. */
async function remote(url: string) {
  const browser = await defaultBrowser();
  // Its own choice is one that the system may give to another program at any time.
  const callbackPort = String(await freePort());
  const start = (more: readonly string[] = []) =>
    connect({ command: "mcp-remote", args: [url, callbackPort, ...more], env: browser.env });
  return {
    browser,
    home: browser.env.HOME,
    connect: start,
    async signIn(more: readonly string[] = []): Promise<string> {
      const connecting = start(more);
      await visit(await browser.opened());
      const client = await connecting;
      const userId = await whoami(client);
      await client.close();
      return userId;
    },
  };
}

async function connect(program: {
  command: string;
  args: string[];
  env: Record<string, string>;
}): Promise<Client> {
  // In this folder npx finds the installed version.
  const transport = new StdioClientTransport({ ...program, cwd: ROOT, stderr: "pipe" });
  let said = "";
  transport.stderr?.on("data", (text) => {
    said += text;
  });
  atEnd(() => transport.close());
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(transport).catch((cause: unknown) => {
    throw new Error(`mcp-remote ended. ${cause} ${said}`, { cause });
  });
  return client;
}

async function whoami(client: Client): Promise<string> {
  const { structuredContent } = await client.callTool({ name: "whoami" });
  return (structuredContent as { userId: string }).userId;
}

/** Opens a page as a browser that does not keep the connection, for whose end `mcp-remote` may wait before it ends itself. */
function visit(address: string): Promise<Response> {
  return fetch(address, { headers: { connection: "close" } });
}
