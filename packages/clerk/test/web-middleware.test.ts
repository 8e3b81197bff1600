import { setTimeout as delay } from "node:timers/promises";
import { type ClerkEvent, type ClerkProviderOptions, clerkProvider, type ToolEvent } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import { webMiddleware } from "../src/adapters/fetch.js";
import { authInfoForXmcp } from "../src/adapters/xmcp/worker-middleware.js";
import { protectionOf } from "../src/protection.js";
import { runWithKeepAlive } from "../src/runtime/keep-alive.js";
import { currentContext } from "../src/session/context.js";
import { localClerk, optionsFor } from "./protected-server.js";

const BASE = "http://127.0.0.1:3001";
const clerk = await localClerk();
const { access_token: token } = await clerk.mint({ user: "ada", resource: `${BASE}/mcp` });

function protectedHandler(options: ClerkProviderOptions = {}) {
  const events: ClerkEvent[] = [];
  const provider = clerkProvider({
    ...optionsFor(clerk),
    baseURL: BASE,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const protection = protectionOf(provider);
  if (protection === undefined) throw new Error("There is no protection.");
  return { handle: webMiddleware(protection, { maxBodyBytes: 1_000 }), events };
}

function call(init: RequestInit = {}): Request {
  return new Request(`${BASE}/mcp`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "greet", arguments: {} },
    }),
    ...init,
  });
}

/** An answer that arrives in pieces. */
function inPieces(text: string, size: number): Response {
  const bytes = new TextEncoder().encode(text);
  let sent = 0;
  return new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(sent, sent + size));
        sent += size;
      },
    }),
  );
}

describe("behind the Fetch API", () => {
  it("a request continues with the body that was checked, inside its session, and without its token", async () => {
    const { handle } = protectedHandler();
    const sent = await call().text();
    const response = await handle(call(), async (request) => {
      const { userId } = currentContext()?.session ?? {};
      return Response.json({
        userId,
        body: await request.text(),
        token: request.headers.get("authorization"),
      });
    });
    expect(await response.json()).toEqual({ userId: clerk.users.get("ada").id, body: sent, token: null });
  });

  it.each([
    ["without a token", call({ headers: {} }), 401],
    [
      "with two tokens",
      call({
        headers: [
          ["authorization", `Bearer ${token}`],
          ["authorization", `Bearer ${token}`],
        ],
      }),
      400,
    ],
    ["that is too large", call({ body: " ".repeat(1_001) }), 413],
    [
      "that is not JSON",
      call({ headers: { authorization: `Bearer ${token}`, "content-type": "text/plain" } }),
      415,
    ],
  ])("a request %s does not reach the server", async (_what, request, status) => {
    const next = vi.fn();
    expect((await protectedHandler().handle(request, next)).status).toBe(status);
    expect(next).not.toHaveBeenCalled();
  });

  it("a body that is too large gets a generic answer, and the refusal is an event", async () => {
    const { handle, events } = protectedHandler();
    const response = await handle(call({ body: " ".repeat(1_001) }), vi.fn());
    expect(await response.json()).toEqual({
      error: "invalid_request",
      error_description: "The request body is too large",
    });
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(events).toMatchObject([{ type: "deny", reason: "content_too_large", status: 413 }]);
  });

  it.each([
    ["ok", 200],
    ["error", 400],
    ["error", 500],
  ])(
    "without a guard, a call is recorded as %s by its status %i, and the answer is unchanged",
    async (outcome, status) => {
      const { handle, events } = protectedHandler();
      const body = 'data: {"result":{"isError":true}}\u2028\n\n';
      const response = await handle(call(), async () => new Response(body, { status }));
      expect(await response.text()).toBe(body);
      expect(events.at(-1)).toMatchObject({ type: "tool", name: "greet", outcome });
    },
  );

  it("a call whose caller disconnects is recorded as aborted", async () => {
    const { handle, events } = protectedHandler();
    const response = await handle(call(), async () => inPieces("data: 1\n\ndata: 2\n\n", 9));
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(events.at(-1)).toMatchObject({ type: "tool", outcome: "aborted" });
  });

  it("the duration of a call includes the tool, not only the sending of its answer", async () => {
    const { handle, events } = protectedHandler();
    const response = await handle(call(), async () => {
      await delay(30);
      return Response.json({ jsonrpc: "2.0", id: 1, result: { content: [] } });
    });
    await response.text();
    const { durationMs } = events.at(-1) as ToolEvent;
    expect(durationMs).toBeGreaterThanOrEqual(25);
  });

  it("a call that ends without an answer is recorded as an error", async () => {
    const { handle, events } = protectedHandler();
    await expect(handle(call(), () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(events.at(-1)).toMatchObject({ type: "tool", outcome: "error" });
  });

  it("a request to Clerk outlives the request that caused it, and so does the record of a call", async () => {
    const { handle, events } = protectedHandler();
    const works: Promise<unknown>[] = [];
    const handled = () =>
      runWithKeepAlive(
        (work) => works.push(work),
        () => handle(call(), async () => new Response("answer")),
      );
    const first = await handled();
    expect(works, "the signing keys, and the record").toHaveLength(2);
    const second = await handled();
    expect(works, "the record").toHaveLength(3);
    await first.text();
    await second.body?.cancel();
    await Promise.all(works);
    const ended = events.filter((event) => event.type === "tool").map(({ outcome }) => outcome);
    expect(ended).toEqual(["ok", "aborted"]);
  });
});

describe("the middleware called by xmcp's worker", () => {
  it("provides the caller, inside of our entry", async () => {
    const setAuth = vi.fn();
    await protectedHandler().handle(call(), async (request) => {
      await authInfoForXmcp(request, { setAuth });
      return new Response();
    });
    expect(setAuth).toHaveBeenCalledWith(
      expect.objectContaining({ token: "", scopes: ["profile", "email"] }),
    );
  });

  it("refuses every request without our entry, and logs what is missing", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    const setAuth = vi.fn();
    const response = await authInfoForXmcp(call(), { setAuth });
    expect(response?.status).toBe(500);
    expect(setAuth).not.toHaveBeenCalled();
    expect(printed.mock.calls.flat().join()).toContain("serveOnWorkers");
  });
});
