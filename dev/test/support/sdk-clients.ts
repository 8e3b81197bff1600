/** The MCP SDK's clients, and a user who signs in with them. */
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { UnauthorizedError as UnauthorizedErrorV1 } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import type { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import { expect } from "vitest";
import { atEnd } from "./at-end.js";
import type { Server } from "./protected-template.js";

type Call = (name: string, args?: Record<string, unknown>) => Promise<unknown>;

/** Signs in after the first refused request. Returns a function that calls tools. */
type Connect = (url: URL, person: HeadlessSignIn) => Promise<Call>;

export const connectV2: Connect = async (url, person) => {
  const connected = async () => {
    const client = new Client({ name: "test", version: "1.0.0" });
    const transport = new StreamableHTTPClientTransport(url, { authProvider: person, fetch: person.fetch });
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

export const connectV1: Connect = async (url, person) => {
  const connected = async () => {
    const client = new ClientV1({ name: "test", version: "1.0.0" });
    const transport = new TransportV1(url, { authProvider: person, fetch: person.fetch });
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

export const clients: [string, Connect][] = [
  ["the MCP SDK's client v2", connectV2],
  ["the MCP SDK's client v1", connectV1],
];

/** Replaces the access token by an expired one and keeps the refresh token. */
export async function expire(person: HeadlessSignIn, clerk: ClerkLocal, mcp: Server) {
  const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url, expiresIn: -60 });
  const tokens = person.tokens();
  if (!tokens) throw new Error("There are no tokens.");
  const expired = { ...tokens, access_token };
  person.saveTokens(expired);
  return expired;
}
