/** Clients whose id is the URL of their metadata document (draft-ietf-oauth-client-id-metadata-document-00). */
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { describe, expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
import { Visitor } from "./support/browser-without-window.js";
import { documentServer } from "./support/document-server.js";
import {
  authorizationRequest,
  authorize,
  claimsOf,
  exchange,
  RESOURCE,
  refresh,
  type TokenAnswer,
} from "./support/oauth-client.js";
import { json, sharedStandIn, standIn } from "./support/stand-in.js";

const CLIENT_ID = "https://client.test/oauth/client.json";
const DOCUMENT = {
  client_id: CLIENT_ID,
  client_name: "Test client",
  redirect_uris: ["http://127.0.0.1/callback"],
};

/** What the authorization endpoint answers to a client: a redirect's `error`, or the text of the page. */
async function answerTo(local: ClerkLocal, clientId: string, parameters = {}): Promise<string> {
  const response = await fetch(authorizationRequest(local, clientId, parameters).url, { redirect: "manual" });
  const location = response.headers.get("location");
  if (location === null) return `${response.status} ${await response.text()}`;
  const { searchParams } = new URL(location, local.issuer);
  return searchParams.get("error") ?? "allowed";
}

async function signIn(local: ClerkLocal, clientId: string, parameters = {}) {
  const request = authorizationRequest(local, clientId, { resource: RESOURCE, ...parameters });
  const code = (await authorize(request)).get("code") ?? "";
  return (await (await exchange(local, clientId, request, code)).json()) as TokenAnswer;
}

describe("a client with a metadata document", () => {
  it("signs in without registering, and its token names the document", async () => {
    const local = await standIn({ autoApprove: {}, registration: false, loopbackClientIds: true });
    const { clientId } = await documentServer();
    const tokens = await signIn(local, clientId);
    expect(claimsOf(tokens.access_token)).toMatchObject({ client_id: clientId, aud: RESOURCE });
    const refreshed = await refresh(local, clientId, tokens.refresh_token);
    expect(claimsOf(((await refreshed.json()) as TokenAnswer).access_token)).toMatchObject({
      client_id: clientId,
    });
  });

  it(
    "gets the default scopes, always offline_access, and nothing more, whatever its document says",
    proves(
      "document-scopes",
      "a client with a metadata document gets the default scopes and always `offline_access`",
      "docs",
      "defaultScopes",
    ),
    async () => {
      const local = await standIn({ autoApprove: {}, defaultScopes: ["profile", "documents:read"] });
      local.metadataClients.publish({ ...DOCUMENT, scope: "openid email" });
      const granted = async (scope: string | undefined) =>
        String(claimsOf((await signIn(local, CLIENT_ID, { scope })).access_token).scope)
          .split(" ")
          .sort();
      expect(await granted(undefined)).toEqual(["documents:read", "offline_access", "profile"]);
      expect(await granted("profile")).toEqual(["offline_access", "profile"]);
      const scope = "profile";
      const { access_token } = await signIn(local, CLIENT_ID, { scope, prompt: "login" });
      expect(claimsOf(access_token).scope).toBe("profile offline_access");
      expect(await answerTo(local, CLIENT_ID, { scope: "profile email" })).toBe("invalid_scope");
    },
  );

  it(
    "must use PKCE with S256",
    proves("document-pkce", "a client with a metadata document is public and uses PKCE", "docs"),
    async () => {
      const local = await standIn({ autoApprove: {} });
      local.metadataClients.publish(DOCUMENT);
      expect(await answerTo(local, CLIENT_ID, { code_challenge: undefined })).toBe("invalid_request");
      expect(await answerTo(local, CLIENT_ID, { code_challenge_method: "plain" })).toBe("invalid_request");
    },
  );

  it.each([
    ["another path", "http://127.0.0.1/elsewhere"],
    ["another host", "https://evil.test/callback"],
    ["another scheme", "https://127.0.0.1/callback"],
  ])("is not sent to %s than its document has", async (_name, redirect_uri) => {
    const local = await standIn({ autoApprove: {} });
    local.metadataClients.publish(DOCUMENT);
    expect(await answerTo(local, CLIENT_ID, { redirect_uri })).toMatch(/^400 .*invalid_redirect_uri/s);
  });

  it("asks each time, and the page names the document, warns of loopback and escapes the client's name", async () => {
    const local = await standIn({ autoApprove: {} });
    local.metadataClients.publish({ ...DOCUMENT, client_name: "<b>Bold</b>" });
    await signIn(local, CLIENT_ID);
    local.autoApprove(false);
    const page = await consentPage(local, CLIENT_ID);
    expect(page).toContain("&lt;b&gt;Bold&lt;/b&gt;");
    expect(page).toContain(CLIENT_ID);
    expect(page).toContain("127.0.0.1:5999");
    expect(page).toContain("Any program on this computer can pretend");
  });

  it("is not warned of if one of its redirects leads elsewhere", async () => {
    const local = await standIn();
    local.metadataClients.publish({
      ...DOCUMENT,
      redirect_uris: ["https://client.test/callback", ...DOCUMENT.redirect_uris],
    });
    expect(await consentPage(local, CLIENT_ID)).not.toContain("can pretend");
  });

  it("can be in the seed", async () => {
    const local = await standIn({
      autoApprove: {},
      seed: { users: [{ username: "ada", email: "ada@example.com" }], clientDocuments: [DOCUMENT] },
    });
    expect(await answerTo(local, CLIENT_ID)).toBe("allowed");
  });
});

it.each([
  ["any port", {}, "allowed"],
  ["only its own port, if the option says so", { localhostRedirects: "exact" }, "400"],
] as const)(
  "a redirect to localhost may have %s: Claude Code's document has none",
  proves(
    "localhost-redirects",
    "a redirect to `localhost` of a client with a metadata document may have any port; reports disagree",
    ["report", "guess"],
    "localhostRedirects",
  ),
  async (_name, options, expected) => {
    const local = await standIn({ autoApprove: {}, ...options });
    const clientId = "https://claude.ai/oauth/claude-code-client-metadata";
    const to = (redirect_uri: string) => answerTo(local, clientId, { redirect_uri });
    expect((await to("http://localhost:51234/callback")).split(" ")[0]).toBe(expected);
    expect(await to("http://127.0.0.1:51234/callback")).toBe("allowed");
  },
);

describe("a known client needs no internet", () => {
  const local = sharedStandIn({ autoApprove: {} });

  it.each([
    "https://claude.ai/oauth/claude-code-client-metadata",
    "https://chatgpt.com/oauth/codex/client.json",
    "https://zed.dev/oauth/client-metadata.json",
    "https://opencode.ai/oauth/opencode/client.json",
  ])("%s", async (clientId) => {
    expect(await answerTo(local(), clientId)).toBe("allowed");
  });

  it.each([
    ["https://claude.ai/oauth/mcp-oauth-client-metadata", "https://claude.ai/api/mcp/auth_callback"],
    ["https://chatgpt.com/oauth/client.json", "https://chatgpt.com/connector_platform_oauth_redirect"],
    ["https://chatgpt.com/oauth/abc_1/client.json", "https://chatgpt.com/connector/oauth/abc_1"],
    ["https://chatgpt.com/oauth/codex/abc_1/client.json", "http://127.0.0.1:4000/callback/abc_1"],
    ["https://vscode.dev/oauth/client-metadata.json", "https://vscode.dev/redirect"],
    ["https://vscode.dev/oauth/client-metadata.json", "http://127.0.0.1:51000/"],
    ["https://www.mcpjam.com/.well-known/oauth/client-metadata.json", "mcpjam://oauth/callback"],
  ])("%s with %s", async (clientId, redirect_uri) => {
    expect(await answerTo(local(), clientId, { redirect_uri })).toBe("allowed");
  });
});

/** Signs in as the first user. @returns the page after that */
async function consentPage(local: ClerkLocal, clientId: string): Promise<string> {
  const visitor = new Visitor();
  const signInPage = await visitor.visit(authorizationRequest(local, clientId).url);
  const { page } = await visitor.submit(signInPage, `${signInPage.url.pathname}/login`, {
    user: local.users.get("ada").id,
  });
  return page;
}

describe("a client id is refused", () => {
  const local = sharedStandIn({ autoApprove: {} });

  it.each([
    ["http", "http://client.test/client.json", "must use https"],
    ["no path", "https://client.test", "normal form"],
    ["an empty path", "https://client.test/", "must have a path"],
    ["a fragment", "https://client.test/client.json#x", "fragment"],
    ["an empty fragment", "https://client.test/client.json#", "fragment"],
    ["a user", "https://ada@client.test/client.json", "a user"],
    ["dot segments", "https://client.test/a/../client.json", "normal form"],
    ["encoded dot segments", "https://client.test/a/%2e%2e/client.json", "normal form"],
    ["the default port", "https://client.test:443/client.json", "normal form"],
    ["an upper-case host", "https://CLIENT.test/client.json", "normal form"],
    ["a backslash", "https://client.test\\client.json", "normal form"],
    ["more than 1024 characters", `https://client.test/${"a".repeat(1024)}`, "longer"],
    ["loopback, unless allowed", "http://127.0.0.1:3000/client.json", "must use https"],
  ])(
    "with %s",
    proves(
      "refused-document",
      "the error for a client whose metadata document is refused; none is accepted while they are not published",
      "guess",
      "clientIdMetadata",
    ),
    async (_name, clientId, problem) => {
      const answer = await answerTo(local(), clientId);
      expect(answer).toMatch(/^400 .*invalid_client\b/s);
      expect(answer).toContain(problem);
    },
  );
});

describe("a document is refused", () => {
  const local = sharedStandIn({ autoApprove: {}, loopbackClientIds: true });

  it.each([
    ["another client_id", { client_id: "https://client.test/other" }, "another client_id"],
    ["no client_id", { client_id: undefined }, "client_id"],
    ["no name", { client_name: undefined }, "client_name"],
    ["a blank name", { client_name: " " }, "client_name"],
    ["no redirect URIs", { redirect_uris: undefined }, "redirect_uris"],
    ["an empty list of redirect URIs", { redirect_uris: [] }, "redirect_uris"],
    ["a redirect URI that is none", { redirect_uris: ["callback"] }, "redirect_uris"],
    ["a script as redirect URI", { redirect_uris: ["javascript:alert(1)"] }, "redirect_uri"],
    ["a secret", { client_secret: "secret" }, "client_secret"],
    ["a secret method", { token_endpoint_auth_method: "client_secret_post" }, "token_endpoint_auth_method"],
    ["a key as method", { token_endpoint_auth_method: "private_key_jwt" }, "token_endpoint_auth_method"],
  ])("with %s", async (_name, members, problem) => {
    const { clientId } = await documentServer(members);
    const answer = await answerTo(local(), clientId);
    expect(answer).toMatch(/^400 .*invalid_(client_metadata|redirect_uri)/s);
    expect(answer).toContain(problem);
  });
});

describe("which clients are let in", () => {
  const refused = (answer: string) => (answer === "allowed" ? "allowed" : "refused");

  it.each([
    ["by default", {}, ["allowed", "allowed", "allowed", "refused"]],
    [
      "only pre-registered ones",
      { onlyPreRegisteredClients: true },
      ["refused", "allowed", "allowed", "refused"],
    ],
    [
      "not implicitly allowed ones",
      { blockImplicitlyAllowedClients: true },
      ["refused", "refused", "allowed", "refused"],
    ],
    ["none with a document", { clientIdMetadata: false }, ["refused", "refused", "refused", "refused"]],
  ])(
    "%s: unknown, implicitly allowed, explicitly allowed, blocked",
    proves(
      "document-statuses",
      "which clients with a metadata document are let in",
      "docs",
      "onlyPreRegisteredClients",
    ),
    async (_name, settings, expected) => {
      const local = await standIn({ autoApprove: {} });
      const ids = ["unknown", "implicit", "explicit", "blocked"].map((name) => `https://client.test/${name}`);
      for (const client_id of ids) local.metadataClients.publish({ ...DOCUMENT, client_id });
      const [, implicit = "", explicit = "", blocked = ""] = ids;
      for (const clientId of [implicit, blocked]) await signIn(local, clientId);
      local.metadataClients.allow(explicit);
      local.metadataClients.block(blocked);
      expect(local.metadataClients.list().map(({ status }) => status)).toEqual([
        "implicitly allowed",
        "blocked",
        "explicitly allowed",
      ]);
      await change(local, settings);
      const answers = await Promise.all(ids.map((clientId) => answerTo(local, clientId)));
      expect(answers.map(refused)).toEqual(expected);
    },
  );

  it(
    "blocking leaves a client's tokens alone, and forgetting makes it unknown again",
    proves("document-blocked", "blocking a client leaves its tokens alone", "docs"),
    async () => {
      const local = await standIn({ autoApprove: {} });
      local.metadataClients.publish(DOCUMENT);
      const { access_token, refresh_token } = await signIn(local, CLIENT_ID);
      local.metadataClients.block(CLIENT_ID);
      const userinfo = await fetch(`${local.issuer}/oauth/userinfo`, {
        headers: { authorization: `Bearer ${access_token}` },
      });
      expect(userinfo.status).toBe(200);
      expect(await json(await refresh(local, CLIENT_ID, refresh_token))).toMatchObject({
        error: "invalid_client",
      });
      expect(local.metadataClients.forget(CLIENT_ID)).toBe(true);
      expect(local.metadataClients.forget(CLIENT_ID)).toBe(false);
      expect(await answerTo(local, CLIENT_ID)).toBe("allowed");
    },
  );
});

/** The settings, as the Backend API names them. */
const NAMES: Readonly<Record<string, string>> = {
  clientIdMetadata: "client_id_metadata_documents_advertised",
  onlyPreRegisteredClients: "client_id_metadata_documents_only_allow_pre_registered_clients",
  blockImplicitlyAllowedClients: "client_id_metadata_documents_block_implicitly_allowed_clients",
};

async function change(local: ClerkLocal, settings: object): Promise<void> {
  const named = Object.entries(settings).map(([name, value]) => [NAMES[name], value]);
  await fetch(`${local.apiUrl}/v1/instance/oauth_application_settings`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${local.secretKey}` },
    body: JSON.stringify(Object.fromEntries(named)),
  });
}
