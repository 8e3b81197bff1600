/** What a caller without a credential can do, in each position of `discovery`. */
import type { Access, AccessOptions, ClerkProviderOptions } from "@xmcp-dev/clerk";
import type { McpServer } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { createAuthenticator } from "../src/authenticator.js";
import { readSettings } from "../src/options/settings.js";
import { builtApp, runningApp } from "./access-app.js";
import { authRequest } from "./auth-request.js";
import { localClerk, optionsFor } from "./protected-server.js";

const clerk = await localClerk();
const folder = builtApp(["open", "mine", "shut", "scoped", "machines"], ["notes"], {
  open: "public",
  notes: "public",
  shut: "deny",
  scoped: { scopes: ["records:write"] },
  machines: { callers: ["machine"] },
});

const POSITIONS = ["signed-in", "lists", "everyone"] as const;
/** The local Clerk does not advertise the scope of the rule. */
const serverOf = ({ access, ...options }: ClerkProviderOptions) =>
  runningApp(folder, clerk, { ...options, access: { unknownNames: "ignore", ...access } });
const [closed, lists, everyone] = await Promise.all([
  serverOf({ discovery: "signed-in" }),
  serverOf({ discovery: "lists" }),
  serverOf({ discovery: "everyone" }),
]);
const servers = { "signed-in": closed, lists, everyone };

interface Sent {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function send({ url }: McpServer, body: unknown, { token, headers }: Sent = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

const request = (method: string, params: object = {}, id: unknown = 7) => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});
const call = (name: string) => request("tools/call", { name, arguments: {} });
const read = (uri: string) => request("resources/read", { uri });

const INITIALIZE = request("initialize", {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "test", version: "1" },
});
const DISCOVER = request("server/discover", {
  _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  },
});

// biome-ignore lint/suspicious/noExplicitAny: an answer of any method
async function message(response: Response): Promise<any> {
  const text = await response.text();
  return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
}

async function namesOf(server: McpServer, kind: "tools" | "prompts" | "resources", sent: Sent = {}) {
  const { result } = await message(await send(server, request(`${kind}/list`), sent));
  return result[kind].map(({ name }: { name: string }) => name).sort();
}

/** The calls that a stranger may make in each position. */
const OPEN_TO_ALL: Readonly<Record<string, unknown>> = {
  "a public tool": call("open"),
  "a public prompt": request("prompts/get", { name: "open", arguments: {} }),
  "a public resource": read("records://open"),
  "a public resource template": read("notes://1"),
  "a batch of what is public": [call("open"), read("notes://1")],
};

const LISTS: Readonly<Record<string, unknown>> = {
  "tools/list": request("tools/list"),
  "prompts/list": request("prompts/list"),
  "resources/list": request("resources/list"),
  "resources/templates/list": request("resources/templates/list"),
  ping: request("ping"),
};

const CONNECTING: Readonly<Record<string, unknown>> = {
  initialize: INITIALIZE,
  "notifications/initialized": { jsonrpc: "2.0", method: "notifications/initialized" },
};

const CLOSED: Readonly<Record<string, unknown>> = {
  "a tool without a rule": call("mine"),
  "a closed tool": call("shut"),
  "a tool for scopes": call("scoped"),
  "a tool for machines": call("machines"),
  "a tool that does not exist": call("nothing"),
  "a public tool in another case": call("OPEN"),
  "a public tool with a blank": call("open "),
  "no name": request("tools/call"),
  "a name that is a list": request("tools/call", { name: ["open"] }),
  "a prompt without a rule": request("prompts/get", { name: "mine" }),
  "a resource without a rule": read("records://mine"),
  "a public tool as a prompt that is not": request("prompts/get", { name: "runs" }),
  "a batch with one thing that is not public": [call("open"), call("mine")],
  "a batch with a method that nobody knows": [call("open"), request("tools/delete", { name: "open" })],
  "a subscription to a public resource": request("resources/subscribe", { uri: "records://open" }),
  "a stream of notifications": request("subscriptions/listen", {
    notifications: { resourceSubscriptions: ["records://open"] },
  }),
  "a completion of nothing": request("completion/complete", { ref: { type: "ref/other", name: "open" } }),
  "a completion of a prompt without a rule": request("completion/complete", {
    ref: { type: "ref/prompt", name: "mine" },
    argument: { name: "a", value: "" },
  }),
  "a method that nobody knows": request("tools/run", { name: "open" }),
  "logging/setLevel": request("logging/setLevel", { level: "debug" }),
};

describe.each(POSITIONS)("a caller without a credential, with discovery %s,", (position) => {
  const server = servers[position];

  it.each(Object.entries(OPEN_TO_ALL))("may use %s", async (_, body) => {
    const response = await send(server, body);
    expect([response.status, JSON.stringify(await message(response))]).toEqual([
      200,
      expect.not.stringContaining('"error"'),
    ]);
  });

  it.each(Object.entries(LISTS))(
    `${position === "signed-in" ? "may not" : "may"} send %s`,
    async (_, body) => {
      expect((await send(server, body)).status).toBe(position === "signed-in" ? 401 : 200);
    },
  );

  it.each(Object.entries(CONNECTING))(
    `${position === "everyone" ? "may" : "may not"} send %s`,
    async (_, body) => {
      const { status } = await send(server, body);
      if (position === "everyone") expect([200, 202]).toContain(status);
      else expect(status).toBe(401);
    },
  );

  it(`${position === "everyone" ? "may" : "may not"} send server/discover`, async () => {
    const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "server/discover" };
    expect((await send(server, DISCOVER, { headers })).status).toBe(position === "everyone" ? 200 : 401);
  });

  it.each(Object.entries(CLOSED))("is challenged for %s", async (_, body) => {
    const response = await send(server, body);
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringMatching(/^Bearer scope="/),
    ]);
  });

  it("may send a batch of ten public calls, and is challenged for one of eleven", async () => {
    const batch = (length: number) => Array.from({ length }, (_, id) => ({ ...call("open"), id }));
    expect((await send(server, batch(10))).status).toBe(200);
    expect((await send(server, batch(11))).status).toBe(401);
  });

  it("gets 400 for an empty batch, which is no message", async () => {
    expect((await send(server, [])).status).toBe(400);
  });

  it("gets the request's id with the challenge", async () => {
    const response = await send(server, { ...call("mine"), id: "seven" });
    expect([response.status, await response.json()]).toEqual([
      401,
      {
        jsonrpc: "2.0",
        id: "seven",
        error: {
          code: -32000,
          message: "Missing or invalid bearer token",
          data: { error: "unauthorized", error_description: "Missing or invalid bearer token" },
        },
      },
    ]);
  });

  it.each(["HEAD", "DELETE", "PUT", "PATCH"])("is challenged for %s", async (method) => {
    expect((await fetch(server.url, { method })).status).toBe(401);
  });

  it(`gets no stream${position === "everyone" ? ", and no challenge that would make its user sign in" : ""}`, async () => {
    const { status, headers } = await fetch(server.url, { headers: { accept: "text/event-stream" } });
    expect([status, headers.get("allow")]).toEqual(
      position === "everyone" ? [405, "POST, OPTIONS"] : [401, null],
    );
  });

  it.each<[string, Sent["headers"]]>([
    ["a wrong token", { authorization: "Bearer a.b.c" }],
    ["an empty token", { authorization: "Bearer " }],
    ["another scheme", { authorization: "Basic YTpi" }],
  ])("is refused for a public tool with %s", async (_, headers = {}) => {
    expect((await send(server, call("open"), { headers })).status).toBe(401);
  });

  it("is refused for a public tool with a token in the query", async () => {
    const response = await fetch(`${server.url}?access_token=a.b.c`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: JSON.stringify(call("open")),
    });
    expect(response.status).toBe(401);
  });

  it("is refused for a public tool with an expired token", async () => {
    const { access_token } = await clerk.mint({ resource: server.url, expiresIn: -60 });
    expect((await send(server, call("open"), { token: access_token })).status).toBe(401);
  });
});

describe("the lists of a caller without a credential", () => {
  it("have what is public", async () => {
    expect(await namesOf(lists, "tools")).toEqual(["open"]);
    expect(await namesOf(lists, "prompts")).toEqual(["open"]);
    expect(await namesOf(lists, "resources")).toEqual(["open"]);
  });

  it("are private, since a caller with a token sees more", async () => {
    const { headers } = await send(lists, request("tools/list"));
    expect(headers.get("cache-control")).toBe("private, no-cache");
    const { access_token: token } = await clerk.mint({ resource: lists.url });
    expect(await namesOf(lists, "tools", { token })).toEqual([
      "fails-at-length",
      "mine",
      "open",
      "refuses",
      "runs",
    ]);
    expect(await namesOf(lists, "tools")).toEqual(["open"]);
  });

  it.each<["reachable" | "all", string[]]>([
    ["reachable", ["fails-at-length", "mine", "open", "refuses", "runs", "scoped"]],
    ["all", ["fails-at-length", "machines", "mine", "open", "refuses", "runs", "scoped", "shut"]],
  ])("have, with lists %s, what a sign-in opens", async (policy, names) => {
    const server = await serverOf({ discovery: "everyone", access: { lists: policy } });
    expect(await namesOf(server, "tools")).toEqual(names);
    expect((await send(server, call("scoped"))).status).toBe(401);
  });

  it("are empty if nothing is public", async () => {
    const server = await serverOf({
      discovery: "lists",
      access: { tools: { "*": "authenticated" }, prompts: { "*": {} }, resources: { "*": "authenticated" } },
    });
    expect(await namesOf(server, "tools")).toEqual([]);
    expect(await namesOf(server, "prompts")).toEqual([]);
    expect(await namesOf(server, "resources")).toEqual([]);
    expect((await send(server, call("open"))).status).toBe(401);
  });
});

describe("tools/list says how each tool is called", () => {
  const ADVERTISED = ["profile", "email"];

  it("to hosts that read securitySchemes, in both places", async () => {
    const server = await serverOf({ discovery: "everyone", access: { lists: "all" } });
    const { result } = await message(await send(server, request("tools/list")));
    const schemes = Object.fromEntries(
      result.tools.map((tool: { name: string; securitySchemes: unknown }) => [
        tool.name,
        tool.securitySchemes,
      ]),
    );
    expect(schemes).toMatchObject({
      open: [{ type: "noauth" }, { type: "oauth2", scopes: ADVERTISED }],
      mine: [{ type: "oauth2", scopes: ADVERTISED }],
      scoped: [{ type: "oauth2", scopes: [...ADVERTISED, "records:write"] }],
    });
    for (const tool of result.tools) expect(tool._meta.securitySchemes).toEqual(tool.securitySchemes);
  });
});

describe("hosts that read only results", () => {
  const headers = { "user-agent": "openai-mcp/1.0.0 (ChatGPT)" };

  it("get the challenge in the result of a call, which does not run", async () => {
    const before = await runs();
    const response = await send(everyone, call("mine"), { headers });
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        jsonrpc: "2.0",
        id: 7,
        result: {
          isError: true,
          content: [{ type: "text", text: "Sign in to use this tool." }],
          _meta: {
            "mcp/www_authenticate": [
              expect.stringMatching(
                /^Bearer error="invalid_token", scope="profile email", resource_metadata="http:.*", error_description="Missing or invalid bearer token"$/,
              ),
            ],
          },
        },
      },
    ]);
    expect(await runs()).toEqual(before);
  });

  it("get it for a missing scope too", async () => {
    const { access_token: token } = await clerk.mint({ resource: everyone.url });
    const response = await send(everyone, call("scoped"), { headers, token });
    const { result } = await response.json();
    expect(result._meta["mcp/www_authenticate"]).toEqual([
      expect.stringMatching(
        /error="insufficient_scope", scope="profile email records:write".*error_description=/,
      ),
    ]);
  });

  it("get it for a bad token too", async () => {
    const { access_token: token } = await clerk.mint({ resource: everyone.url, expiresIn: -60 });
    const response = await send(everyone, call("mine"), { headers, token });
    const { id, result } = await response.json();
    expect([response.status, id, result._meta["mcp/www_authenticate"]]).toEqual([
      200,
      7,
      [expect.stringMatching(/^Bearer error="invalid_token", scope=.*error_description=/)],
    ]);
  });

  it.each([
    ["no body", undefined, 401],
    ["a body that is not JSON", "{", 400],
    ["a body that is too large", `"${"a".repeat(11_000_000)}"`, 413],
  ])("get an answer to %s", async (_, body, status) => {
    const sent = { method: "POST", headers: { ...headers, "content-type": "application/json" } };
    const answered = await fetch(everyone.url, body === undefined ? sent : { ...sent, body });
    expect(answered.status).toBe(status);
    const badToken = { ...sent.headers, authorization: "Bearer a.b.c" };
    const refused = await fetch(everyone.url, {
      ...sent,
      headers: badToken,
      ...(body !== undefined && { body }),
    });
    expect(refused.status).toBe(401);
  });

  it("get the status for everything else", async () => {
    const status = async (body: unknown) => (await send(everyone, body, { headers })).status;
    expect(await status([call("mine")])).toBe(401);
    expect(await status(read("records://mine"))).toBe(401);
    expect(await status({ ...call("mine"), id: undefined })).toBe(401);
    expect((await send(closed, INITIALIZE, { headers })).status).toBe(401);
  });

  async function runs(): Promise<string> {
    const { access_token: token } = await clerk.mint({ resource: everyone.url });
    const { result } = await message(await send(everyone, call("runs"), { token }));
    return result.content[0].text;
  }
});

describe("requests without a credential", () => {
  it("leave no deny event where some are allowed", async () => {
    const server = await serverOf({ discovery: "everyone" });
    await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        send(server, index % 2 === 0 ? call(`guess-${index}`) : request("tools/list")),
      ),
    );
    await fetch(`${server.url}?access_token=x`, { method: "POST" });
    await send(server, call("open"), { headers: { authorization: "Basic YTpi" } });
    await send(server, call("open"));
    await expect.poll(() => server.output(), { timeout: 10_000 }).toContain('"name":"open"');
    expect(server.output()).not.toContain('"deny"');
    expect(server.output()).toMatch(/"type":"tool",[^\n]*"name":"open","caller":"anonymous","durationMs"/);
  });

  it("count each message of a batch in their budget", async () => {
    const server = await serverOf({
      discovery: "everyone",
      anonymousRequests: { requests: 5, windowSeconds: 3_600 },
    });
    const batch = (length: number) => Array.from({ length }, (_, id) => ({ ...call("open"), id }));
    const statuses = [];
    for (const length of [3, 2, 1]) statuses.push((await send(server, batch(length))).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it("have a budget per address, which is not that of verified callers", async () => {
    const server = await serverOf({
      discovery: "everyone",
      anonymousRequests: { requests: 3, windowSeconds: 3_600 },
    });
    const statuses = [];
    for (let index = 0; index < 5; index += 1) statuses.push((await send(server, call("open"))).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const refused = await send(server, call("open"));
    expect((await fetch(`${server.url}?access_token=x`, { method: "POST" })).status).toBe(429);
    expect((await fetch(server.url, { method: "POST" })).status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    const { access_token: token } = await clerk.mint({ resource: server.url });
    expect((await send(server, call("open"), { token })).status).toBe(200);
  });
});

describe("a public URI template opens no other that answers the same URIs", () => {
  /** The outcome of reading these URIs without a credential. */
  async function outcomes(
    access: AccessOptions,
    templates: Readonly<Record<string, Access | undefined>>,
    ...uris: readonly string[]
  ) {
    const resources = Object.entries(templates).map(([name, own]) => ({
      path: name,
      name,
      templateName: name,
      access: own,
    }));
    const options = { ...optionsFor(clerk), baseURL: "http://127.0.0.1", access };
    const { decide } = createAuthenticator(readSettings(options, {}), {
      declare: async () => ({ tools: [], prompts: [], resources }),
    });
    const decisions = await Promise.all(uris.map((uri) => decide(authRequest([], read(uri)))));
    return decisions.map(({ outcome }) => (outcome === "authenticated" ? "open" : "closed"));
  }

  it("of a file without a rule, whatever the default", async () => {
    const templates = { "files://{a}/{b}": undefined, "files://pub/{b}": "public" } as const;
    for (const fallback of ["authenticated", "deny"] as const)
      expect(await outcomes({ default: fallback }, templates, "files://pub/1")).toEqual(["closed"]);
  });

  it("if the rule is in the options", async () => {
    const templates = { "files://{a}/{b}": undefined, "files://pub/{b}": undefined };
    const access = { resources: { "files://pub/{b}": "public" } } as const;
    expect(await outcomes(access, templates, "files://pub/1")).toEqual(["closed"]);
  });

  it("if it is longer", async () => {
    const templates = { "docs://{a}/{b}": undefined, "docs://private/{b}": undefined };
    const access = { resources: { "docs://{a}/{b}": "public" } } as const;
    expect(await outcomes(access, templates, "docs://private/1", "docs://other/1")).toEqual([
      "closed",
      "open",
    ]);
  });

  it("but its own URIs, and everything below a star", async () => {
    const templates = { "docs://{a}/{b}": undefined, "notes://{id}": undefined };
    const access = { resources: { "docs://{a}/{b}": "public", "notes://*": "public" } } as const;
    const uris = ["docs://a/1", "notes://1", "docs://a/b/1"];
    expect(await outcomes(access, templates, ...uris)).toEqual(["open", "open", "closed"]);
  });
});
