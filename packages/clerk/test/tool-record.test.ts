import { once } from "node:events";
import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { AccessDenied, type ClerkProviderOptions, type ToolEvent } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import { localClerk, type ProtectedServer, protectedServer } from "./protected-server.js";

const clerk = await localClerk();

interface Call {
  readonly id?: unknown;
  readonly params: { readonly name: string; readonly arguments?: unknown };
}
type Answer = Readonly<Record<string, unknown>>;

const text = (value: string) => ({ content: [{ type: "text", text: value }] });
const failed = (value: string) => ({ result: { ...text(value), isError: true } });

/** Stands in for xmcp: an error in a tool becomes an answer with `isError`, as in the MCP SDK. */
const TOOLS: Readonly<Record<string, () => Answer>> = {
  fine: () => ({ result: text("done") }),
  "fine-but-says-so": () => ({ result: text('{"isError":true}, "isError":true, "error":{"code":1}') }),
  "fine-with-data": () => ({
    result: { ...text("x"), structuredContent: { isError: true, error: { code: 1 } } },
  }),
  "not-an-error": () => ({ result: { ...text("x"), isError: false } }),
  broken: () => failed("it broke"),
  unknown: () => ({ error: { code: -32602, message: "Unknown tool" } }),
  "denied-by-itself": () => failed(new AccessDenied("You can delete only your own documents.").message),
  "denied-without-a-word": () => failed(new AccessDenied().message),
  "broken-like-another": () => failed("Not the message of a denial"),
};

const OUTCOMES: [keyof typeof TOOLS, ToolEvent["outcome"]][] = [
  ["fine", "ok"],
  ["fine-but-says-so", "ok"],
  ["fine-with-data", "ok"],
  ["not-an-error", "ok"],
  ["broken", "error"],
  ["unknown", "error"],
  ["denied-by-itself", "denied"],
  ["denied-without-a-word", "denied"],
  ["broken-like-another", "error"],
];

/** Ways to send an answer: as JSON, or as events, in one piece or in several. */
const WAYS = {
  JSON(response: ServerResponse, answers: readonly Answer[], isBatch: boolean) {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(isBatch ? answers : answers[0]));
  },
  "JSON as bytes": (response: ServerResponse, answers: readonly Answer[], isBatch: boolean) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write(new TextEncoder().encode(JSON.stringify(isBatch ? answers : answers[0])));
    response.end();
  },
  SSE(response: ServerResponse, answers: readonly Answer[]) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const answer of answers) response.write(`event: message\ndata: ${JSON.stringify(answer)}\n\n`);
    response.end();
  },
  "SSE, all events at once": (response: ServerResponse, answers: readonly Answer[]) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const events = answers.map((answer) => `event: message\ndata: ${JSON.stringify(answer)}\n\n`);
    response.end(Buffer.from(`: comment\n\n${events.reverse().join("")}`));
  },
};
const EACH_WAY = Object.keys(WAYS) as (keyof typeof WAYS)[];

async function server(options: ClerkProviderOptions = {}, way: keyof typeof WAYS = "JSON") {
  const started = await protectedServer(clerk, options, (request, response) => {
    const calls = [request.body].flat() as Call[];
    const answers = calls.map(({ id, params }) => ({ jsonrpc: "2.0", id, ...TOOLS[params.name]?.() }));
    WAYS[way](response, answers, Array.isArray(request.body));
  });
  const { access_token } = await clerk.mint({ resource: started.url, user: "ada", organization: "acme" });
  const post = (body: unknown) =>
    started.fetch("/mcp", access_token, { method: "POST", body: JSON.stringify(body) });
  return { ...started, post };
}

const call = (name: string, id: unknown = 1, args?: unknown) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, ...(args !== undefined && { arguments: args }) },
});
const toolEvents = ({ events }: Pick<ProtectedServer, "events">) =>
  events.filter((event): event is ToolEvent => event.type === "tool");
const recorded = async (from: Pick<ProtectedServer, "events">, count = 1) => {
  await expect.poll(() => toolEvents(from).length).toBe(count);
  return toolEvents(from);
};
const outcomes = async (from: Pick<ProtectedServer, "events">, count = 1) =>
  Object.fromEntries((await recorded(from, count)).map(({ name, outcome }) => [name, outcome]));

describe("how a call ended", () => {
  it.each(EACH_WAY.flatMap((way) => OUTCOMES.map(([name, outcome]) => ({ way, name, outcome }))))(
    "is recorded for a single call: $name is $outcome ($way)",
    async ({ way, name, outcome }) => {
      const one = await server({}, way);
      const body = await (await one.post(call(name))).text();
      expect(body).toContain('"jsonrpc":"2.0"');
      expect(await outcomes(one)).toEqual({ [name]: outcome });
    },
  );

  it.each(EACH_WAY)("is recorded for each call of a batch (%s)", async (way) => {
    const one = await server({}, way);
    await (await one.post(OUTCOMES.map(([name], id) => call(name, id)))).text();
    expect(await outcomes(one, OUTCOMES.length)).toEqual(Object.fromEntries(OUTCOMES));
  });

  it("is recorded by id, and the number 1 is not the string 1", async () => {
    const one = await server();
    await one.post([call("fine", 1), call("broken", "1")]);
    expect(await outcomes(one, 2)).toEqual({ fine: "ok", broken: "error" });
  });

  it("is error for a failed call, even if its message equals that of an earlier denial", async () => {
    const one = await server();
    const words = "Not the message of a denial";
    new AccessDenied(words);
    await one.post(call("broken-like-another"));
    expect(await outcomes(one)).toEqual({ "broken-like-another": "error" });
  });

  it.each([400, 404, 500, 503])("is error if the status is %i", async (status) => {
    const one = await protectedServer(clerk, {}, (_, response) => {
      response.statusCode = status;
    });
    await one.call((await clerk.mint({ resource: one.url })).access_token);
    expect(await outcomes(one)).toEqual({ greet: "error" });
  });

  it("is aborted for each call of a batch if the caller disconnects", async () => {
    const started = vi.fn();
    const one = await protectedServer(clerk, {}, (_, response) => {
      response.write(`data: ${JSON.stringify({ id: 1, ...TOOLS.broken?.() })}\n\n`);
      started();
      return new Promise((resolve) => response.once("close", resolve));
    });
    const { access_token } = await clerk.mint({ resource: one.url });
    const abort = new AbortController();
    const body = JSON.stringify([call("fine", 1), call("broken", 2)]);
    const sent = one.fetch("/mcp", access_token, { method: "POST", body, signal: abort.signal });
    await vi.waitFor(() => expect(started).toHaveBeenCalled());
    abort.abort();
    await sent.then((response) => response.text()).catch(() => {});
    expect(await outcomes(one, 2)).toEqual({ fine: "aborted", broken: "aborted" });
  });

  it("is aborted for the unanswered call of a closed connection, not for the calls before", async () => {
    let isAnswered = true;
    const one = await protectedServer(clerk, {}, (_, response) => {
      if (isAnswered) return { result: text("done") };
      return new Promise((resolve) => response.once("close", resolve));
    });
    const { access_token } = await clerk.mint({ resource: one.url });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
    const send = (name: string) =>
      request(one.url, { agent, method: "POST", headers })
        .on("error", () => {})
        .end(JSON.stringify(call(name)));
    for (const name of ["first", "second"]) {
      const [answer] = (await once(send(name), "response")) as [IncomingMessage];
      await once(answer.resume(), "end");
    }
    isAnswered = false;
    const last = send("third");
    await expect.poll(() => one.reached.length).toBe(3);
    expect(toolEvents(one)).toHaveLength(2);
    last.destroy();
    expect(await outcomes(one, 3)).toEqual({ first: "ok", second: "ok", third: "aborted" });
    expect(last.reusedSocket).toBe(true);
  });

  it("is aborted if the caller disconnects before the token is verified", async () => {
    const own = await localClerk();
    const one = await protectedServer(own, {}, () => ({ result: text("done") }));
    const { access_token } = await own.mint({ resource: one.url });
    own.faults({ path: "/.well-known/jwks.json", latencyMs: 1_500 });
    const abort = new AbortController();
    const body = JSON.stringify(call("fine"));
    const sent = one.fetch("/mcp", access_token, { method: "POST", body, signal: abort.signal });
    await Promise.all([
      expect(sent).rejects.toThrow("abort"),
      expect
        .poll(() => own.requests().length)
        .toBe(1)
        .then(() => abort.abort()),
    ]);
    await expect.poll(() => toolEvents(one).length, { timeout: 10_000 }).toBe(1);
    expect(await outcomes(one)).toEqual({ fine: "aborted" });
  });

  it("is recorded without a change of the answer", async () => {
    const one = await server();
    const answer = await (await one.post(call("fine-but-says-so"))).json();
    expect(answer).toEqual({ jsonrpc: "2.0", id: 1, ...TOOLS["fine-but-says-so"]?.() });
  });
});

describe("the arguments of a call", () => {
  const SENT = { name: "Ada", password: "s3cret", nested: { list: [1, null] } };
  const withArguments = async (
    recordArguments: ClerkProviderOptions["recordArguments"],
    sent: unknown = SENT,
  ) => {
    const one = await server({ recordArguments });
    expect((await one.post(call("fine", 1, sent))).status).toBe(200);
    return (await recorded(one))[0];
  };

  it.each([
    ["by default", undefined],
    ["with false", false],
  ])("are not recorded %s", async (_, option) => {
    const event = await withArguments(option);
    expect(event).not.toHaveProperty("arguments");
    expect(JSON.stringify(event)).not.toContain("s3cret");
  });

  it("are recorded as sent with true", async () => {
    expect(await withArguments(true)).toMatchObject({ name: "fine", outcome: "ok", arguments: SENT });
  });

  it("are recorded as a function returns them, which receives the tool's name", async () => {
    const redact = vi.fn((tool: string, sent: unknown) => ({ tool, names: Object.keys(sent as object) }));
    const event = await withArguments(redact);
    expect(redact.mock.calls).toEqual([["fine", SENT]]);
    expect(event?.arguments).toEqual({ tool: "fine", names: ["name", "password", "nested"] });
  });

  it("are recorded for each call of a batch", async () => {
    const one = await server({ recordArguments: true });
    await one.post([call("fine", 1, { a: 1 }), call("broken", 2, { b: 2 })]);
    expect((await recorded(one, 2)).map(({ arguments: sent }) => sent)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("redaction");
      },
    ],
    ["rejects", () => Promise.reject(new Error("redaction"))],
    ["returns a promise", () => Promise.resolve({})],
  ])(
    "are left out if the function %s; nothing else is lost, and the failure is reported once",
    async (_, redact) => {
      const printed = vi.spyOn(console, "error").mockImplementation(() => {});
      const one = await server({ recordArguments: redact });
      for (let index = 0; index < 3; index += 1) {
        const response = await one.post([call("fine", 1, SENT), call("broken", 2, SENT)]);
        expect(response.status).toBe(200);
        expect(await response.json()).toHaveLength(2);
      }
      const events = await recorded(one, 6);
      for (const event of events) {
        expect(event).not.toHaveProperty("arguments");
        expect(event).toMatchObject({ userId: clerk.users.get("ada").id, durationMs: expect.any(Number) });
      }
      expect(events.map(({ outcome }) => outcome)).toEqual(["ok", "error", "ok", "error", "ok", "error"]);
      expect(printed).toHaveBeenCalledTimes(1);
      expect(printed.mock.calls[0]?.[0]).toMatch(/^\[Clerk\] recordArguments threw/);
    },
  );

  it("are recorded again after a call on which the function failed", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const length = (_: string, sent: unknown) => (sent as { name: string }).name.length;
    const one = await server({ recordArguments: length });
    for (const sent of [{ name: "Ada" }, null, { name: "Bob!" }]) await one.post(call("fine", 1, sent));
    expect((await recorded(one, 3)).map(({ arguments: told }) => told)).toEqual([3, undefined, 4]);
  });
});

describe("a refusal", () => {
  const access = { tools: { broken: { role: "org:owner" }, fine: { scopes: ["documents:read"] } } };
  const deniedOf = ({ events }: Pick<ProtectedServer, "events">) =>
    events.filter(({ type }) => type === "deny");

  it.each([
    ["broken", "role_missing"],
    ["fine", "scope_insufficient"],
  ])("of %s names the caller, whose credential is valid, and records no call", async (tool, reason) => {
    const one = await server({ access, recordArguments: true });
    expect((await one.post(call(tool, 1, { password: "s3cret" }))).status).toBe(403);
    expect(one.events).toEqual([
      {
        type: "deny",
        time: expect.any(Date),
        reason,
        status: 403,
        tool,
        caller: "user",
        userId: clerk.users.get("ada").id,
        clientId: "client_local000000000000000000static",
        organizationId: clerk.organizations.get("acme").id,
      },
    ]);
  });

  it("of an API key or a machine names it", async () => {
    const one = await server({
      access: { tools: { fine: "deny" } },
      accepts: ["api_key", "m2m_token"],
      machineId: "mch_thisserver",
    });
    const machine = clerk.machines.create();
    const key = clerk.apiKeys.create({ subject: "acme" });
    const { token } = await clerk.machines.token(machine.id, { scopes: ["mch_thisserver"] });
    for (const secret of [key.secret, token]) expect((await one.call(secret, "fine")).status).toBe(403);
    expect(deniedOf(one)).toMatchObject([
      { caller: "api_key", clientId: key.id, organizationId: clerk.organizations.get("acme").id },
      { caller: "machine", clientId: machine.id },
    ]);
    for (const event of deniedOf(one)) expect(event).not.toHaveProperty("userId");
  });

  it("of an invalid credential names no caller", async () => {
    const one = await server({ access });
    const { access_token } = await clerk.mint({ resource: one.url, user: "ada", kind: "wrong-key" });
    expect((await one.call(access_token, "broken")).status).toBe(401);
    for (const member of ["caller", "userId", "clientId", "organizationId"])
      expect(deniedOf(one)[0]).not.toHaveProperty(member);
  });
});
