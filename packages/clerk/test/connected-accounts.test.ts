import { inspect } from "node:util";
import {
  type AccessOptions,
  type ConnectedAccount,
  ConnectionRequired,
  getConnectedAccount,
} from "@xmcp-dev/clerk";
import { withSession } from "@xmcp-dev/clerk/testing";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { guardedTools } from "./guarded-tools.js";
import { localClerk, type ProtectedServer, protectedServer } from "./protected-server.js";

const TOKEN = "gho_a-token-that-no-output-may-contain";
const ASKED = "/v1/users/*/oauth_access_tokens/*";

const clerk = await localClerk();
const page = `${clerk.issuer}/user`;

function account(changes: object = {}): object {
  return {
    object: "oauth_access_token",
    external_account_id: "eac_1",
    provider_user_id: "1089",
    provider: "oauth_github",
    token: TOKEN,
    token_secret: null,
    expires_at: Date.now() + 3_600_000,
    scopes: ["repo", "user"],
    label: "work",
    id_token: null,
    public_metadata: {},
    ...changes,
  };
}

function clerkAnswers(body: object, status = 200): void {
  const contentType = "application/json";
  clerk.faults([{ path: ASKED, status, contentType, body: JSON.stringify(body) }]);
}

const connected = (...accounts: object[]) => clerkAnswers({ data: accounts, total_count: accounts.length });
const failing = (status: number, code: string) =>
  clerkAnswers({ errors: [{ message: code, long_message: code, code, meta: {} }] }, status);

/** How often Clerk was asked for accounts since the last time. */
const asked = () =>
  clerk.requests({ reset: true }).filter(({ path }) => path.includes("oauth_access_tokens")).length;

let found: ConnectedAccount | undefined;
const tools = guardedTools({
  repositories: async () => {
    found = await getConnectedAccount("github", { scopes: ["repo"] });
    await getConnectedAccount("oauth_github");
    return { content: [{ type: "text", text: `${found.label}: ${found.scopes.join(" ")}` }] };
  },
  together: async () => {
    const both = await Promise.all([getConnectedAccount("github"), getConnectedAccount("oauth_github")]);
    return { content: [{ type: "text", text: both.map(({ id }) => id).join(" ") }] };
  },
  early: async () => {
    void getConnectedAccount("github");
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { content: [{ type: "text", text: "done" }] };
  },
  ruled: () => ({ content: [{ type: "text", text: "ran" }] }),
});

const access: AccessOptions = { tools: { ruled: { connection: { github: ["repo"] } } } };
let mcp: ProtectedServer;
let token: string;
beforeAll(async () => {
  mcp = await protectedServer(clerk, { access, accepts: ["oauth_token", "api_key"] }, tools);
  token = (await clerk.mint({ user: "ada", resource: mcp.url, clientId: "client_text" })).access_token;
});
beforeEach(() => {
  connected();
  found = undefined;
  asked();
});

const CAPABLE = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": { elicitation: { url: {} } },
};

async function rpc(method: string, params: object, as = token) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 7, method, params });
  const response = await mcp.fetch("/mcp", as, { method: "POST", body });
  return { status: response.status, headers: response.headers, ...(await response.json()) };
}
const call = (name: string, params: object = {}, as = token) =>
  rpc("tools/call", { name, arguments: {}, ...params }, as);

describe("getConnectedAccount", () => {
  it("returns the account with its token, and asks Clerk once per request", async () => {
    connected(account());
    const { result } = await call("repositories");
    expect(result.content[0].text).toBe("work: repo user");
    expect(found).toMatchObject({ provider: "github", id: "eac_1", label: "work", token: TOKEN });
    expect(found?.expiresAt?.getTime()).toBeGreaterThan(Date.now());
    expect(asked()).toBe(1);
  });

  it("keeps the token out of what is printed and serialized", async () => {
    connected(account());
    await call("repositories");
    expect(found?.token).toBe(TOKEN);
    for (const output of [
      inspect(found, { depth: 9, showHidden: true, getters: true }),
      JSON.stringify(found),
      String(found),
    ])
      expect(output).not.toContain(TOKEN);
    expect(JSON.stringify(mcp.events)).not.toContain(TOKEN);
  });

  it("takes the first account that has all scopes", async () => {
    connected(account({ external_account_id: "eac_0", scopes: ["user"] }), account());
    await call("repositories");
    expect(found?.id).toBe("eac_1");
  });

  it("reads a time in seconds as well", async () => {
    const seconds = Math.floor(Date.now() / 1000) + 60;
    connected(account({ expires_at: seconds }));
    await call("repositories");
    expect(found?.expiresAt?.getTime()).toBe(seconds * 1000);
  });

  it("takes a token that does not expire, such as GitHub's", async () => {
    connected(account({ expires_at: null }));
    expect((await call("repositories")).result.isError).toBeUndefined();
    expect(found).toMatchObject({ token: TOKEN, expiresAt: undefined });
  });

  const CONNECT = `Connect your GitHub account. Open ${page}, then ask again.`;
  const AGAIN = `Connect your GitHub account again. Open ${page}, then ask again.`;
  const ALLOW = `Connect your GitHub account again, and allow repo. Open ${page}, then ask again.`;
  it.each([
    ["there is no account", () => connected(), CONNECT],
    ["Clerk answers 404", () => failing(404, "resource_not_found"), CONNECT],
    ["Clerk answers 400", () => failing(400, "oauth_missing_access_token"), CONNECT],
    ["Clerk answers 422", () => failing(422, "something_new"), CONNECT],
    ["an account has no token", () => connected(account({ token: "" })), CONNECT],
    ["a scope is missing", () => connected(account({ scopes: ["user"] })), ALLOW],
    ["the scopes are unknown", () => connected(account({ scopes: undefined })), ALLOW],
    ["the token cannot be refreshed", () => failing(422, "oauth_missing_refresh_token"), AGAIN],
    ["the token has expired", () => connected(account({ expires_at: Date.now() - 1 })), AGAIN],
  ])("if %s, the answer says what to do, with the link", async (_, prepare, text) => {
    prepare();
    for (const tool of ["repositories", "ruled"]) {
      const { status, headers, result } = await call(tool);
      expect({ status, result }).toEqual({
        status: 200,
        result: { content: [{ type: "text", text }], isError: true },
      });
      expect(headers.get("www-authenticate")).toBeNull();
    }
  });

  it.each([
    ["is away", () => failing(500, "internal_clerk_error"), "Clerk cannot be reached right now"],
    [
      "does not have the provider",
      () => failing(404, "oauth_token_provider_not_enabled"),
      "enable the provider in Clerk",
    ],
    ["answers nonsense", () => clerkAnswers({ data: "none" }), "Clerk cannot be reached right now"],
  ])("if Clerk %s, a tool gets an error for a person", async (_, prepare, text) => {
    prepare();
    const { result } = await call("repositories");
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining(text) }] });
  });

  it("asks Clerk once for look-ups that start together", async () => {
    connected(account());
    expect((await call("together")).result.content[0].text).toBe("eac_1 eac_1");
    expect(asked()).toBe(1);
  });

  it("asks Clerk once, also if Clerk fails", async () => {
    for (const prepare of [
      () => failing(500, "internal_clerk_error"),
      () => failing(429, "too_many_requests"),
      () => clerkAnswers({ errors: "x" }, 422),
    ]) {
      prepare();
      asked();
      await call("repositories");
      expect(asked()).toBe(1);
    }
  });

  it.each([
    { scopes: 5 },
    { scopes: { repo: true } },
    { scopes: "repo user" },
    { expires_at: "2020-01-01" },
    { token: 5 },
  ])("an account with the nonsense %j is an answer that Clerk did not give", async (nonsense) => {
    connected(account(nonsense));
    const { result } = await call("repositories");
    expect(result.content[0].text).toContain("Clerk cannot be reached right now");
    expect((await call("ruled")).status).toBe(503);
  });

  it("a rule for a provider that is not enabled says what the operator has to do", async () => {
    failing(404, "oauth_token_provider_not_enabled");
    expect(await call("ruled")).toMatchObject({
      status: 403,
      error_description: "You may not do this: this needs this server's operator to enable GitHub in Clerk",
    });
  });

  it("a look-up that a tool starts and never waits for ends nothing", async () => {
    connected();
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    expect((await call("early")).result.content[0].text).toBe("done");
    await new Promise(setImmediate);
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  it("tells an API key that only users have accounts, and does not ask Clerk", async () => {
    const { secret } = clerk.apiKeys.create({ subject: "ada" });
    const { result } = await call("repositories", {}, secret);
    expect(result.content[0].text).toBe(
      "Only signed-in users have connected accounts; the caller is an API key.",
    );
    expect(await call("ruled", {}, secret)).toMatchObject({
      status: 403,
      error_description: "You may not do this: this needs a signed-in user, who connects accounts",
    });
    expect(asked()).toBe(0);
  });

  it("refuses what is no provider's id, before it gets into a path", async () => {
    const ask = () => getConnectedAccount("../../v1/users");
    await expect(withSession({}, ask)).rejects.toThrow('"../../v1/users" is not a provider\'s ID');
  });
});

describe("a client that can open pages", () => {
  const message = "Connect your GitHub account.";
  const connect = { method: "elicitation/create", params: { mode: "url", url: page, message } };

  it.each(["repositories", "ruled"])("of MCP 2026-07-28 is asked by the result (%s)", async (tool) => {
    const { status, result } = await call(tool, { _meta: CAPABLE });
    expect({ status, result }).toEqual({
      status: 200,
      result: { resultType: "input_required", inputRequests: { connect_github: connect } },
    });
    connected(account());
    const again = await call(tool, {
      _meta: CAPABLE,
      inputResponses: { connect_github: { action: "accept" } },
    });
    expect(again.result).not.toHaveProperty("isError");
  });

  it.each(["accept", "decline", "cancel"])("is not asked again after %s", async (action) => {
    for (const tool of ["repositories", "ruled"]) {
      const { result } = await call(tool, { _meta: CAPABLE, inputResponses: { connect_github: { action } } });
      expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining(page) }] });
    }
  });

  it("is asked although it has answered another question, and keeps the tool's state", async () => {
    const inputResponses = { which: { action: "accept" } };
    const { result } = await call("repositories", {
      _meta: CAPABLE,
      inputResponses,
      requestState: "of-the-tool",
    });
    expect(result).toMatchObject({ resultType: "input_required", requestState: "of-the-tool" });
  });

  it.each([{}, { elicitation: {} }, { elicitation: { form: {} } }, { elicitation: { url: true } }, null])(
    "is one that says so: not with the capabilities %j",
    async (capabilities) => {
      const _meta = { ...CAPABLE, "io.modelcontextprotocol/clientCapabilities": capabilities };
      expect((await call("ruled", { _meta })).result).toMatchObject({
        isError: true,
        resultType: "complete",
      });
    },
  );

  it("of MCP 2025-11-25 is asked by error -32042, if it said so when it connected", async () => {
    const { access_token } = await clerk.mint({ user: "bob", resource: mcp.url, clientId: "client_url" });
    const connectAs = (elicitation: object) =>
      rpc("initialize", { protocolVersion: "2025-11-25", capabilities: { elicitation } }, access_token);
    await connectAs({ url: {} });
    const { status, error } = await call("ruled", {}, access_token);
    expect({ status, error }).toEqual({
      status: 200,
      error: {
        code: -32042,
        message: `${message} Open ${page}, then ask again.`,
        data: { elicitations: [{ mode: "url", url: page, message, elicitationId: expect.any(String) }] },
      },
    });
    // Another user with the same client, and another client of the same user.
    expect((await call("ruled")).result.isError).toBe(true);
    const other = await clerk.mint({ user: "bob", resource: mcp.url, clientId: "client_text" });
    expect((await call("ruled", {}, other.access_token)).result.isError).toBe(true);
    await connectAs({});
    expect((await call("ruled", {}, access_token)).result.isError).toBe(true);
  });
});

describe("a rule about connected accounts", () => {
  it("is checked before the tool runs, and costs one call", async () => {
    connected(account());
    expect((await call("ruled")).result.content[0].text).toBe("ran");
    expect(asked()).toBe(1);
  });

  it("is recorded as a refusal", async () => {
    mcp.events.length = 0;
    await call("ruled");
    expect(mcp.events.filter(({ type }) => type === "deny")).toMatchObject([
      { reason: "connection_missing", status: 200, tool: "ruled", caller: "user" },
    ]);
  });

  it("answers 503 while Clerk is away, and 403 in a batch, without a challenge", async () => {
    failing(500, "internal_clerk_error");
    expect(await call("ruled")).toMatchObject({ status: 503, error: "temporarily_unavailable" });
    connected();
    const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "ruled", arguments: {} } };
    const batch = await mcp.fetch("/mcp", token, { method: "POST", body: JSON.stringify([message]) });
    expect(batch.status).toBe(403);
    expect(batch.headers.get("www-authenticate")).toBeNull();
  });

  it("does not ask for an account before scopes and roles are right", async () => {
    const rule = { connection: { github: [] }, scopes: ["documents:read"] };
    const strict = await protectedServer(clerk, { access: { tools: { ruled: rule } } }, tools);
    const { access_token } = await clerk.mint({ user: "ada", resource: strict.url });
    expect((await strict.call(access_token, "ruled")).status).toBe(403);
    expect(asked()).toBe(0);
  });

  it("reaches a tool's error unchanged", async () => {
    const required = withSession({ connectedAccounts: { github: null } }, () =>
      getConnectedAccount("github"),
    );
    await expect(required).rejects.toThrow(ConnectionRequired);
    await expect(required).rejects.toMatchObject({ provider: "github", reason: "not_connected", scopes: [] });
  });
});

it("withSession gives the accounts that the test describes", async () => {
  const given = { connectedAccounts: { github: { scopes: ["repo"], token: "t" } } };
  const { token: value, scopes } = await withSession(given, () =>
    getConnectedAccount("github", { scopes: ["repo"] }),
  );
  expect({ value, scopes }).toEqual({ value: "t", scopes: ["repo"] });
  await expect(withSession(given, () => getConnectedAccount("google"))).rejects.toThrow(
    "The test does not give an account of google",
  );
});
