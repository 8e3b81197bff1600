/** Public tools, and discovery before sign-in, on every platform and with the MCP SDK's own clients. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { UnauthorizedError as UnauthorizedErrorV1 } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { expectBuilt, type Platform, vercel, workers } from "./platforms/platform.js";
import { atEnd } from "./support/at-end.js";
import { run } from "./support/program.js";
import { oauthRequests, protectedTemplate, server } from "./support/protected-template.js";
import { buildQuickly, ROOT, templateCopy } from "./support/template.js";
import { post, toolCall } from "./support/tool-call.js";

const FILES: Readonly<Record<string, string>> = {
  "src/middleware.ts": `
    import { clerkProvider } from "@xmcp-dev/clerk";
    const discovery = (process.env.DISCOVERY ?? "everyone") as "signed-in" | "lists" | "everyone";
    export default clerkProvider({ discovery, access: { tools: { off: "public" }, lists: "all" } });`,
  "src/tools/hello.ts": `
    import { type Access, getOptionalSession } from "@xmcp-dev/clerk";
    export const metadata = { name: "hello", description: "Greets anybody" };
    export const access: Access = "public";
    export default () => "Hello, " + (getOptionalSession()?.userId ?? "stranger") + "!";`,
  "src/tools/strict.ts": `
    import { getSession } from "@xmcp-dev/clerk";
    export const metadata = { name: "strict", description: "Expects a session" };
    export const access = "public";
    export default () => "Hello, " + getSession().userId;`,
  "src/tools/profile.ts": `
    import { getUser } from "@xmcp-dev/clerk";
    export const metadata = { name: "profile", description: "Expects a user" };
    export const access = "public";
    export default async () => "Hello, " + (await getUser()).firstName;`,
  "src/tools/off.ts": `
    export const metadata = { name: "off", description: "Switched off", enabled: false };
    export const access = "public";
    export default () => "OFF RAN";`,
  "src/tools/open-page.ts": `
    export const metadata = { name: "open-page", description: "A page", _meta: { ui: { csp: {} } } };
    export const access = "public";
    export default () => "<p>OPEN PAGE</p>";`,
};

const cwd = await templateCopy();
for (const [path, content] of Object.entries(FILES)) await writeFile(join(cwd, path), content);
await buildQuickly(cwd);
// One after the other, and for Node last: the other builds empty its folder.
const onVercel = await vercel(cwd);
const onWorkers = await workers(cwd);
await expectBuilt(cwd, "xmcp", "build");
const onNode: Platform = { start: (env) => server(env, { cwd }), publicPages: [] };

const SUITE = join(ROOT, "packages/mcp-auth-conformance/bin/mcp-auth-conformance.js");
const NOBODY = /Nobody is signed in: .*getOptionalSession\(\)/;

describe.each([
  ["Node", onNode],
  ["Vercel", onVercel],
  ["Workers", onWorkers],
] as const)("on %s", async (_, platform) => {
  const { clerk, mcp } = await protectedTemplate({ autoApprove: { user: "ada" } }, platform.start);
  const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url });
  const ada = clerk.users.get("ada").id;

  async function answerOf(name: string, token?: string): Promise<{ text: string; isError: boolean }> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await post(mcp.url, toolCall(name), headers);
    const text = await response.text();
    const { result } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
    return { text: result.content[0].text, isError: result.isError === true };
  }

  it("getOptionalSession() in a public tool says who is calling, if anybody", async () => {
    expect(await answerOf("hello")).toEqual({ text: "Hello, stranger!", isError: false });
    expect(await answerOf("hello", access_token)).toEqual({ text: `Hello, ${ada}!`, isError: false });
  });

  it.each([
    ["getSession()", "strict"],
    ["getUser()", "profile"],
  ])("%s in a public tool says that nobody is signed in", async (_name, tool) => {
    expect(await answerOf(tool)).toEqual({ text: expect.stringMatching(NOBODY), isError: true });
    expect((await answerOf(tool, access_token)).isError).toBe(false);
  });

  it("strangers never get the session of a caller before them", async () => {
    const callers = Array.from({ length: 60 }, (__, index) => (index % 2 === 0 ? access_token : undefined));
    const answers = await Promise.all(callers.map((token) => answerOf("hello", token)));
    expect(answers.map(({ text }) => text)).toEqual(
      callers.map((token) => `Hello, ${token === undefined ? "stranger" : ada}!`),
    );
  });

  it("a tool that its metadata switches off is not there, though a rule names it", async () => {
    const headers = { authorization: `Bearer ${access_token}` };
    const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    const answers = await Promise.all(
      [toolCall("off"), list].map(async (body) => (await post(mcp.url, body, headers)).text()),
    );
    expect(answers).toEqual([expect.stringContaining("not found"), expect.not.stringContaining('"off"')]);
    expect(answers[0]).not.toContain("RAN");
  });

  it("the page of a public tool is public", async () => {
    const read = { jsonrpc: "2.0", id: 1, method: "resources/read" };
    const uri = "ui://app/open-page.html";
    const response = await post(mcp.url, { ...read, params: { uri } });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining("OPEN PAGE")]);
  });
});

it.each(["signed-in", "lists", "everyone"])(
  "the conformance suite finds nothing open but what is public, with discovery %s",
  async (position) => {
    const told = ["--discovery", position, "--public-tool", "hello"];
    const options = ["--profile", "clerk", "--strict", "--only", "discovery.", ...told];
    const { code, output } = await run("node", [SUITE, ...options, "--", "node", "dist/http.js"], {
      cwd,
      env: { DISCOVERY: position },
    });
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/ 0 failed/) });
  },
);

/** Connects without a token, uses what is public, and signs in when a call needs it. */
interface Stranger {
  connect(url: URL, person: HeadlessSignIn): Promise<Session>;
}

interface Session {
  names(): Promise<string[]>;
  text(tool: string): Promise<string>;
  signIn(): Promise<void>;
  readonly unauthorized: typeof UnauthorizedError | typeof UnauthorizedErrorV1;
}

const textOf = (result: unknown) => (result as { content: { text: string }[] }).content[0]?.text ?? "";

const v2: Stranger = {
  async connect(url, person) {
    const client = new Client({ name: "test", version: "1.0.0" });
    const transport = new StreamableHTTPClientTransport(url, { authProvider: person });
    await client.connect(transport);
    atEnd(() => client.close());
    return {
      names: async () => (await client.listTools()).tools.map(({ name }) => name),
      text: async (name) => textOf(await client.callTool({ name, arguments: {} })),
      signIn: () => transport.finishAuth(person.answer ?? new URLSearchParams()),
      unauthorized: UnauthorizedError,
    };
  },
};

const v1: Stranger = {
  async connect(url, person) {
    const client = new ClientV1({ name: "test", version: "1.0.0" });
    const transport = new TransportV1(url, { authProvider: person });
    await client.connect(transport);
    atEnd(() => client.close());
    return {
      names: async () => (await client.listTools()).tools.map(({ name }) => name),
      text: async (name) => textOf(await client.callTool({ name, arguments: {} })),
      signIn: () => transport.finishAuth(person.answer?.get("code") ?? ""),
      unauthorized: UnauthorizedErrorV1,
    };
  },
};

describe.each([
  ["v1", v1],
  ["v2", v2],
])("the MCP SDK's client %s", (_, stranger) => {
  it("connects, lists and calls a public tool, meets the challenge at the first other, signs in and goes on", async () => {
    const { clerk, mcp } = await protectedTemplate({ autoApprove: { user: "ada" } }, onNode.start);
    const person = new HeadlessSignIn();
    const session = await stranger.connect(new URL(mcp.url), person);
    expect(await session.names()).toEqual(expect.arrayContaining(["hello", "whoami"]));
    expect(await session.text("hello")).toBe("Hello, stranger!");
    expect(oauthRequests(clerk)).toEqual([]);
    await expect(session.text("whoami")).rejects.toThrow(session.unauthorized);
    await session.signIn();
    const { id } = clerk.users.get("ada");
    expect(await session.text("whoami")).toContain(id);
    expect(await session.text("hello")).toBe(`Hello, ${id}!`);
  });
});
