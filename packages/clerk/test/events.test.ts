import { type ClerkEvent, getUser } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import { localClerk, protectedServer } from "./protected-server.js";

const clerk = await localClerk();
const ofType = <T extends ClerkEvent["type"]>(events: readonly ClerkEvent[], type: T) =>
  events.filter((event): event is Extract<ClerkEvent, { type: T }> => event.type === type);
const silence = () => vi.spyOn(console, "error").mockImplementation(() => {});

describe("grant", () => {
  it("is reported once per token, with user, client, scopes and organization", async () => {
    const { call, url, events } = await protectedServer(clerk);
    const { tokens } = await clerk.mint({ resource: url, user: "ada", organization: "acme", count: 2 });
    for (const token of [...tokens, ...tokens]) await call(token);
    const grant = {
      type: "grant",
      time: expect.any(Date),
      caller: "user",
      userId: clerk.users.get("ada").id,
      clientId: "client_local000000000000000000static",
      scopes: ["profile", "email", "user:org:read"],
      organizationId: clerk.organizations.get("acme").id,
    };
    expect(ofType(events, "grant")).toEqual([grant, grant]);
  });

  it("is not reported for a refused token", async () => {
    const { call, url, events } = await protectedServer(clerk, { requiredScopes: ["documents:read"] });
    await call((await clerk.mint({ resource: url })).access_token);
    await call((await clerk.mint({ resource: url, kind: "expired" })).access_token);
    expect(ofType(events, "grant")).toEqual([]);
  });
});

describe("deny", () => {
  it.each([
    ["no credential", {}, "credential_missing"],
    ["session-token", { kind: "session-token" }, "token_kind"],
    ["expired", { kind: "expired" }, "token_expired"],
    ["wrong-key", { kind: "wrong-key" }, "signature_invalid"],
    ["unknown-kid", { kind: "unknown-kid" }, "key_unknown"],
    ["embedded-jwk", { kind: "embedded-jwk" }, "token_header"],
    ["other-algorithm", { kind: "other-algorithm" }, "token_header"],
    ["wrong-type", { kind: "wrong-type" }, "token_kind"],
    ["other-issuer", { kind: "other-issuer" }, "issuer_mismatch"],
    ["other-audience", { kind: "other-audience" }, "audience_mismatch"],
    ["not-yet-valid", { kind: "not-yet-valid" }, "token_not_yet_valid"],
    ["machine-subject", { kind: "machine-subject" }, "subject_not_a_user"],
    ["sender-constrained", { kind: "sender-constrained" }, "sender_constrained"],
  ] as const)("has the precise reason: %s", async (name, wrong, reason) => {
    const { call, url, events } = await protectedServer(clerk);
    await call(
      name === "no credential" ? undefined : (await clerk.mint({ resource: url, ...wrong })).access_token,
    );
    expect(events).toEqual([
      {
        type: "deny",
        time: expect.any(Date),
        reason,
        status: 401,
      },
    ]);
  });

  it.each([
    ["no tool", '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'],
    [
      "two tools",
      '[{"method":"tools/call","params":{"name":"a"}},{"method":"tools/call","params":{"name":"b"}}]',
    ],
    ["an invalid tool name", '{"method":"tools/call","params":{"name":"a\\nb <ada@example.com>"}}'],
    ["no name", '{"method":"tools/call","params":null}'],
    ["nothing", "null"],
    ["invalid JSON", "{"],
  ])("names no tool for a body with %s", async (_, body) => {
    const { fetch, events } = await protectedServer(clerk);
    await fetch("/mcp", undefined, { method: "POST", body });
    expect(events).toEqual([expect.not.objectContaining({ tool: expect.anything() })]);
  });
});

describe("tool", () => {
  it("is reported for each call, with name, caller, duration and outcome", async () => {
    const { call, url, events } = await protectedServer(clerk, {}, async (_, response) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      response.statusCode = 202;
    });
    const { access_token } = await clerk.mint({ resource: url, user: "ada", organization: "acme" });
    await call(access_token, "whoami");
    await expect
      .poll(() => ofType(events, "tool"))
      .toEqual([
        {
          type: "tool",
          time: expect.any(Date),
          name: "whoami",
          caller: "user",
          userId: clerk.users.get("ada").id,
          clientId: "client_local000000000000000000static",
          organizationId: clerk.organizations.get("acme").id,
          durationMs: expect.any(Number),
          outcome: "ok",
        },
      ]);
    expect(ofType(events, "tool")[0]?.durationMs).toBeGreaterThanOrEqual(15);
  });

  it("has the outcome error for an error answer", async () => {
    const { call, url, events } = await protectedServer(clerk, {}, () => Promise.reject(new Error("broken")));
    await call((await clerk.mint({ resource: url })).access_token);
    await expect.poll(() => ofType(events, "tool")).toMatchObject([{ outcome: "error" }]);
  });

  it("has the outcome aborted if the caller disconnects", async () => {
    const started = vi.fn();
    const { fetch, url, events } = await protectedServer(clerk, {}, (_, response) => {
      started();
      return new Promise((resolve) => response.once("close", resolve));
    });
    const { access_token } = await clerk.mint({ resource: url });
    const abort = new AbortController();
    const body = '{"method":"tools/call","params":{"name":"greet"}}';
    const call = fetch("/mcp", access_token, { method: "POST", body, signal: abort.signal });
    await Promise.all([
      expect(call).rejects.toThrow("abort"),
      vi.waitFor(() => expect(started).toHaveBeenCalled()).then(() => abort.abort()),
    ]);
    await expect.poll(() => ofType(events, "tool")).toMatchObject([{ outcome: "aborted" }]);
  });

  it("is reported for every call of a batch", async () => {
    const { fetch, url, events } = await protectedServer(clerk);
    const batch = ["greet", "whoami"].map((name) => ({
      jsonrpc: "2.0",
      method: "tools/call",
      params: { name },
    }));
    const { access_token } = await clerk.mint({ resource: url });
    await fetch("/mcp", access_token, { method: "POST", body: JSON.stringify(batch) });
    await expect.poll(() => ofType(events, "tool").map(({ name }) => name)).toEqual(["greet", "whoami"]);
  });
});

describe("clerk", () => {
  const changes = (events: readonly ClerkEvent[]) =>
    ofType(events, "clerk").map(({ change, during }) => `${change}: ${during}`);

  it("is reported once for an outage and once for the recovery", async () => {
    const { call, url, events } = await protectedServer(clerk);
    const { tokens } = await clerk.mint({ resource: url, format: "opaque", count: 4 });
    clerk.faults({ path: "/oauth_applications/*", status: 503 });
    await Promise.all(tokens.map((token) => call(token)));
    clerk.faults();
    await expect.poll(async () => (await call(tokens[0])).status, { timeout: 6_000 }).toBe(200);
    await Promise.all(tokens.map((token) => call(token)));
    expect(changes(events)).toEqual(["outage: token verification", "recovery: token verification"]);
  });

  it("is reported once if only userinfo is unreachable", async () => {
    const { call, url, events } = await protectedServer(clerk);
    const { tokens } = await clerk.mint({
      resource: url,
      format: "opaque",
      user: "ada",
      organization: "acme",
      count: 3,
    });
    clerk.faults({ path: "/oauth/userinfo", status: 500 });
    for (const token of tokens) await call(token);
    clerk.faults();
    await expect.poll(async () => (await call(tokens[0])).status, { timeout: 6_000 }).toBe(200);
    for (const token of tokens) await call(token);
    expect(changes(events)).toEqual(["outage: userinfo", "recovery: userinfo"]);
  });

  it("is reported for an outage during a tool call", async () => {
    const { call, url, events } = await protectedServer(clerk, {}, () => getUser());
    const { access_token } = await clerk.mint({ resource: url });
    clerk.faults({ path: "/v1/*", drop: true });
    await call(access_token);
    clerk.faults();
    await call(access_token);
    expect(changes(events)).toEqual(["outage: tool", "recovery: tool"]);
  });
});

describe("onEvent", () => {
  it.each([
    [
      "throws",
      () => {
        throw new Error("hook");
      },
    ],
    ["rejects", () => Promise.reject(new Error("hook"))],
  ])("that %s does not affect requests, and is reported once", async (_, onEvent) => {
    const printed = silence();
    const { call, url } = await protectedServer(clerk, { onEvent });
    const { tokens } = await clerk.mint({ resource: url, count: 3 });
    for (const token of tokens) expect((await call(token)).status).toBe(200);
    expect((await call()).status).toBe(401);
    await expect.poll(() => printed.mock.calls.length).toBe(1);
    expect(printed.mock.calls[0]?.[0]).toMatch(/^\[Clerk\] onEvent threw/);
  });

  it("false prints nothing", async () => {
    const printed = silence();
    const { call, url } = await protectedServer(clerk, { onEvent: false });
    await call((await clerk.mint({ resource: url })).access_token);
    await call();
    expect(printed).not.toHaveBeenCalled();
  });

  it("left out writes one JSON line per event to stderr", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const printed = silence();
    const { call, url } = await protectedServer(clerk, { onEvent: undefined });
    await call((await clerk.mint({ resource: url })).access_token);
    await call();
    const lines = () => printed.mock.calls.flatMap(([text]) => String(text).split("\n"));
    await expect.poll(() => lines().length).toBe(3);
    expect(
      lines()
        .map((line) => JSON.parse(line).type)
        .sort(),
    ).toEqual(["deny", "grant", "tool"]);
  });

  it("left out writes when a call ended, not when the line was written", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const printed = silence();
    const { call, url } = await protectedServer(clerk, { onEvent: undefined });
    const { access_token } = await clerk.mint({ resource: url });
    const began = performance.now();
    await call(access_token);
    const [took, answered] = [performance.now() - began, Date.now()];
    const lines = () => printed.mock.calls.flatMap(([text]) => String(text).split("\n"));
    await expect.poll(() => lines().length).toBe(2);
    const [line] = lines()
      .map((text) => JSON.parse(text))
      .filter(({ type }) => type === "tool");
    expect(line).toMatchObject({ name: "greet", caller: "user", outcome: "ok" });
    expect(line.durationMs).toBeLessThanOrEqual(Math.ceil(took));
    expect(Date.parse(line.time)).toBeLessThanOrEqual(answered);
  });
});
