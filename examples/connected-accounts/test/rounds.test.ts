/** The whole round: a tool needs an account, its user connects it, and the same call succeeds. */
import { UrlElicitationRequiredError } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { UrlElicitationRequiredError as RequiredV1 } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it } from "vitest";
import { atEnd } from "../../../dev/test/support/at-end.js";
import { app, clientOf, textOf, tokenOf } from "./support/app.js";
import { connectAt } from "./support/person.js";

const running = await app();
const { clerk, mcp } = running;
const page = `${clerk.issuer}/user`;
const CONNECT = "Connect your GitHub account.";

/** A user of their own, with no account or with one. */
function newUser(account?: object): string {
  const { username } = clerk.users.create({ username: `user-${clerk.users.list().length}` });
  if (account) clerk.connectedAccounts.connect({ user: username, provider: "github", ...account });
  return username;
}

const THREE = ["analytical-engine", "notes", "website"];

describe.each(["list-repositories", "latest-repository"])("%s", (tool) => {
  it("in MCP 2026-07-28, the result asks, the user connects, and the same call succeeds", async () => {
    const user = newUser();
    const { asked, call } = await clientOf(running, user, { era: "2026-07-28", opensPages: true });
    const result = await call(tool);
    expect(asked).toEqual([{ url: page, message: CONNECT }]);
    expect(textOf(result)).toContain(`${user}/analytical-engine`);
    await call(tool);
    expect(asked).toHaveLength(1);
  });

  it("in MCP 2025-11-25, error -32042 asks, and the repeated call succeeds", async () => {
    const user = newUser();
    const { call } = await clientOf(running, user, { opensPages: true });
    const error = await call(tool).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UrlElicitationRequiredError);
    const { code, elicitations } = error as UrlElicitationRequiredError;
    expect(code).toBe(-32042);
    expect(elicitations).toEqual([
      { mode: "url", url: page, message: CONNECT, elicitationId: expect.any(String) },
    ]);
    expect(await connectAt(String(elicitations[0]?.url), user, ["repo"])).toContain("GitHub is connected.");
    expect(textOf(await call(tool))).toContain(`${user}/analytical-engine`);
  });

  it("a client that cannot open pages gets a text with the link, in both generations", async () => {
    const user = newUser();
    const older = await clientOf(running, user);
    const newer = await clientOf(running, user, { era: "2026-07-28" });
    for (const { call } of [older, newer]) {
      const result = await call(tool);
      expect(result.isError).toBe(true);
      expect(textOf(result)).toBe(`${CONNECT} Open ${page}, then ask again.`);
    }
    await connectAt(page, user, ["repo"]);
    for (const { call } of [older, newer]) expect((await call(tool)).isError).toBeFalsy();
  });

  it.each(["decline", "cancel"] as const)("a user who answers %s is not asked again", async (answer) => {
    const kind = { era: "2026-07-28", opensPages: true, answer } as const;
    const { asked, call } = await clientOf(running, newUser(), kind);
    const result = await call(tool);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(page);
    expect(asked).toHaveLength(1);
  });

  it("asks for a scope that the user has not allowed", async () => {
    const user = newUser({ scopes: ["read:user"] });
    const { asked, call } = await clientOf(running, user, { era: "2026-07-28", opensPages: true });
    expect((await call(tool)).isError).toBeFalsy();
    expect(asked).toEqual([{ url: page, message: "Connect your GitHub account again, and allow repo." }]);
    expect(clerk.connectedAccounts.list(user)).toMatchObject([{ scopes: ["read:user", "repo"] }]);
  });

  it("costs one call to Clerk for the account", async () => {
    const { call } = await clientOf(running, newUser({}));
    clerk.requests({ reset: true });
    await call(tool);
    const calls = clerk.requests().map(({ path }) => path.replace(/user_\w+/, "…"));
    expect(calls.filter((path) => path.startsWith("/v1/"))).toEqual([
      "/v1/users/…/oauth_access_tokens/oauth_github",
    ]);
  });

  it("gets a new token when the old one has expired, and asks if there is no refresh token", async () => {
    const user = newUser({ expiresIn: -1 });
    const { call } = await clientOf(running, user);
    expect((await call(tool)).isError).toBeFalsy();
    const [account] = clerk.connectedAccounts.list(user);
    clerk.connectedAccounts.expire(String(account?.id), { refreshable: false });
    const result = await call(tool);
    expect(textOf(result)).toBe(`Connect your GitHub account again. Open ${page}, then ask again.`);
    await connectAt(page, user, ["repo"]);
    expect((await call(tool)).isError).toBeFalsy();
  });
});

it("the MCP SDK's client v1 gets error -32042 if it opens pages, else the text", async () => {
  const user = newUser();
  const connected = async (elicitation?: { url?: object }) => {
    const client = new ClientV1(
      { name: "test", version: "1.0.0" },
      { capabilities: elicitation === undefined ? {} : { elicitation } },
    );
    const authorization = `Bearer ${await tokenOf(running, user, `v1_${JSON.stringify(elicitation)}`)}`;
    await client.connect(new TransportV1(new URL(mcp.url), { requestInit: { headers: { authorization } } }));
    atEnd(() => client.close());
    return () => client.callTool({ name: "list-repositories", arguments: {} });
  };
  const text = await (await connected())();
  expect(text).toMatchObject({ isError: true, content: [{ text: expect.stringContaining(page) }] });
  const form = await (await connected({}))();
  expect(form).toMatchObject({ isError: true });
  const call = await connected({ url: {} });
  const error = (await call().catch((thrown: unknown) => thrown)) as RequiredV1;
  expect(error).toBeInstanceOf(RequiredV1);
  expect(error.elicitations).toMatchObject([{ mode: "url", url: page }]);
  await connectAt(page, user, ["repo"]);
  expect((await call()).structuredContent).toMatchObject({ isAll: true });
});

it("a link that another user opens connects their own account, and not the caller's", async () => {
  const [caller, other] = [newUser(), newUser()];
  const { call } = await clientOf(running, caller);
  const result = await call("list-repositories");
  await connectAt(/http\S+\/user/.exec(textOf(result))?.[0] ?? "", other, ["repo"]);
  expect((await call("list-repositories")).isError).toBe(true);
  expect(clerk.connectedAccounts.list(other)).toHaveLength(1);
});

it("each user gets the repositories of their own account", async () => {
  const users = [newUser({}), newUser({ repositories: ["one"] })];
  const [first, second] = await Promise.all(users.map((user) => clientOf(running, user)));
  const names = async (client: typeof first) =>
    textOf((await client?.call("list-repositories")) ?? { content: [] }).split("\n");
  const answers = await Promise.all([names(first), names(second), names(first), names(second)]);
  const expected = [THREE.map((name) => `${users[0]}/${name}`), [`${users[1]}/one`]];
  expect(answers).toEqual([...expected, ...expected]);
});

describe("what GitHub answers", () => {
  const REPOS = "/providers/github/user/repos";
  const answering = async (status: number, body = "") => {
    const user = newUser({});
    const { call } = await clientOf(running, user);
    const [account] = clerk.connectedAccounts.list(user);
    const echo = `${body}${account?.token}`;
    clerk.faults({ path: REPOS, status, body: echo, contentType: "application/json" });
    const result = await call("list-repositories");
    clerk.faults();
    expect(JSON.stringify(result)).not.toContain("pvt_");
    return { isError: result.isError, text: textOf(result) };
  };

  it.each([
    [401, "no longer accepts the connection"],
    [403, "does not allow this"],
    [429, "too many requests"],
    [500, "does not work right now"],
    [200, "could not be read"],
  ])("%i: a sentence for a person, and never its body", async (status, text) => {
    expect(await answering(status, "echo ")).toEqual({ isError: true, text: expect.stringContaining(text) });
  });

  it("a closed connection is an answer for a person, too", async () => {
    const { call } = await clientOf(running, newUser({}));
    clerk.faults({ path: REPOS, drop: true });
    expect(textOf(await call("list-repositories"))).toBe("GitHub did not answer. Try again later.");
    clerk.faults();
  });

  it("more repositories than three pages are cut off, and the result says so", async () => {
    const repositories = Array.from({ length: 320 }, (_, index) => `r${index}`);
    const { call } = await clientOf(running, newUser({ repositories }));
    const { structuredContent } = await call("list-repositories");
    const found = structuredContent as { repositories: unknown[]; isAll: boolean };
    expect([found.repositories.length, found.isAll]).toEqual([300, false]);
  });
});

it("no token of a provider is in the log", async () => {
  await expect.poll(mcp.output).toMatch(/"type":"tool".*"name":"list-repositories"/);
  await expect.poll(mcp.output).toMatch(/"type":"deny".*"reason":"connection_missing"/);
  expect(mcp.output()).not.toMatch(/pvt_/);
});
