import { describe, expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
import { expectClerkShape } from "./support/openapi.js";
import { json, standIn } from "./support/stand-in.js";

const AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";
const OPENID = "/.well-known/openid-configuration";

describe("authorization server metadata (RFC 8414)", () => {
  it(
    "has Clerk's members",
    proves(
      "server-metadata",
      "authorization server metadata: which members it has, `registration_endpoint` only while registration is on",
      ["OpenAPI", "capture"],
    ),
    async () => {
      const local = await standIn();
      const { authorization_response_iss_parameter_supported, ...document } = await json(
        await fetch(local.issuer + AUTHORIZATION_SERVER),
      );
      expectClerkShape("WellKnown.OAuth2AuthorizationServerMetadata", document);
      expect(document).toMatchObject({
        issuer: local.issuer,
        authorization_endpoint: `${local.issuer}/oauth/authorize`,
        token_endpoint: `${local.issuer}/oauth/token`,
        registration_endpoint: `${local.issuer}/oauth/register`,
        revocation_endpoint: `${local.issuer}/oauth/token/revoke`,
        jwks_uri: `${local.issuer}/.well-known/jwks.json`,
        code_challenge_methods_supported: ["S256"],
        claims_supported: ["sub", "iss", "aud", "exp", "iat", "email", "name", "org_id"],
        op_tos_uri: expect.stringMatching(/^https:/),
      });
      // Clerk sends this member, but its published schema does not have it yet.
      expect(authorization_response_iss_parameter_supported).toBe(true);
    },
  );

  it("offers client ID metadata documents to public clients, and neither userinfo nor introspection", async () => {
    const local = await standIn();
    const document = await json(await fetch(local.issuer + AUTHORIZATION_SERVER));
    expect(document.client_id_metadata_document_supported).toBe(true);
    // Claude, Codex and OpenCode want both.
    expect(document.token_endpoint_auth_methods_supported).toContain("none");
    expect(document).not.toHaveProperty("userinfo_endpoint");
    expect(document).not.toHaveProperty("introspection_endpoint");
  });

  it("does not offer registration, documents or iss if they are off", async () => {
    const local = await standIn({
      registration: false,
      clientIdMetadata: false,
      authorizationResponseIss: false,
    });
    const document = await json(await fetch(local.issuer + AUTHORIZATION_SERVER));
    expect(document).not.toHaveProperty("registration_endpoint");
    expect(document).not.toHaveProperty("client_id_metadata_document_supported");
    expect(document).not.toHaveProperty("authorization_response_iss_parameter_supported");
  });
});

describe("OpenID configuration", () => {
  it(
    "has Clerk's members, and no registration endpoint",
    proves(
      "openid-configuration",
      "OpenID configuration: which members it has, never `registration_endpoint`",
      ["OpenAPI", "capture"],
    ),
    async () => {
      const local = await standIn();
      const document = await json(await fetch(local.issuer + OPENID));
      expectClerkShape("WellKnown.OpenIDConfiguration", document);
      expect(document).toMatchObject({
        userinfo_endpoint: `${local.issuer}/oauth/userinfo`,
        introspection_endpoint: `${local.issuer}/oauth/token_info`,
        claims_supported: expect.arrayContaining(["org_id", "email_verified", "picture"]),
      });
      expect(document).not.toHaveProperty("registration_endpoint");
    },
  );
});

describe("public keys", () => {
  it(
    "are an RSA key set without private members",
    proves("jwks", "the public keys", ["OpenAPI", "capture"]),
    async () => {
      const local = await standIn();
      const document = await json(await fetch(`${local.issuer}/.well-known/jwks.json`));
      expectClerkShape("JWKS", document);
      const [key] = document.keys as Record<string, string>[];
      expect(Object.keys(key ?? {}).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
      expect(key?.kid).toMatch(/^ins_\w{27}$/);
    },
  );
});

it.each([AUTHORIZATION_SERVER, OPENID, "/.well-known/jwks.json"])(
  "%s can be read by any web page",
  async (path) => {
    const local = await standIn();
    const answer = await fetch(local.issuer + path, { headers: { origin: "https://app.example" } });
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    const preflight = await fetch(local.issuer + path, {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "mcp-protocol-version",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("mcp-protocol-version");
    const head = await fetch(local.issuer + path, { method: "HEAD" });
    expect(head.status).toBe(200);
  },
);

it("advertises custom scopes unless the seed says otherwise", async () => {
  const local = await standIn({
    seed: {
      users: [{ username: "ada", email: "ada@example.com" }],
      scopes: {
        "notes:read": { description: "Read your notes" },
        "notes:purge": { description: "Destroy your notes", advertised: false },
      },
    },
  });
  const { scopes_supported } = await json(await fetch(local.issuer + AUTHORIZATION_SERVER));
  expect(scopes_supported).toContain("notes:read");
  expect(scopes_supported).not.toContain("notes:purge");
});
