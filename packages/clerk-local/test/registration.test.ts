import { describe, expect, it } from "vitest";
import {
  authorizationRequest,
  authorize,
  postRegistration,
  REDIRECT_URI,
  refresh,
  register,
  signIn,
} from "./support/oauth-client.js";
import { expectClerkShape } from "./support/openapi.js";
import { json, standIn } from "./support/stand-in.js";

describe("dynamic client registration (RFC 7591)", () => {
  it("answers as Clerk does", async () => {
    const local = await standIn();
    const answer = await postRegistration(local);
    expect(answer.status).toBe(201);
    const client = await json(answer);
    expectClerkShape("OAuth.DynamicClientRegistrationResponse", client);
    expect(client).toMatchObject({
      client_name: "Test client",
      redirect_uris: [REDIRECT_URI],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    });
    expect(client).not.toHaveProperty("client_secret");
  });

  it("gives a confidential client a secret", async () => {
    const local = await standIn();
    const client = await register(local, { token_endpoint_auth_method: "client_secret_basic" });
    expectClerkShape("OAuth.DynamicClientRegistrationResponse", client);
    expect(client.client_secret).toEqual(expect.any(String));
  });

  it("uses the client id as name if there is none", async () => {
    const local = await standIn();
    const client = await register(local, { client_name: undefined });
    expect(client.client_name).toBe(client.client_id);
  });

  it("gives a client without a scope Clerk's default, which lacks openid", async () => {
    const local = await standIn({ autoApprove: {} });
    const client = await register(local);
    expect(client.scope).toBe("email offline_access profile");
    const request = authorizationRequest(local, client.client_id, { scope: "openid profile" });
    expect((await authorize(request)).get("error")).toBe("invalid_scope");
  });

  it("limits a client to the scope that it registered", async () => {
    const local = await standIn({ autoApprove: {} });
    const client = await register(local, { scope: "profile" });
    const request = authorizationRequest(local, client.client_id, { scope: "profile email" });
    expect((await authorize(request)).get("error")).toBe("invalid_scope");
  });

  it.each([
    ["a loopback address", "http://127.0.0.1:4321/callback"],
    ["an IPv6 loopback address", "http://[::1]:4321/callback"],
    ["localhost", "http://localhost:4321/callback"],
    ["https", "https://example.com/callback"],
    ["Cursor's own scheme", "cursor://anysphere.cursor-retrieval/oauth/callback"],
    ["VS Code's own scheme", "vscode://vscode.github-authentication/did-authenticate"],
  ])("accepts %s as redirect URI", async (_name, uri) => {
    const local = await standIn();
    expect((await postRegistration(local, { redirect_uris: [uri] })).status).toBe(201);
  });

  it.each([
    ["no redirect URI", { redirect_uris: [] }],
    ["a script as redirect URI", { redirect_uris: ["javascript:alert(1)"] }],
    ["a fragment in the redirect URI", { redirect_uris: ["http://127.0.0.1/callback#x"] }],
    ["an unknown scope", { scope: "profile everything" }],
    ["an authentication method that is not advertised", { token_endpoint_auth_method: "private_key_jwt" }],
    ["an unknown authentication method", { token_endpoint_auth_method: "magic" }],
  ])("refuses %s", async (_name, metadata) => {
    const local = await standIn();
    const answer = await postRegistration(local, metadata);
    expect(answer.status).toBe(400);
    expectClerkShape("OAuth.DynamicClientRegistrationError", await json(answer));
  });

  it("can be called by a web page", async () => {
    const local = await standIn();
    const preflight = await fetch(`${local.issuer}/oauth/register`, {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-headers": "content-type" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type");
  });

  it("can leave refresh_token out of the answer, as is reported of Clerk, and still gives a refresh token", async () => {
    const local = await standIn({ autoApprove: {}, registeredGrantTypes: "authorization_code" });
    const { client, tokens } = await signIn(local);
    expect(client.grant_types).toEqual(["authorization_code"]);
    expect((await refresh(local, client.client_id, tokens.refresh_token)).status).toBe(200);
  });

  it("can be switched off", async () => {
    const local = await standIn({ registration: false });
    expect((await postRegistration(local)).status).toBe(422);
    for (const path of ["/oauth/register/", "/OAuth/register", "//oauth/register"]) {
      expect((await fetch(local.issuer + path, { method: "POST", body: "{}" })).status).toBeGreaterThan(400);
    }
  });
});
