/** OAuth applications in the Backend API. */
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { describe, expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
import {
  authorizationRequest,
  authorize,
  claimsOf,
  exchange,
  REDIRECT_URI,
  RESOURCE,
  register,
  signIn,
} from "./support/oauth-client.js";
import { backend, json, refusal, sdk, send, standIn } from "./support/stand-in.js";

const STATIC = "client_local000000000000000000static";

async function idOf(local: ClerkLocal, clientId: unknown): Promise<string> {
  const { data } = await sdk(local).oauthApplications.list({ nameQuery: String(clientId) });
  return data[0]?.id ?? "";
}

describe("the list", () => {
  it(
    "has the seed's applications and registered clients, oldest first, found by a part of the name",
    proves(
      "oauth-applications",
      "lists of OAuth applications: order, members, and search by a part of the name",
      ["OpenAPI", "SDK"],
    ),
    async () => {
      const local = await standIn();
      const { client_id: clientId } = await register(local);
      await register(local);
      const { oauthApplications } = sdk(local);
      const all = await oauthApplications.list();
      expect(all.data.map(({ name, dynamicallyRegistered }) => [name, dynamicallyRegistered])).toEqual([
        ["Static local app", false],
        ["Test client", true],
        ["Test client", true],
      ]);
      expect((await oauthApplications.list({ nameQuery: "LOCAL" })).data).toMatchObject([
        {
          clientId: STATIC,
          isPublic: true,
          pkceRequired: true,
          redirectUris: ["http://127.0.0.1/callback", "http://localhost/callback"],
          authorizeUrl: `${local.issuer}/oauth/authorize`,
          tokenFetchUrl: `${local.issuer}/oauth/token`,
          discoveryUrl: `${local.issuer}/.well-known/openid-configuration`,
          tokenIntrospectionUrl: `${local.issuer}/oauth/token_info`,
        },
      ]);
      expect((await oauthApplications.list({ orderBy: "-name", limit: 1 })).data[0]?.name).toBe(
        "Test client",
      );
      const { data } = await oauthApplications.list({ nameQuery: String(clientId) });
      expect(data).toMatchObject([{ clientId, name: "Test client" }]);
      expect(await oauthApplications.get(data[0]?.id ?? "")).toMatchObject({ clientId });

      await oauthApplications.delete(data[0]?.id ?? "");
      await oauthApplications.delete(await idOf(local, STATIC));
      expect((await oauthApplications.list()).totalCount).toBe(1);
      await expect(oauthApplications.delete(data[0]?.id ?? "")).rejects.toMatchObject({ status: 404 });
    },
  );
});

describe("an application", () => {
  it(
    "made with the SDK signs people in, and so it does with a new secret only",
    proves("oauth-application-changes", "creating, changing and deleting OAuth applications; a new secret", [
      "OpenAPI",
      "SDK",
    ]),
    async () => {
      const local = await standIn({ autoApprove: { user: "bob" } });
      const { oauthApplications } = sdk(local);
      const made = await oauthApplications.create({
        name: "Console",
        redirectUris: [REDIRECT_URI],
        scopes: "profile documents:read",
      });
      expect(made).toMatchObject({
        name: "Console",
        isPublic: false,
        pkceRequired: false,
        scopes: "profile documents:read",
      });
      const exchanged = async (secret: string | undefined) => {
        const request = authorizationRequest(local, made.clientId, { scope: "documents:read" });
        const code = (await authorize(request)).get("code") ?? "";
        return exchange(local, made.clientId, request, code, { client_secret: secret ?? "" });
      };
      const { access_token } = await json(await exchanged(made.clientSecret));
      expect(claimsOf(String(access_token))).toMatchObject({
        client_id: made.clientId,
        scope: "documents:read",
      });

      const rotated = await oauthApplications.rotateSecret(made.id);
      expect(rotated.clientSecret).toMatch(/^\w{32}$/);
      expect((await exchanged(made.clientSecret)).status).toBe(401);
      expect((await exchanged(rotated.clientSecret)).status).toBe(200);
    },
  );

  it("can be changed, the seed's too", async () => {
    const local = await standIn();
    const { oauthApplications } = sdk(local);
    const { client_id: clientId } = await register(local);
    for (const id of [await idOf(local, STATIC), await idOf(local, clientId)]) {
      const changed = await oauthApplications.update({
        oauthApplicationId: id,
        name: "Renamed",
        redirectUris: ["http://127.0.0.1/other"],
        scopes: "profile",
      });
      expect(changed).toMatchObject({
        name: "Renamed",
        scopes: "profile",
        redirectUris: ["http://127.0.0.1/other"],
      });
    }
    expect((await oauthApplications.list({ nameQuery: "renamed" })).totalCount).toBe(2);
  });

  it.each([
    ["without a name", {}, "form_param_missing"],
    ["with a long name", { name: "x".repeat(257) }, "form_param_max_length_exceeded"],
    ["with what is no URL", { name: "App", redirect_uris: ["callback"] }, "form_param_value_invalid"],
    ["with an unknown scope", { name: "App", scopes: "everything" }, "form_param_value_invalid"],
    [
      "public without PKCE",
      { name: "App", public: true, pkce_required: false },
      "form_public_client_requires_pkce",
    ],
    ["without consent", { name: "App", consent_screen_enabled: false }, "form_param_value_invalid"],
    ["with an unknown member", { name: "App", color: "red" }, "form_param_unknown"],
  ])("%s is refused", async (_name, body, code) => {
    const local = await standIn();
    expect(await refusal(await send(local, "POST", "/v1/oauth_applications", body))).toEqual([422, code]);
  });

  it("that registered itself keeps its consent screen", async () => {
    const local = await standIn();
    const id = await idOf(local, (await register(local)).client_id);
    const answer = await send(local, "PATCH", `/v1/oauth_applications/${id}`, {
      consent_screen_enabled: false,
    });
    expect(await refusal(answer)).toEqual([422, "oauth_application_consent_screen_cannot_be_disabled"]);
  });
});

describe("revoking a token", () => {
  const revoke = (local: ClerkLocal, id: string, token: string) =>
    send(local, "POST", `/v1/oauth_applications/${id}/revoke_token`, { token });

  it.each(["access_token", "refresh_token"] as const)(
    "ends its grant, by the %s",
    proves(
      "oauth-revoke-unknown",
      "a token that the OAuth application does not have cannot be revoked: 404",
      "guess",
      "no switch",
    ),
    async (name) => {
      const local = await standIn({ autoApprove: {}, tokenFormat: "opaque" });
      const { client, tokens } = await signIn(local, { resource: RESOURCE });
      const other = await signIn(local, { resource: RESOURCE });
      const id = await idOf(local, client.client_id);
      await sdk(local).oauthApplications.revokeToken({ oauthApplicationId: id, token: tokens[name] ?? "" });
      const verify = (token: string) =>
        send(local, "POST", "/oauth_applications/access_tokens/verify", { access_token: token });
      expect((await verify(tokens.access_token)).status).toBe(404);
      expect((await verify(other.tokens.access_token)).status).toBe(200);
      expect(await local.revoke(tokens.refresh_token ?? "")).toBe(false);
      expect((await revoke(local, id, other.tokens.access_token)).status).toBe(404);
    },
  );

  it(
    "is not possible for a JWT",
    proves(
      "oauth-revoke-jwt",
      "`revoke_token` of an OAuth application takes refresh tokens and opaque tokens, and refuses a JWT",
      "OpenAPI",
    ),
    async () => {
      const local = await standIn();
      const { access_token } = await local.mint({ clientId: STATIC });
      const id = await idOf(local, STATIC);
      expect((await revoke(local, id, access_token)).status).toBe(400);
      expect((await backend(local, `/v1/oauth_applications/${id}`)).status).toBe(200);
    },
  );
});
