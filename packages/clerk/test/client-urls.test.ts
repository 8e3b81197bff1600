/** A client with a metadata document has a URL as its id. */
import { type ExpressRequest, getSession } from "@xmcp-dev/clerk";
import type { TokenFormat } from "@xmcp-dev/clerk-local";
import { describe, expect, it, vi } from "vitest";
import { guardedTools } from "./guarded-tools.js";
import { localClerk, protectedServer } from "./protected-server.js";

const clerk = await localClerk();

const URLS = [
  ["a document of a known client", "https://claude.ai/oauth/claude-code-client-metadata"],
  ["a query, a port and encoded characters", "https://client.example:8443/a%20b/%0a?x=1&y=%22%7b#"],
  ["a long one", `https://client.example/${"a".repeat(1000)}`],
  ["a document on loopback", "http://127.0.0.1:52000/client.json"],
] as const;

describe.each<TokenFormat>(["jwt", "opaque"])("with %s tokens, a URL as client id", (format) => {
  it.each(URLS)("is the same in the session, to the MCP SDK and in every event: %s", async (_, clientId) => {
    let seen: unknown;
    const runTools = guardedTools({
      look: () => {
        seen = getSession().clientId;
        return { content: [] };
      },
    });
    let told: unknown;
    const server = await protectedServer(clerk, {}, (request: ExpressRequest) => {
      told = (request as { auth?: { clientId?: unknown } }).auth?.clientId;
      return runTools(request);
    });
    const { tokens } = await clerk.mint({ resource: server.url, clientId, format, count: 2 });
    for (const token of tokens) expect((await server.call(token, "look")).status).toBe(200);
    expect([seen, told]).toEqual([clientId, clientId]);
    expect(server.events.map(({ type, ...event }) => [type, "clientId" in event && event.clientId])).toEqual(
      expect.arrayContaining([
        ["grant", clientId],
        ["tool", clientId],
      ]),
    );
    expect(server.events.filter(({ type }) => type === "grant")).toHaveLength(2);
  });

  it("leaves the log's lines whole, and so does an id that is no URL in normal form", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const print = vi.spyOn(console, "error").mockImplementation(() => {});
    const { call, url } = await protectedServer(clerk, { onEvent: undefined });
    const ids = [
      URLS[1][1],
      'https://client.example/\n{"type":"grant"}',
      "https://client.example/\r\u001b[2J",
    ];
    for (const clientId of ids) {
      await call((await clerk.mint({ resource: url, clientId, format })).access_token);
    }
    const grants = await vi.waitFor(() => {
      const lines = print.mock.calls.flat().join("\n").split("\n");
      const events = lines.map((line) => JSON.parse(line) as { type: string; clientId?: string });
      const found = events.filter(({ type }) => type === "grant");
      expect(found).toHaveLength(ids.length);
      return found;
    });
    const printed = print.mock.calls.flat().join("");
    print.mockRestore();
    expect(grants.map(({ clientId }) => clientId)).toEqual(ids);
    expect([...printed].filter((character) => character < " " && character !== "\n")).toEqual([]);
  });
});
