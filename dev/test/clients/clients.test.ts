import { beforeAll, describe, expect, it } from "vitest";
import { documentedCommand } from "../support/clients-page.js";
import { ADD_MCP, CLAUDE_CODE, CODEX } from "../support/downloaded-clients.js";
import {
  oauthRequests,
  protectedTemplate,
  type Server,
  server,
  withoutMemory,
} from "../support/protected-template.js";
import { installed } from "../support/registry-program.js";
import { CLIENTS, inTerminal } from "./clients.js";
import { isolatedClient } from "./isolated-client.js";

const autoApprove = { user: "ada" };
/** The ways in which a client becomes known to Clerk, each with the other one closed. */
const BY_DOCUMENT = { autoApprove, registration: false };
const BY_REGISTERING = { autoApprove, clientIdMetadata: false };
const DOWNLOAD_MS = 10 * 60_000;

beforeAll(async () => {
  for (const { download } of CLIENTS) await installed(download);
  await installed(ADD_MCP);
}, DOWNLOAD_MS);

describe.each(CLIENTS)("$title", ({ download, hasDocument, add, login, logout, isConnected }) => {
  it.each([
    ...(hasDocument ? [{ how: "with its metadata document", options: BY_DOCUMENT, registers: false }] : []),
    { how: "by registering", options: BY_REGISTERING, registers: true },
  ])("adds the server, signs in $how, and is connected as the person who signed in", async (way) => {
    const { clerk, mcp } = await protectedTemplate(way.options);
    const client = await isolatedClient(download);
    await add(client, mcp.url);
    expect(await isConnected(client)).toBe(true);
    expect(mcp.output()).toContain(clerk.users.get("ada").id);
    expect(oauthRequests(clerk).at(-1)).toBe("POST /oauth/token 200");
    expect(oauthRequests(clerk).includes("POST /oauth/register 201")).toBe(way.registers);
  });

  it("notices that Clerk has lost its registration, and signs in again", async () => {
    const { clerk, mcp } = await protectedTemplate(BY_REGISTERING);
    const client = await isolatedClient(download);
    await add(client, mcp.url);

    const forgetful = await withoutMemory(clerk, BY_REGISTERING);
    // The new server has none of the keys that signed the client's token.
    await mcp.stop();
    await serverAt(mcp, forgetful.env);
    expect(await isConnected(client)).toBe(false);

    await client.signIn(login);
    expect(await isConnected(client)).toBe(true);
  });

  it("has forgotten its sign-in after a logout, and signs in again", async () => {
    const { mcp } = await protectedTemplate({ autoApprove });
    const client = await isolatedClient(download);
    await add(client, mcp.url);
    await client.run(logout);
    expect(await isConnected(client)).toBe(false);
    await client.signIn(login);
    expect(await isConnected(client)).toBe(true);
  });

  it("understands the settings that add-mcp writes", async () => {
    const { mcp } = await protectedTemplate({ autoApprove });
    const client = await isolatedClient(download);
    const [, , , ...args] = documentedCommand("npx -y add-mcp", mcp.url);
    const agent = download.program === "claude" ? "claude-code" : download.program;
    await client.run([await installed(ADD_MCP), ...args, "-y", "-g", "-a", agent]);
    expect(await isConnected(client)).toBe(false);
    await client.signIn(login);
    expect(await isConnected(client)).toBe(true);
  });
});

it("Claude Code keeps a registration that was deleted while its token is good, until it is logged out", async () => {
  const { clerk, mcp } = await protectedTemplate(BY_REGISTERING);
  const client = await isolatedClient(CLAUDE_CODE);
  const [claude] = CLIENTS;
  await claude?.add(client, mcp.url);
  await withoutMemory(clerk, BY_REGISTERING);

  const login = inTerminal(documentedCommand("claude mcp login"));
  const stuck = client.start(login);
  const page = await fetch(await client.opened());
  expect(page.status).toBe(400);
  expect(await page.text()).toContain("invalid_client");
  stuck.signal("SIGTERM");

  await client.run(claude?.logout ?? []);
  await client.signIn(login);
  expect(await claude?.isConnected(client)).toBe(true);
});

it("Codex asks for the scopes that it is told, and lists OAuth whatever its token is worth", async () => {
  const defaultScopes = ["profile", "email", "documents:read"];
  const { clerk, mcp } = await protectedTemplate({ ...BY_DOCUMENT, defaultScopes });
  const client = await isolatedClient(CODEX);
  const [, codex] = CLIENTS;
  await codex?.add(client, mcp.url);
  const scopes = "profile,email,offline_access,documents:read";
  await client.signIn(["codex", "mcp", "login", "xmcp-clerk", "--scopes", scopes]);
  expect(await codex?.isConnected(client)).toBe(true);
  expect(mcp.output()).toMatch(/"type":"grant".*"documents:read"/);

  await clerk.close();
  await mcp.stop();
  expect(await client.run(["codex", "mcp", "list"])).toContain("OAuth");
});

/** Starts the server again at the address it had. */
function serverAt({ origin }: Server, env: object): Promise<Server> {
  return server({ ...env, PORT: new URL(origin).port, BASE_URL: origin });
}
