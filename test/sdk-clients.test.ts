import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { UnauthorizedError as UnauthorizedErrorV1 } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { ClerkLocal, TokenFormat } from "@xmcp-dev/clerk-local";
import { describe, expect, it } from "vitest";
import { HeadlessSignIn } from "../scripts/headless-sign-in.mjs";
import { atEnd } from "./support/at-end.js";
import {
  oauthRequests,
  protectedTemplate,
  type Server,
  withoutMemory,
} from "./support/protected-template.js";

type Call = (name: string, args?: Record<string, unknown>) => Promise<unknown>;

/** Signs in from the first refused request on, and then calls tools. */
type Connect = (url: URL, person: HeadlessSignIn) => Promise<Call>;

const connectV2: Connect = async (url, person) => {
  const connected = async () => {
    const client = new Client({ name: "test", version: "1.0.0" });
    const transport = new StreamableHTTPClientTransport(url, { authProvider: person });
    return { client, transport, connecting: client.connect(transport) };
  };
  const first = await connected();
  await expect(first.connecting).rejects.toThrow(UnauthorizedError);
  await first.transport.finishAuth(person.answer ?? new URLSearchParams());
  const { client, connecting } = await connected();
  await connecting;
  atEnd(() => client.close());
  return async (name, args = {}) => (await client.callTool({ name, arguments: args })).structuredContent;
};

const connectV1: Connect = async (url, person) => {
  const connected = async () => {
    const client = new ClientV1({ name: "test", version: "1.0.0" });
    const transport = new TransportV1(url, { authProvider: person });
    return { client, transport, connecting: client.connect(transport) };
  };
  const first = await connected();
  await expect(first.connecting).rejects.toThrow(UnauthorizedErrorV1);
  await first.transport.finishAuth(person.answer?.get("code") ?? "");
  const { client, connecting } = await connected();
  await connecting;
  atEnd(() => client.close());
  return async (name, args = {}) => (await client.callTool({ name, arguments: args })).structuredContent;
};

const clients: [string, Connect][] = [
  ["the MCP SDK's client v2", connectV2],
  ["the MCP SDK's client v1", connectV1],
];

describe.each<TokenFormat>(["jwt", "opaque"])("with %s tokens", async (tokenFormat) => {
  const { clerk, mcp } = await protectedTemplate({ tokenFormat, autoApprove: { user: "ada" } });

  describe.each(clients)("%s", (_name, connect) => {
    it("signs in from the refusal on and calls all four tools", async () => {
      const person = new HeadlessSignIn();
      clerk.requests({ reset: true });
      const call = await connect(new URL(mcp.url), person);
      expect(oauthRequests(clerk)).toEqual([
        "POST /oauth/register 201",
        "GET /oauth/authorize 303",
        "POST /oauth/token 200",
      ]);

      const ada = clerk.users.get("ada");
      const { client_id: clientId } = person.clientInformation() ?? {};
      expect(await call("greet", { name: "World" })).toEqual({
        greeting: `Hello, World! You are signed in as ${ada.id}.`,
        userId: ada.id,
      });
      const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(await call("whoami")).toEqual({
        userId: ada.id,
        sessionId: null,
        organizationId: null,
        organizationRole: null,
        scopes: expect.arrayContaining(["profile", "email"]),
        clientId,
        tokenIssuedAt: date,
        tokenExpiresAt: date,
      });
      expect(await call("get-user-info")).toEqual({
        userId: ada.id,
        sessionId: null,
        organizationId: null,
        organizationRole: null,
        email: "ada@example.com",
        firstName: "Ada",
        lastName: "Lovelace",
        username: "ada",
        imageUrl: expect.stringContaining(clerk.issuer),
      });
      expect(await call("get-my-organizations")).toEqual({
        organizations: [
          expect.objectContaining({ slug: "globex", role: "org:member", active: false }),
          expect.objectContaining({ slug: "acme", role: "org:admin", active: false }),
        ],
        totalCount: 2,
      });
    });

    it("refreshes an expired token by itself, and its refresh token rotates", async () => {
      const person = new HeadlessSignIn();
      const call = await connect(new URL(mcp.url), person);
      const before = await expire(person, clerk, mcp);
      clerk.requests({ reset: true });

      expect(await call("whoami")).toMatchObject({ userId: clerk.users.get("ada").id });
      expect(oauthRequests(clerk)).toEqual(["POST /oauth/token 200"]);
      expect(person.tokens()?.access_token).not.toBe(before.access_token);
      expect(person.tokens()?.refresh_token).toEqual(expect.any(String));
      expect(person.tokens()?.refresh_token).not.toBe(before.refresh_token);
    });

    it("goes on across a key rotation, with the old token and with a refreshed one", async () => {
      const { clerk, mcp } = await protectedTemplate({ tokenFormat, autoApprove: { user: "ada" } });
      const person = new HeadlessSignIn();
      const call = await connect(new URL(mcp.url), person);
      await clerk.rotateKeys();
      expect(await call("greet", { name: "World" })).toHaveProperty("greeting");
      await expire(person, clerk, mcp);
      expect(await call("greet", { name: "World" })).toHaveProperty("greeting");
    });

    it("registers and signs in again when Clerk no longer knows it", async () => {
      const autoApprove = { user: "ada" };
      const { clerk, mcp } = await protectedTemplate({ tokenFormat, autoApprove });
      const person = new HeadlessSignIn();
      await connect(new URL(mcp.url), person);
      const before = person.clientInformation()?.client_id;
      await expire(person, clerk, mcp);

      const forgetful = await withoutMemory(clerk, { tokenFormat, autoApprove });
      const call = await connect(new URL(mcp.url), person);
      expect(await call("whoami")).toMatchObject({ userId: forgetful.users.get("ada").id });
      expect(person.clientInformation()?.client_id).not.toBe(before);
      expect(oauthRequests(forgetful)).toEqual([
        "POST /oauth/token 401",
        "POST /oauth/register 201",
        "GET /oauth/authorize 303",
        "POST /oauth/token 200",
      ]);
    });
  });
});

it("gets a refresh token only with offline_access, where Clerk says so: client v2 asks for it, v1 signs in again", async () => {
  const { clerk, mcp } = await protectedTemplate({
    refreshTokens: "offline_access",
    autoApprove: { user: "ada" },
  });
  const signedIn = await Promise.all(
    [connectV2, connectV1].map(async (connect) => {
      const person = new HeadlessSignIn();
      await connect(new URL(mcp.url), person);
      return person;
    }),
  );
  expect(signedIn.map((person) => person.tokens()?.refresh_token !== undefined)).toEqual([true, false]);
  for (const person of signedIn) await expire(person, clerk, mcp);
  const [, withoutRefresh = new HeadlessSignIn()] = signedIn;
  const call = await connectV1(new URL(mcp.url), withoutRefresh);
  expect(await call("whoami")).toMatchObject({ userId: clerk.users.get("ada").id });
});

/** Puts an expired access token beside the refresh token. */
async function expire(person: HeadlessSignIn, clerk: ClerkLocal, mcp: Server) {
  const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url, expiresIn: -60 });
  const tokens = person.tokens();
  if (!tokens) throw new Error("There are no tokens.");
  const expired = { ...tokens, access_token };
  person.saveTokens(expired);
  return expired;
}
