import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { AccessDenied, type ClerkProviderOptions, type ToolEvent } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import { guardedTools } from "./guarded-tools.js";
import { localClerk, type ProtectedServer, protectedServer } from "./protected-server.js";

const clerk = await localClerk();

const text = (value: string) => ({ content: [{ type: "text", text: value }] });

const TOOLS = {
  fine: () => text("done"),
  "fine-but-says-so": () => text('{"isError":true}, "isError":true, "error":{"code":1}'),
  "fine-with-separators": () => text("a\u2028data: {\u2029\n\ndata: {"),
  "fine-with-data": () => ({ ...text("x"), structuredContent: { isError: true, error: { code: 1 } } }),
  "fine-later": async () => text("done"),
  "not-an-error": () => ({ ...text("x"), isError: false }),
  "docs:delete": () => text("done"),
  broken: () => ({ ...text("it broke"), isError: true }),
  "broken-later": async () => ({ ...text("it broke"), isError: true }),
  throws: () => {
    throw new Error("it broke");
  },
  rejects: () => Promise.reject(new Error("it broke")),
  "denied-by-itself": () => {
    throw new AccessDenied("You can delete only your own documents.");
  },
  "denied-later": () => Promise.reject(new AccessDenied()),
  "answers-a-denial": () => ({ ...text(new AccessDenied().message), isError: true }),
};

const OUTCOMES: [keyof typeof TOOLS | "unknown", ToolEvent["outcome"]][] = [
  ["fine", "ok"],
  ["fine-but-says-so", "ok"],
  ["fine-with-separators", "ok"],
  ["fine-with-data", "ok"],
  ["fine-later", "ok"],
  ["not-an-error", "ok"],
  ["docs:delete", "ok"],
  ["broken", "error"],
  ["broken-later", "error"],
  ["throws", "error"],
  ["rejects", "error"],
  ["unknown", "error"],
  ["denied-by-itself", "denied"],
  ["denied-later", "denied"],
  ["answers-a-denial", "error"],
];

const runTools = guardedTools(TOOLS);

async function server(options: ClerkProviderOptions = {}) {
  const started = await protectedServer(clerk, options, runTools);
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
  it.each(OUTCOMES)("is recorded for a single call: %s is %s", async (name, outcome) => {
    const one = await server();
    const body = await (await one.post(call(name))).text();
    expect(body).toContain('"jsonrpc":"2.0"');
    expect(await outcomes(one)).toEqual({ [name]: outcome });
  });

  it("is recorded for each call of a batch", async () => {
    const one = await server();
    await (await one.post(OUTCOMES.map(([name], id) => call(name, id)))).text();
    expect(await outcomes(one, OUTCOMES.length)).toEqual(Object.fromEntries(OUTCOMES));
  });

  it("is recorded for each call of the same tool, which runs once for each", async () => {
    const one = await server({ recordArguments: true });
    await one.post([call("fine", 1, { a: 1 }), call("fine", 1, { a: 2 }), call("fine", undefined, { a: 3 })]);
    const events = await recorded(one, 3);
    expect(events.map(({ outcome, arguments: sent }) => [outcome, sent])).toEqual([
      ["ok", { a: 1 }],
      ["ok", { a: 2 }],
      ["ok", { a: 3 }],
    ]);
  });

  it("is recorded by id, and the number 1 is not the string 1", async () => {
    const one = await server();
    await one.post([call("fine", 1), call("broken", "1")]);
    expect(await outcomes(one, 2)).toEqual({ fine: "ok", broken: "error" });
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
      response.write("data: {}\n\n");
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
    const one = await protectedServer(clerk, {}, (request, response) => {
      if (isAnswered) return runTools(request);
      return new Promise((resolve) => response.once("close", resolve));
    });
    const { access_token } = await clerk.mint({ resource: one.url });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
    const send = (name: string) =>
      request(one.url, { agent, method: "POST", headers })
        .on("error", () => {})
        .end(JSON.stringify(call(name)));
    for (const name of ["fine", "fine-later"]) {
      const [answer] = (await once(send(name), "response")) as [IncomingMessage];
      await once(answer.resume(), "end");
    }
    isAnswered = false;
    const last = send("not-an-error");
    await expect.poll(() => one.reached.length).toBe(3);
    expect(toolEvents(one)).toHaveLength(2);
    last.destroy();
    expect(await outcomes(one, 3)).toEqual({ fine: "ok", "fine-later": "ok", "not-an-error": "aborted" });
    expect(last.reusedSocket).toBe(true);
  });

  it("does not exist if the caller disconnects before the token is verified: nothing runs", async () => {
    const own = await localClerk();
    const one = await protectedServer(own, {}, runTools);
    const { access_token } = await own.mint({ resource: one.url });
    own.faults({ path: "/.well-known/jwks.json", latencyMs: 500 });
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
    own.faults();
    await one.call(access_token, "broken");
    expect(await outcomes(one)).toEqual({ broken: "error" });
    expect(one.reached).toHaveLength(1);
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
