import { SdkHttpError, UnauthorizedError } from "@modelcontextprotocol/client";
import { UnauthorizedError as UnauthorizedErrorV1 } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { atEnd } from "../../../dev/test/support/at-end.js";
import { SeededSignIn, signedInClient } from "../scripts/signed-in-client.mjs";
import { app, call, titlesIn, tokenOf } from "./support/app.js";

const running = await app();
const { clerk, mcp } = running;

const ACME = ["Draft of a letter", "Plan for the year", "Prices"];
const ada = () => new SeededSignIn(clerk, { user: "ada", organization: "acme" });

describe("the challenge", () => {
  it("names the base scopes, what the token has of ours, and what is missing", async () => {
    const token = await tokenOf(running, {
      user: "ada",
      organization: "acme",
      scopes: ["profile", "email", "user:org:read", "documents:read"],
    });
    const { status, challenge } = await call(mcp, token, "delete-document", { id: "none" });
    expect(status).toBe(403);
    expect(challenge).toMatch(/^Bearer error="insufficient_scope"/);
    expect(challenge).toContain('scope="profile email user:org:read documents:read documents:write"');
  });

  it("is not sent to whom no scope would help", async () => {
    const token = await tokenOf(running, { user: "bob", organization: "acme", scopes: ["profile", "email"] });
    const { status, error, challenge } = await call(mcp, token, "delete-document", { id: "none" });
    expect({ status, error, challenge }).toEqual({
      status: 403,
      error: "access_denied",
      challenge: undefined,
    });
  });
});

describe("the MCP SDK's client v2", () => {
  it("gets the scopes that a tool needs in exactly one round", async () => {
    const signIn = ada();
    const client = await signedInClient(mcp.url, signIn);
    atEnd(() => client.close());
    clerk.requests({ reset: true });

    const { structuredContent } = await client.call("get-documents");
    expect(titlesIn({ structuredContent: structuredContent as Record<string, unknown> })).toEqual(ACME);
    expect(signInsAt(clerk)).toEqual(["GET /oauth/authorize 303", "POST /oauth/token 200"]);
    expect(signIn.asked).toEqual([
      "profile email user:org:read offline_access",
      "profile email user:org:read offline_access documents:read",
    ]);
  });

  it("keeps what it has: a second tool costs one more round, and the first none", async () => {
    const signIn = ada();
    const client = await signedInClient(mcp.url, signIn);
    atEnd(() => client.close());
    await client.call("get-documents");
    await client.call("delete-document", { id: "none" });
    clerk.requests({ reset: true });
    await client.call("get-documents");
    await client.call("delete-document", { id: "none" });
    expect(signInsAt(clerk)).toEqual([]);
    expect(signIn.asked).toHaveLength(3);
  });

  it("cannot, if it registered itself: Clerk lets it ask for no more than it registered with", async () => {
    clerk.autoApprove({ user: "ada", organization: "acme" });
    const signIn = new HeadlessSignIn();
    const client = await signedInClient(mcp.url, signIn);
    atEnd(() => client.close());
    await expect(client.call("get-documents")).rejects.toThrow(
      "is not allowed to request scope 'documents:read'",
    );
    expect(signIn.answer?.get("error")).toBe("invalid_scope");
  });

  it("is told the reason where no sign-in would help, and does not try one", async () => {
    const client = await signedInClient(
      mcp.url,
      new SeededSignIn(clerk, { user: "bob", organization: "acme" }),
    );
    atEnd(() => client.close());
    clerk.requests({ reset: true });
    const refused = client.call("delete-document", { id: "acme-prices" });
    await expect(refused).rejects.toThrow(SdkHttpError);
    await expect(refused).rejects.not.toThrow(UnauthorizedError);
    await expect(refused).rejects.toThrow("the permission org:documents:delete");
    expect(signInsAt(clerk)).toEqual([]);
  });
});

/**
 * With a refresh token, client v1 uses it first. The refreshed token has the same scopes, so the challenge is repeated
 * and client v1 gives up. Without a refresh token it signs in again.
 */
describe("the MCP SDK's client v1", () => {
  it("without a refresh token gets the scopes that a tool needs in exactly one round", async () => {
    const signIn = new WithoutRefresh(clerk, { user: "ada", organization: "acme" });
    const { client, transport } = await connectV1(signIn);
    clerk.requests({ reset: true });
    const get = () => client.callTool({ name: "get-documents", arguments: {} });

    await expect(get()).rejects.toThrow(UnauthorizedErrorV1);
    await transport.finishAuth(signIn.answer?.get("code") ?? "");
    const { structuredContent } = await get();
    expect(titlesIn({ structuredContent: structuredContent as Record<string, unknown> })).toEqual(ACME);
    expect(signInsAt(clerk)).toEqual(["GET /oauth/authorize 303", "POST /oauth/token 200"]);
  });

  it("with a refresh token gives up, having asked nobody", async () => {
    const signIn = ada();
    const { client } = await connectV1(signIn);
    clerk.requests({ reset: true });
    await expect(client.callTool({ name: "get-documents", arguments: {} })).rejects.toThrow(
      "Server returned 403 after trying upscoping",
    );
    expect(signInsAt(clerk)).toEqual(["POST /oauth/token 200"]);
    expect(signIn.tokens()?.scope).not.toContain("documents:read");
  });
});

class WithoutRefresh extends SeededSignIn {
  override saveTokens({ refresh_token: _, ...tokens }: Parameters<HeadlessSignIn["saveTokens"]>[0]): void {
    super.saveTokens(tokens);
  }
}

async function connectV1(signIn: SeededSignIn) {
  const connection = () => ({
    client: new ClientV1({ name: "test", version: "1.0.0" }),
    transport: new TransportV1(new URL(mcp.url), { authProvider: signIn }),
  });
  const first = connection();
  await expect(first.client.connect(first.transport)).rejects.toThrow(UnauthorizedErrorV1);
  await first.transport.finishAuth(signIn.answer?.get("code") ?? "");
  const second = connection();
  await second.client.connect(second.transport);
  atEnd(() => second.client.close());
  return second;
}

function signInsAt(local: ClerkLocal): string[] {
  return local
    .requests()
    .filter(({ path }) => path.startsWith("/oauth/"))
    .map(({ method, path, status }) => `${method} ${path} ${status}`);
}
