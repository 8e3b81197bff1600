import { describe, expect, it } from "vitest";
import { challengeOf, rawRequest } from "./http-answer.js";
import { localClerk, protectedServer } from "./protected-server.js";

const clerk = await localClerk();
const server = await protectedServer(clerk, { publicPaths: ["/status"] });

const PATHS = [
  "/mcp",
  "/MCP",
  "/Mcp/",
  "/mcp/",
  "/mcp/x",
  "/mcp?x=1",
  "//mcp",
  "/%6dcp",
  "/mcp%2fx",
  "/x/../mcp",
  "/",
  "/anything",
  "/health",
  "/.well-known/other",
  "/.well-known/oauth-protected-resource/",
  "/.well-known/oauth-protected-resource/mcp/x",
  "/.WELL-KNOWN/oauth-protected-resource",
  "http://example.com/mcp",
];
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

describe("without a credential no request gets past the middleware", () => {
  it.each(PATHS.flatMap((path) => METHODS.map((method) => ({ method, path }))))(
    "$method $path",
    async ({ method, path }) => {
      server.reached.length = 0;
      const { status, headers } = await rawRequest(server.origin, path, [], method);
      expect(status).toBe(401);
      expect(headers["www-authenticate"]).toMatch(/^Bearer scope="profile email", resource_metadata="http:/);
      expect(server.reached).toEqual([]);
    },
  );
});

describe("another endpoint is protected in the same way", async () => {
  const other = await protectedServer(clerk, { endpoint: "/api/tools/" });

  it.each(["/api/tools", "/API/tools/", "/mcp", "/"])("%s", async (path) => {
    const response = await other.fetch(path, undefined, { method: "POST" });
    expect(response.status).toBe(401);
    expect(challengeOf(response)?.parameters.resource_metadata).toBe(
      `${other.origin}/.well-known/oauth-protected-resource/api/tools`,
    );
    expect(other.reached).toEqual([]);
  });
});

describe("a public path", () => {
  it("needs no credential", async () => {
    expect((await server.fetch("/status")).status).toBe(200);
    expect((await server.fetch("/status?verbose=1", undefined, { method: "POST" })).status).toBe(200);
  });

  it.each([
    "/status/",
    "/STATUS",
    "/status/x",
    "/statusx",
    "/x/status",
    "//status",
    "/%73tatus",
    "/status%3f",
  ])("is that exact path, not %s", async (path) => {
    server.reached.length = 0;
    expect((await rawRequest(server.origin, path)).status).toBe(401);
    expect(server.reached).toEqual([]);
  });

  it("has no session, even with a token", async () => {
    const { getSession } = await import("@xmcp-dev/clerk");
    const open = await protectedServer(clerk, { publicPaths: ["/status"] }, () => getSession());
    const { access_token } = await clerk.mint();
    const response = await open.fetch("/status", access_token);
    expect(((await response.json()) as Error).message).toMatch(/^\[Clerk\] Session not initialized/);
  });
});

describe("a preflight", () => {
  it.each(["/mcp", "/anything"])(
    "is answered for %s without a credential, and goes no further",
    async (path) => {
      server.reached.length = 0;
      const { status, headers, body } = await rawRequest(
        server.origin,
        path,
        [
          ["Origin", "https://app.example.com"],
          ["Access-Control-Request-Method", "POST"],
          ["Access-Control-Request-Headers", "authorization, mcp-protocol-version"],
        ],
        "OPTIONS",
      );
      expect(status).toBe(204);
      expect(body).toBe("");
      expect(headers["content-length"]).toBeUndefined();
      expect(headers["access-control-allow-headers"]).toMatch(/Authorization.*Mcp-Protocol-Version/);
      expect(server.reached).toEqual([]);
    },
  );
});
