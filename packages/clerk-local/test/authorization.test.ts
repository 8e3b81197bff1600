import type { ClerkLocalOptions } from "@xmcp-dev/clerk-local";
import { describe, expect, it } from "vitest";
import { proves } from "./support/behaviour.js";
import { Visitor } from "./support/browser-without-window.js";
import {
  authorizationRequest,
  authorize,
  claimsOf,
  exchange,
  postToken,
  REDIRECT_URI,
  RESOURCE,
  register,
  signIn,
  type TokenAnswer,
} from "./support/oauth-client.js";
import { expectClerkShape } from "./support/openapi.js";
import { json, standIn } from "./support/stand-in.js";

describe("an authorization request", () => {
  it(
    "ends with a code for the client, its state and the issuer (RFC 9207)",
    proves(
      "response-iss",
      "the authorization response has `iss`, as its errors do",
      ["OpenAPI", "capture"],
      "authorizationResponseIss",
    ),
    async () => {
      const local = await standIn({ autoApprove: {} });
      const { client_id } = await register(local);
      const answer = await authorize(authorizationRequest(local, client_id));
      expect(answer.get("code")).toEqual(expect.any(String));
      expect(answer.get("state")).toBe("a-state-of-the-client");
      expect(answer.get("iss")).toBe(local.issuer);
    },
  );

  it("leaves the issuer out if the option says so", async () => {
    const local = await standIn({ autoApprove: {}, authorizationResponseIss: false });
    const { client_id } = await register(local);
    expect((await authorize(authorizationRequest(local, client_id))).has("iss")).toBe(false);
    const refused = await authorize(authorizationRequest(local, client_id, { scope: "nonsense" }));
    expect(refused.get("error")).toBe("invalid_scope");
    expect(refused.has("iss")).toBe(false);
  });

  it.each(["web", "native"])(
    "may name another port of a redirect URI on 127.0.0.1 (RFC 8252 §7.3), as a %s client",
    proves("loopback-port", "a redirect to `127.0.0.1` or `[::1]` may have any port", "report"),
    async (application_type) => {
      const local = await standIn({ autoApprove: {} });
      const { client_id } = await register(local, { application_type });
      const request = authorizationRequest(local, client_id, {
        redirect_uri: "http://127.0.0.1:6123/callback",
      });
      const answer = await fetch(request.url, { redirect: "manual" });
      expect(answer.headers.get("location")).toMatch(/^http:\/\/127\.0\.0\.1:6123\/callback\?code=/);
    },
  );

  it.each([
    ["refused", {}],
    ["allowed, if the option says so", { localhostRedirects: "any-port" }],
  ] as const)(
    "with another port of a redirect URI on localhost is %s",
    proves(
      "localhost-exact",
      "a redirect to `localhost` must have the registered port",
      "report",
      "localhostRedirects",
    ),
    async (verdict, options) => {
      const local = await standIn({ autoApprove: {}, ...options });
      const { client_id } = await register(local, { redirect_uris: ["http://localhost:33418/callback"] });
      const to = (redirect_uri: string) =>
        fetch(authorizationRequest(local, client_id, { redirect_uri }).url, { redirect: "manual" });
      expect((await to("http://localhost:33418/callback")).status).toBe(303);
      expect((await to("http://localhost:50000/callback")).status).toBe(verdict === "refused" ? 400 : 303);
      expect((await to("http://127.0.0.1:33418/callback")).status).toBe(400);
    },
  );

  it(
    "may be sent by POST",
    proves("authorize-post", "an authorization request may be sent by POST", "OpenAPI"),
    async () => {
      const local = await standIn({ autoApprove: {} });
      const { client_id } = await register(local);
      const { url } = authorizationRequest(local, client_id);
      const { origin, pathname, searchParams } = new URL(url);
      const answer = await fetch(`${origin}${pathname}`, {
        method: "POST",
        body: searchParams,
        redirect: "manual",
      });
      expect(new URL(answer.headers.get("location") ?? "").searchParams.has("code")).toBe(true);
    },
  );

  it(
    "without PKCE needs a state of eight characters",
    proves(
      "weak-state",
      "without PKCE a `state` of fewer than 8 characters is refused; the error is `invalid_state`",
      ["OpenAPI", "guess"],
      "no switch",
    ),
    async () => {
      const local = await standIn({ autoApprove: {} });
      const { client_id } = await register(local, { token_endpoint_auth_method: "client_secret_basic" });
      const answered = async (state: string | undefined, more = {}) =>
        (await authorize(authorizationRequest(local, client_id, { state, ...more }))).get("error");
      const withoutPkce = { code_challenge: undefined, code_challenge_method: undefined };
      expect(await answered("short", withoutPkce)).toBe("invalid_state");
      expect(await answered(undefined, withoutPkce)).toBe("invalid_state");
      expect(await answered("12345678", withoutPkce)).toBeNull();
      expect(await answered("short")).toBeNull();
    },
  );

  it(
    "for two resources is refused",
    proves("one-resource", "more than one `resource` is refused; the error is `invalid_target`", "OpenAPI"),
    async () => {
      const local = await standIn({ autoApprove: {} });
      const { client_id } = await register(local);
      const { url } = authorizationRequest(local, client_id, { resource: RESOURCE });
      const answer = await fetch(`${url}&resource=${encodeURIComponent("http://127.0.0.1:3002/mcp")}`, {
        redirect: "manual",
      });
      const { searchParams } = new URL(answer.headers.get("location") ?? "");
      expect(searchParams.get("error")).toBe("invalid_target");
      expect(searchParams.get("iss")).toBe(local.issuer);
    },
  );

  it(
    "for a scope that its client lacks is told so in Clerk's words",
    proves("invalid-scope", "a scope that the client lacks is `invalid_scope`, with Clerk's text", "capture"),
    async () => {
      const local = await standIn({ autoApprove: {} });
      const { client_id } = await register(local);
      const answer = await authorize(authorizationRequest(local, client_id, { scope: "openid profile" }));
      expect(Object.fromEntries(answer)).toEqual({
        error: "invalid_scope",
        error_description: "The OAuth 2.0 Client is not allowed to request scope 'openid'.",
        state: "a-state-of-the-client",
        iss: local.issuer,
      });
    },
  );

  it("may name an application's own scheme", async () => {
    const local = await standIn({ autoApprove: {} });
    const uri = "cursor://anysphere.cursor-retrieval/oauth/callback";
    const { client_id } = await register(local, { redirect_uris: [uri] });
    const answer = await fetch(authorizationRequest(local, client_id, { redirect_uri: uri }).url, {
      redirect: "manual",
    });
    expect(answer.headers.get("location")?.startsWith(`${uri}?code=`)).toBe(true);
  });

  it("never redirects to a URI that is not registered", async () => {
    const local = await standIn({ autoApprove: {} });
    const { client_id } = await register(local);
    for (const uri of ["https://evil.example/callback", "http://127.0.0.1:5999/other"]) {
      const answer = await fetch(authorizationRequest(local, client_id, { redirect_uri: uri }).url, {
        redirect: "manual",
      });
      expect(answer.status).toBe(400);
      expect(answer.headers.get("location")).toBeNull();
    }
  });

  it.each([
    ["without PKCE", { code_challenge: undefined, code_challenge_method: undefined }, "invalid_request"],
    ["with plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
    ["with an unknown scope", { scope: "profile everything" }, "invalid_scope"],
    ["with an unknown scope and a resource", { scope: "everything", resource: RESOURCE }, "invalid_scope"],
    ["with a resource that is not a URL", { resource: "mcp" }, "invalid_target"],
    ["with a resource that has a fragment", { resource: `${RESOURCE}#x` }, "invalid_target"],
  ])("is refused %s", async (_name, parameters, error) => {
    const local = await standIn({ autoApprove: {} });
    const { client_id } = await register(local);
    expect((await authorize(authorizationRequest(local, client_id, parameters))).get("error")).toBe(error);
  });

  it.each([
    ["all that its client registered", {}, "email offline_access profile"],
    ["the default scopes, if the option says so", { scopeWhenOmitted: "default" }, "profile email"],
  ] as const)(
    "without a scope asks for %s",
    proves(
      "scope-omitted",
      "a request without scopes asks for all that its client registered; older descriptions say `profile email`",
      "OpenAPI",
      "scopeWhenOmitted",
    ),
    async (_name, options, expected) => {
      const local = await standIn({ autoApprove: {}, ...options });
      const { client_id } = await register(local);
      const request = authorizationRequest(local, client_id);
      const code = (await authorize(request)).get("code") ?? "";
      const tokens = await json(await exchange(local, client_id, request, code));
      expect(tokens.scope).toBe(expected);
    },
  );

  it("keeps offline_access without a prompt for consent", async () => {
    const local = await standIn({ autoApprove: {} });
    const { tokens } = await signIn(local, { scope: "email offline_access" });
    expect(tokens.scope.split(" ").sort()).toEqual(["email", "offline_access"]);
  });

  it("works for an OAuth application in the seed", async () => {
    const local = await standIn({ autoApprove: {} });
    const client = "client_local000000000000000000static";
    const request = authorizationRequest(local, client, {
      redirect_uri: "http://127.0.0.1:8123/callback",
      scope: "documents:read",
    });
    const code = (await authorize(request)).get("code") ?? "";
    expect((await json(await exchange(local, client, request, code))).scope).toBe("documents:read");
  });
});

describe("a code", () => {
  const start = async (options: ClerkLocalOptions = {}) => {
    const local = await standIn({ autoApprove: {}, ...options });
    const { client_id } = await register(local);
    const request = authorizationRequest(local, client_id);
    return { local, client_id, request, code: (await authorize(request)).get("code") ?? "" };
  };

  it(
    "is exchanged for tokens in Clerk's shape",
    proves("token-answer", "the token answer, with a life of a day", "OpenAPI", "accessTokenTtlSeconds"),
    async () => {
      const { local, client_id, request, code } = await start();
      const answer = await exchange(local, client_id, request, code);
      expect(answer.status).toBe(200);
      const tokens = await json(answer);
      expectClerkShape("OAuth.Token", tokens);
      expect(tokens).toMatchObject({
        token_type: "Bearer",
        expires_in: 86_400,
        scope: "email offline_access profile",
      });
      expect(tokens.refresh_token).toEqual(expect.any(String));
    },
  );

  it("is refused with another verifier", async () => {
    const { local, client_id, request, code } = await start();
    const answer = await exchange(local, client_id, { ...request, verifier: "x".repeat(43) }, code);
    expect(answer.status).toBe(400);
    expect(await json(answer)).toMatchObject({ error: "invalid_grant" });
  });

  it("is refused from another client", async () => {
    const { local, request, code } = await start();
    const thief = await register(local);
    expect(await json(await exchange(local, thief.client_id, request, code))).toMatchObject({
      error: "invalid_grant",
    });
  });

  it("that is used twice revokes its tokens, if they are opaque", async () => {
    const { local, client_id, request, code } = await start({ tokenFormat: "opaque" });
    const { access_token } = (await json(
      await exchange(local, client_id, request, code),
    )) as unknown as TokenAnswer;
    expect(await json(await exchange(local, client_id, request, code))).toMatchObject({
      error: "invalid_grant",
    });
    const userinfo = await fetch(`${local.issuer}/oauth/userinfo`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(userinfo.status).toBe(401);
  });
});

it(
  "an unknown grant type is 401 at the token endpoint",
  proves("unsupported-grant-type", "an unknown grant type is 401 `unsupported_grant_type`", "OpenAPI"),
  async () => {
    const local = await standIn();
    const { client_id } = await register(local);
    const answer = await postToken(local, { grant_type: "password", client_id });
    expect([answer.status, (await json(answer)).error]).toEqual([401, "unsupported_grant_type"]);
  },
);

describe("the resource (RFC 8707)", () => {
  it("becomes the audience, exactly as sent", async () => {
    const { tokens } = await signIn(await standIn({ autoApprove: {} }), { resource: RESOURCE });
    expect(claimsOf(tokens.access_token).aud).toBe(RESOURCE);
  });

  it(
    "may become a list",
    proves("audience-shape", "`aud` in a JWT is a text, not a list", "guess", "audienceShape"),
    async () => {
      const { tokens } = await signIn(await standIn({ autoApprove: {}, audienceShape: "array" }), {
        resource: RESOURCE,
      });
      expect(claimsOf(tokens.access_token).aud).toEqual([RESOURCE]);
    },
  );

  it(
    "may be ignored",
    proves("audience-setting", "whether a token has `aud` is a setting of the instance", "docs", "resource"),
    async () => {
      const { tokens } = await signIn(await standIn({ autoApprove: {}, resource: "ignored" }), {
        resource: RESOURCE,
      });
      expect(claimsOf(tokens.access_token)).not.toHaveProperty("aud");
    },
  );

  it("cannot be changed in the exchange of the code", async () => {
    const local = await standIn({ autoApprove: {} });
    const { client_id } = await register(local);
    const request = authorizationRequest(local, client_id, { resource: RESOURCE });
    const code = (await authorize(request)).get("code") ?? "";
    const answer = await exchange(local, client_id, request, code, { resource: "http://127.0.0.1:3002/mcp" });
    expect(await json(answer)).toMatchObject({ error: "invalid_target" });
  });
});

describe("sign-in and consent in a browser", () => {
  const begin = async (parameters: Record<string, string> = {}) => {
    const local = await standIn();
    const scope = parameters.scope ?? "profile email";
    const client = await register(local, { scope, client_name: 'Tester <img src="x">' });
    const request = authorizationRequest(local, client.client_id, { scope, ...parameters });
    const visitor = new Visitor();
    return { local, client, request, visitor, signInPage: await visitor.visit(request.url) };
  };
  const pathOf = (page: { url: URL }) => page.url.pathname;

  it("shows who can sign in, then what the client requests", async () => {
    const { visitor, signInPage, local } = await begin({ resource: RESOURCE });
    expect(signInPage.page).toContain('data-user="ada"');
    expect(signInPage.page).toContain("ada@example.com");
    expect(signInPage.page).toMatch(/data-user="eve" disabled/);
    const consent = await visitor.submit(signInPage, `${pathOf(signInPage)}/login`, {
      user: local.users.get("ada").id,
    });
    for (const text of ["Ada Lovelace", "See your email address", RESOURCE, "127.0.0.1:5999"]) {
      expect(consent.page).toContain(text);
    }
    const end = await visitor.submit(consent, `${pathOf(consent)}/allow`);
    expect(end.url.href.startsWith(`${REDIRECT_URI}?code=`)).toBe(true);
  });

  it("redirects to the client with access_denied when the user denies", async () => {
    const { visitor, signInPage, local } = await begin();
    const consent = await visitor.submit(signInPage, `${pathOf(signInPage)}/login`, {
      user: local.users.get("ada").id,
    });
    const end = await visitor.submit(consent, `${pathOf(consent)}/deny`);
    expect(end.url.searchParams.get("error")).toBe("access_denied");
    expect(end.url.searchParams.get("state")).toBe("a-state-of-the-client");
  });

  it(
    "asks for consent, but not for the account, on the second sign-in",
    proves("consent-each-time", "consent is asked for each time", "OpenAPI"),
    async () => {
      const { visitor, signInPage, local, request } = await begin();
      const consent = await visitor.submit(signInPage, `${pathOf(signInPage)}/login`, {
        user: local.users.get("ada").id,
      });
      await visitor.submit(consent, `${pathOf(consent)}/allow`);
      const again = await visitor.visit(request.url);
      expect(again.page).toContain("Ada Lovelace");
      expect(again.page).toContain(">Allow<");
    },
  );

  it.each(["switch", "prompt=login"])("lets the user choose another account (%s)", async (way) => {
    const { visitor, signInPage, local, request, client } = await begin();
    let page = await visitor.submit(signInPage, `${pathOf(signInPage)}/login`, {
      user: local.users.get("ada").id,
    });
    page =
      way === "switch"
        ? await visitor.submit(page, `${pathOf(page)}/switch`)
        : await visitor.visit(`${request.url}&prompt=login`);
    expect(page.page).toContain('data-user="bob"');
    page = await visitor.submit(page, `${pathOf(page)}/login`, { user: local.users.get("bob").id });
    expect(page.page).toContain("Bob Babbage");
    const end = await visitor.submit(page, `${pathOf(page)}/allow`);
    const answer = await exchange(local, client.client_id, request, end.url.searchParams.get("code") ?? "");
    expect(claimsOf(String((await json(answer)).access_token)).sub).toBe(local.users.get("bob").id);
  });

  it("refuses a banned user", async () => {
    const { visitor, signInPage, local } = await begin();
    const refused = await visitor.submit(signInPage, `${pathOf(signInPage)}/login`, {
      user: local.users.get("eve").id,
    });
    expect(refused.response.status).toBe(403);
    expect(refused.page).toContain("This account cannot sign in");
  });

  it.each(["banned", "deleted"])(
    "asks for another account when the one in the browser is %s",
    async (fate) => {
      const { visitor, signInPage, local, request } = await begin();
      await visitor.submit(signInPage, `${pathOf(signInPage)}/login`, { user: local.users.get("ada").id });
      if (fate === "banned") local.users.ban("ada");
      else local.users.delete("ada");
      const again = await visitor.visit(request.url);
      expect(again.response.status).toBe(200);
      expect(again.page).toContain('data-user="bob"');
    },
  );

  it("offers the organizations of the user, and the personal account", async () => {
    const { visitor, signInPage, local, client, request } = await begin({ scope: "profile user:org:read" });
    const consent = await visitor.submit(signInPage, `${pathOf(signInPage)}/login`, {
      user: local.users.get("ada").id,
    });
    const offered = [...consent.page.matchAll(/<option value="(\w*)">([^<]+)/g)].map(([, id, name]) => [
      id,
      name,
    ]);
    const { id } = local.organizations.get("acme");
    expect(offered).toEqual([
      [local.organizations.get("globex").id, "Globex"],
      [id, "Acme"],
      ["", "Personal account"],
    ]);
    const end = await visitor.submit(consent, `${pathOf(consent)}/allow`, { organization: id });
    const answer = await exchange(local, client.client_id, request, end.url.searchParams.get("code") ?? "");
    expect(claimsOf(String((await json(answer)).access_token)).org_id).toBe(id);
  });

  it("refuses an organization that the user is not in", async () => {
    const { visitor, signInPage, local } = await begin({ scope: "profile user:org:read" });
    const consent = await visitor.submit(signInPage, `${pathOf(signInPage)}/login`, {
      user: local.users.get("bob").id,
    });
    const { id } = local.organizations.get("globex");
    expect(
      (await visitor.submit(consent, `${pathOf(consent)}/allow`, { organization: id })).response.status,
    ).toBe(403);
  });

  it("shows no organization picker unless the client requests one", async () => {
    const { visitor, signInPage, local } = await begin();
    const consent = await visitor.submit(signInPage, `${pathOf(signInPage)}/login`, {
      user: local.users.get("ada").id,
    });
    expect(consent.page).not.toContain("<select");
  });

  it.each(["https://evil.example", "null"])("refuses a form that another site sends (%s)", async (origin) => {
    const { visitor, signInPage, local } = await begin();
    const user = local.users.get("ada").id;
    const forged = await visitor.submit(signInPage, `${pathOf(signInPage)}/login`, { user }, { origin });
    expect(forged.response.status).toBe(405);
  });

  it("refuses a browser that did not start this sign-in", async () => {
    const { signInPage } = await begin();
    const stranger = await new Visitor().visit(signInPage.url);
    expect(stranger.response.status).toBe(400);
    expect(stranger.page).toContain("Return to the application and start again");
  });

  it("escapes the client's name", async () => {
    const { signInPage } = await begin();
    expect(signInPage.page).not.toContain('<img src="x">');
    expect(signInPage.page).toContain("Tester &lt;img");
  });

  it("sends pages that load nothing, run no script and cannot be framed", async () => {
    const { signInPage } = await begin();
    const policy = signInPage.response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self' http://127.0.0.1:5999");
    expect(policy).not.toContain("unsafe-inline");
    expect(signInPage.response.headers.get("x-frame-options")).toBe("DENY");
    expect(signInPage.response.headers.get("referrer-policy")).toBe("same-origin");
    expect(signInPage.response.headers.get("cache-control")).toBe("no-store");
    expect(signInPage.page).not.toMatch(/<script|https:\/\//);
    expect(signInPage.page).toContain("Local Clerk – development only");
  });

  it("serves its own avatar images", async () => {
    const local = await standIn();
    const picture = await fetch(`${local.issuer}/images/${local.users.get("ada").id}.svg`);
    expect(picture.headers.get("content-type")).toBe("image/svg+xml");
    expect(await picture.text()).toContain(">AL<");
  });
});

describe("auto-approval", () => {
  it("is off unless it is switched on", async () => {
    const local = await standIn();
    const { client_id } = await register(local);
    const answer = await fetch(authorizationRequest(local, client_id).url, { redirect: "manual" });
    expect(new URL(answer.headers.get("location") ?? "", local.issuer).pathname).toMatch(/^\/interaction\//);
  });

  it("signs the named user in, in the named organization", async () => {
    const local = await standIn({ autoApprove: { user: "bob", organization: "acme" } });
    const { tokens } = await signIn(local, { scope: "profile user:org:read" });
    expect(claimsOf(tokens.access_token)).toMatchObject({
      sub: local.users.get("bob").id,
      org_id: local.organizations.get("acme").id,
    });
  });

  it("lets an authorization request name another user", async () => {
    const local = await standIn({ autoApprove: { user: "bob" } });
    const { tokens } = await signIn(local, { login_hint: "grace" });
    expect(claimsOf(tokens.access_token).sub).toBe(local.users.get("grace").id);
  });

  it("can deny, and can be changed and switched off at run time", async () => {
    const local = await standIn();
    const { client_id } = await register(local);
    local.autoApprove({ decision: "deny" });
    expect((await authorize(authorizationRequest(local, client_id))).get("error")).toBe("access_denied");
    local.autoApprove({ user: "ada" });
    expect((await authorize(authorizationRequest(local, client_id))).has("code")).toBe(true);
    local.autoApprove(false);
    const answer = await fetch(authorizationRequest(local, client_id).url, { redirect: "manual" });
    expect(answer.headers.get("location")).toMatch(/^\/interaction\//);
  });

  it("answers 403 for a banned user instead of looping", async () => {
    const local = await standIn({ autoApprove: { user: "ada" } });
    local.users.ban("ada");
    const { client_id } = await register(local);
    const answer = await fetch(authorizationRequest(local, client_id).url, { redirect: "manual" });
    expect(answer.status).toBe(403);
  });

  it("does not fill the request log with its own steps", async () => {
    const local = await standIn({ autoApprove: {} });
    const { client_id } = await register(local);
    local.requests({ reset: true });
    await authorize(authorizationRequest(local, client_id));
    expect(local.requests().map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /oauth/authorize"]);
  });
});
