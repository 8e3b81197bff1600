import { describe, expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
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
  it(
    "answers as Clerk does",
    proves(
      "registration-answer",
      "registration: its answer, `application_type` with the default `web`, a client id of 16 letters and digits",
      ["OpenAPI", "capture"],
    ),
    async () => {
      const local = await standIn();
      const answer = await postRegistration(local);
      expect(answer.status).toBe(201);
      const { application_type, ...client } = await json(answer);
      expectClerkShape("OAuth.DynamicClientRegistrationResponse", client);
      // A newer description has this member.
      expect(application_type).toBe("web");
      expect(client).toMatchObject({
        client_id: expect.stringMatching(/^[A-Za-z0-9]{16}$/),
        client_name: "Test client",
        redirect_uris: [REDIRECT_URI],
        grant_types: ["authorization_code"],
        response_types: ["code"],
        token_endpoint_auth_method: "none",
      });
      expect(client).not.toHaveProperty("client_secret");
    },
  );

  it(
    "gives a confidential client a secret",
    proves(
      "client-secret",
      "a client secret has 32 letters and digits; `client_secret_basic` and `client_secret_post` are the same",
      ["OpenAPI", "capture"],
    ),
    async () => {
      const local = await standIn();
      const { application_type: _, ...client } = await register(local, {
        token_endpoint_auth_method: "client_secret_basic",
      });
      expectClerkShape("OAuth.DynamicClientRegistrationResponse", client);
      expect(client.client_secret).toMatch(/^[A-Za-z0-9]{32}$/);
      const basic = `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64")}`;
      const wrongCode = { grant_type: "authorization_code", code: "x", redirect_uri: REDIRECT_URI };
      for (const [headers, form] of [
        [{ authorization: basic }, {}],
        [{}, { client_id: client.client_id, client_secret: client.client_secret ?? "" }],
      ] as const) {
        const body = new URLSearchParams({ ...wrongCode, ...form });
        const answer = await fetch(`${local.issuer}/oauth/token`, { method: "POST", headers, body });
        expect(await json(answer), "the client is known").toMatchObject({ error: "invalid_grant" });
      }
    },
  );

  it("uses the client id as name if there is none", async () => {
    const local = await standIn();
    const client = await register(local, { client_name: undefined });
    expect(client.client_name).toBe(client.client_id);
  });

  it(
    "gives a client without a scope Clerk's default, which lacks openid",
    proves(
      "registration-scope",
      "a client that registers without scopes gets `email offline_access profile`",
      ["docs", "capture"],
      "defaultScopes",
    ),
    async () => {
      const local = await standIn({ autoApprove: {} });
      const client = await register(local);
      expect(client.scope).toBe("email offline_access profile");
      const request = authorizationRequest(local, client.client_id, { scope: "openid profile" });
      expect((await authorize(request)).get("error")).toBe("invalid_scope");
    },
  );

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
    ["http elsewhere", "http://example.com/callback"],
    ["Cursor's own scheme", "cursor://anysphere.cursor-retrieval/oauth/callback"],
    ["VS Code's own scheme", "vscode://vscode.github-authentication/did-authenticate"],
  ])("accepts %s as redirect URI", async (_name, uri) => {
    const local = await standIn();
    expect((await postRegistration(local, { redirect_uris: [uri] })).status).toBe(201);
  });

  it.each([
    ["no redirect URI", { redirect_uris: [] }],
    ["redirect URIs that are no list", { redirect_uris: REDIRECT_URI }],
    ["an unknown type", { application_type: "desktop" }],
    [
      "a native client's http outside loopback",
      { application_type: "native", redirect_uris: ["http://example.com/"] },
    ],
    ["a name of 257 characters", { client_name: "x".repeat(257) }],
    ["a redirect URI of 1025 characters", { redirect_uris: [`https://example.com/${"x".repeat(1005)}`] }],
    ["a script as redirect URI", { redirect_uris: ["javascript:alert(1)"] }],
    ["a fragment in the redirect URI", { redirect_uris: ["http://127.0.0.1/callback#x"] }],
    ["an unknown scope", { scope: "profile everything" }],
    ["an authentication method that is not advertised", { token_endpoint_auth_method: "private_key_jwt" }],
    ["an unknown authentication method", { token_endpoint_auth_method: "magic" }],
  ])(
    "refuses %s",
    proves("registration-refused", "what registration refuses, and with which errors", "OpenAPI"),
    async (_name, metadata) => {
      const local = await standIn();
      const answer = await postRegistration(local, metadata);
      expect(answer.status).toBe(400);
      expectClerkShape("OAuth.DynamicClientRegistrationError", await json(answer));
    },
  );

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

  it("answers 400 invalid_client_metadata to a body that is not JSON", async () => {
    const local = await standIn();
    const answer = await fetch(`${local.issuer}/oauth/register`, { method: "POST", body: "{" });
    expect(answer.status).toBe(400);
    expect(await json(answer)).toMatchObject({ error: "invalid_client_metadata" });
  });

  it.each([
    ["without refresh_token", {}, ["authorization_code"]],
    [
      "with refresh_token, if the option says so",
      { registeredGrantTypes: "requested" },
      ["authorization_code", "refresh_token"],
    ],
  ] as const)(
    "answers %s, and gives a refresh token all the same",
    proves(
      "registered-grant-types",
      "the answer to a registration lacks `refresh_token`, yet the client gets one",
      ["capture", "report"],
      "registeredGrantTypes",
    ),
    async (_name, options, expected) => {
      const local = await standIn({ autoApprove: {}, ...options });
      const { client, tokens } = await signIn(local);
      expect(client.grant_types).toEqual(expected);
      expect((await refresh(local, client.client_id, tokens.refresh_token)).status).toBe(200);
    },
  );

  it(
    "can be switched off",
    proves(
      "registration-off-body",
      "registration that is off answers 422; its body",
      ["OpenAPI", "guess"],
      "no switch",
    ),
    async () => {
      const local = await standIn({ registration: false });
      expect((await postRegistration(local)).status).toBe(422);
      for (const path of ["/oauth/register/", "/OAuth/register", "//oauth/register"]) {
        expect((await fetch(local.issuer + path, { method: "POST", body: "{}" })).status).toBeGreaterThan(
          400,
        );
      }
    },
  );
});
