/** The MCP SDK's own client, from the 401 of a protected server to a token and its refresh. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  auth,
  type OAuthClientInformationMixed,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type OAuthTokens,
} from "@modelcontextprotocol/client";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { describe, expect, it, onTestFinished } from "vitest";
import { claimsOf } from "./support/oauth-client.js";
import { standIn } from "./support/stand-in.js";

/** Serves only protected resource metadata (RFC 9728): a client needs nothing else of the server to sign in. */
async function protectedResource(local: ClerkLocal, scopes: string[]): Promise<string> {
  const server = createServer((req, res) => {
    const found = req.url?.startsWith("/.well-known/oauth-protected-resource");
    res.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    res.end(
      JSON.stringify({ resource: url, authorization_servers: [local.issuer], scopes_supported: scopes }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  return url;
}

/** Keeps everything in memory, and "opens the browser" with a single fetch. */
class Provider implements OAuthClientProvider {
  answer: URLSearchParams | undefined;
  #client: OAuthClientInformationMixed | undefined;
  #tokens: OAuthTokens | undefined;
  #verifier = "";
  #discovery: OAuthDiscoveryState | undefined;

  get redirectUrl() {
    return "http://127.0.0.1:5999/callback";
  }
  get clientMetadata() {
    return {
      client_name: "SDK client",
      redirect_uris: [this.redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  }
  clientInformation() {
    return this.#client;
  }
  saveClientInformation(client: OAuthClientInformationMixed) {
    this.#client = client;
  }
  tokens() {
    return this.#tokens;
  }
  saveTokens(tokens: OAuthTokens) {
    this.#tokens = tokens;
  }
  codeVerifier() {
    return this.#verifier;
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier;
  }
  discoveryState() {
    return this.#discovery;
  }
  saveDiscoveryState(state: OAuthDiscoveryState) {
    this.#discovery = state;
  }
  async redirectToAuthorization(url: URL) {
    const response = await fetch(url, { redirect: "manual" });
    this.answer = new URL(response.headers.get("location") ?? "").searchParams;
  }
}

async function signInWithSdk(local: ClerkLocal, scopes: string[]) {
  const serverUrl = await protectedResource(local, scopes);
  const provider = new Provider();
  expect(await auth(provider, { serverUrl })).toBe("REDIRECT");
  expect(provider.answer?.get("error")).toBeNull();
  const iss = provider.answer?.get("iss");
  const authorizationCode = provider.answer?.get("code") ?? "";
  expect(await auth(provider, { serverUrl, authorizationCode, ...(iss && { iss }) })).toBe("AUTHORIZED");
  return { serverUrl, provider, tokens: provider.tokens() as OAuthTokens };
}

describe("@modelcontextprotocol/client", () => {
  it.each([true, false])(
    "registers, signs in and gets a token for the server (iss in the answer: %s)",
    async (iss) => {
      const local = await standIn({ autoApprove: { user: "ada" }, authorizationResponseIss: iss });
      const { serverUrl, tokens } = await signInWithSdk(local, ["profile", "email"]);
      expect(claimsOf(tokens.access_token)).toMatchObject({ sub: local.users.get("ada").id, aud: serverUrl });
      expect(String(claimsOf(tokens.access_token).scope)).toContain("profile email");
    },
  );

  it("refreshes, also after a key rotation", async () => {
    const local = await standIn({ autoApprove: {} });
    const { serverUrl, provider, tokens } = await signInWithSdk(local, ["profile"]);
    await local.rotateKeys();
    expect(await auth(provider, { serverUrl })).toBe("AUTHORIZED");
    expect(provider.tokens()?.access_token).not.toBe(tokens.access_token);
  });

  it("is sent to the sign-in page without auto-approval", async () => {
    const local = await standIn();
    const serverUrl = await protectedResource(local, ["profile"]);
    let opened: URL | undefined;
    class WithBrowser extends Provider {
      override async redirectToAuthorization(url: URL) {
        opened = url;
      }
    }
    expect(await auth(new WithBrowser(), { serverUrl })).toBe("REDIRECT");
    const page = await fetch(opened ?? "", { redirect: "manual" });
    expect(page.headers.get("location")).toMatch(/^\/interaction\//);
  });
});
