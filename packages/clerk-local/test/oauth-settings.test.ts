/** The instance's OAuth application settings in the Backend API, and what each does. */
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { describe, expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
import { claimsOf, postRegistration, RESOURCE, register, signIn } from "./support/oauth-client.js";
import { backend, json, sharedStandIn, standIn } from "./support/stand-in.js";

const PATH = "/v1/instance/oauth_application_settings";

const patch = (local: ClerkLocal, changes: unknown): Promise<Response> =>
  backend(local, PATH, { method: "PATCH", body: JSON.stringify(changes) });

const DEFAULTS = {
  object: "oauth_application_settings",
  dynamic_oauth_client_registration: true,
  oauth_jwt_access_tokens: true,
  default_scopes: ["profile", "email"],
  client_id_metadata_documents_advertised: true,
  client_id_metadata_documents_only_allow_pre_registered_clients: false,
  client_id_metadata_documents_block_implicitly_allowed_clients: false,
  aud_claim_enabled: true,
};

describe("the settings", () => {
  it(
    "are those that the local Clerk was started with",
    proves("oauth-settings", "OAuth application settings; `aud_claim_enabled` among them", [
      "OpenAPI",
      "report",
    ]),
    async () => {
      const local = await standIn();
      expect(await json(await backend(local, PATH))).toEqual(DEFAULTS);
      const other = await standIn({ registration: false, tokenFormat: "opaque", resource: "ignored" });
      expect(await json(await backend(other, PATH))).toEqual({
        ...DEFAULTS,
        dynamic_oauth_client_registration: false,
        oauth_jwt_access_tokens: false,
        aud_claim_enabled: false,
      });
    },
  );

  it("change only where a member says so, and at once", async () => {
    const local = await standIn({ autoApprove: {} });
    const metadata = async () => json(await fetch(`${local.issuer}/.well-known/oauth-authorization-server`));

    const answer = await patch(local, {
      dynamic_oauth_client_registration: false,
      client_id_metadata_documents_advertised: false,
    });
    expect(await json(answer)).toEqual({
      ...DEFAULTS,
      dynamic_oauth_client_registration: false,
      client_id_metadata_documents_advertised: false,
    });
    expect(await metadata()).not.toHaveProperty("registration_endpoint");
    expect(await metadata()).not.toHaveProperty("client_id_metadata_document_supported");
    expect((await postRegistration(local)).status).toBe(422);

    await patch(local, { dynamic_oauth_client_registration: true, default_scopes: ["documents:read"] });
    expect(await metadata()).toHaveProperty("registration_endpoint");
    expect((await register(local)).scope).toBe("documents:read offline_access");
    await patch(local, { default_scopes: null });
    expect((await register(local)).scope).toBe("email offline_access profile");
  });

  it("decide what tokens are like", async () => {
    const local = await standIn({ autoApprove: {} });
    const token = async () => (await signIn(local, { resource: RESOURCE })).tokens.access_token;
    expect(claimsOf(await token()).aud).toBe(RESOURCE);
    await patch(local, { aud_claim_enabled: false });
    expect(claimsOf(await token())).not.toHaveProperty("aud");
    await patch(local, { oauth_jwt_access_tokens: false });
    expect(await token()).toMatch(/^oat_/);
  });
});

describe("a wrong change", () => {
  const local = sharedStandIn();

  it.each([
    ["an unknown member", { cimd: true }],
    ["a text in place of a switch", { dynamic_oauth_client_registration: "on" }],
    ["an unknown scope", { default_scopes: ["everything"] }],
    ["scopes as a text", { default_scopes: "profile email" }],
    ["no scopes", { default_scopes: [] }],
    ["a scope twice", { default_scopes: ["profile", "profile"] }],
    ["no object", []],
  ])("is refused with 422 and changes nothing: %s", async (_name, changes) => {
    expect((await patch(local(), changes)).status).toBe(422);
    expect(await json(await backend(local(), PATH))).toEqual(DEFAULTS);
  });

  it("is refused without the secret key", async () => {
    const answer = await fetch(local().apiUrl + PATH, { method: "PATCH", body: "{}" });
    expect(answer.status).toBe(401);
  });
});

it("an unknown default scope stops the start", async () => {
  await expect(standIn({ defaultScopes: ["everything"] })).rejects.toThrow(
    'defaultScopes: there is no scope "everything"',
  );
});
