import { describe, expect, it } from "vitest";
import { rawRequest } from "./http-answer.js";
import { localClerk, type ProtectedServer, protectedServer } from "./protected-server.js";

const clerk = await localClerk();
const onLoopback = await protectedServer(clerk);
const listed = await protectedServer(clerk, {
  allowedOrigins: ["https://App.example.com", "https://port.example:443", "vscode-webview://x"],
});
/** Knows no token of this local Clerk: what it lets through is answered 401. */
const published = await protectedServer(clerk, {
  baseURL: "https://mcp.example.com",
  clerkDomain: "verb-noun-00.clerk.accounts.dev",
  apiUrl: "https://api.clerk.com",
});

const resources = [onLoopback.url, listed.url];
const tokens = await Promise.all(resources.map((resource) => clerk.mint({ resource })));

async function status(server: ProtectedServer, ...headers: [string, string][]): Promise<number> {
  const index = [onLoopback, listed].indexOf(server);
  const authorization = ["Authorization", `Bearer ${tokens[index]?.access_token ?? "unknown"}`] as const;
  server.reached.length = 0;
  const answer = await rawRequest(server.origin, "/mcp", [authorization, ...headers]);
  expect(server.reached).toEqual(answer.status === 200 ? ["/mcp"] : []);
  return answer.status;
}

describe("on loopback an origin", () => {
  it.each([
    onLoopback.origin,
    "http://localhost:6274",
    "http://127.0.0.1:6274",
    "http://[::1]:6274",
    "https://localhost",
    "http://LOCALHOST:3000",
  ])("%s is allowed", async (origin) => {
    expect(await status(onLoopback, ["Origin", origin])).toBe(200);
  });

  it.each([
    "",
    "null",
    "*",
    "https://evil.example",
    "http://127.0.0.1.evil.com",
    "http://localhost.evil.com",
    "http://evil.com#localhost",
    "http://evil.com?localhost",
    "http://localhost@evil.com",
    "http://xlocalhost",
    "http://0.0.0.0:3000",
    "http://192.168.0.1",
    "ftp://localhost",
    "file://localhost",
    "chrome-extension://localhost",
    "localhost",
    "http://localhost, http://evil.com",
  ])("%j is refused", async (origin) => {
    expect(await status(onLoopback, ["Origin", origin])).toBe(403);
  });

  it("sent twice is refused", async () => {
    expect(await status(onLoopback, ["Origin", onLoopback.origin], ["Origin", "https://evil.example"])).toBe(
      403,
    );
  });
});

it("a request without an origin is allowed: browsers always send one across sites", async () => {
  expect(await status(onLoopback)).toBe(200);
});

describe("with allowedOrigins", () => {
  it.each([
    "https://app.example.com",
    "HTTPS://APP.EXAMPLE.COM",
    "https://port.example",
    "vscode-webview://x",
  ])("%s is allowed", async (origin) => {
    expect(await status(listed, ["Origin", origin])).toBe(200);
  });

  it("the server's own origin is allowed", async () => {
    expect(await status(listed, ["Origin", listed.origin])).toBe(200);
  });

  it.each([
    "http://localhost:6274",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com.evil.com",
    "https://xapp.example.com",
    "https://app.example.com/",
    "null",
  ])("%s is refused", async (origin) => {
    expect(await status(listed, ["Origin", origin])).toBe(403);
  });
});

describe("on a public address", () => {
  it.each([
    ["https://mcp.example.com", 401],
    ["http://mcp.example.com", 403],
    ["http://localhost:6274", 403],
    ["null", 403],
  ])("the origin %s is answered %i", async (origin, expected) => {
    expect(await status(published, ["Origin", origin])).toBe(expected);
  });

  it.each(["mcp.example.com", "internal-7f.proxy.local", "127.0.0.1"])("Host may be %s", async (host) => {
    expect(await status(published, ["Host", host])).toBe(401);
  });
});

describe("on loopback Host", () => {
  it.each(["app.example.com", "APP.example.com", "port.example"])(
    "may be %s if allowedOrigins names its origin",
    async (host) => {
      expect(await status(listed, ["Host", host])).toBe(200);
      expect(await status(onLoopback, ["Host", host])).toBe(403);
    },
  );

  it.each(["app.example.com:3001", "xapp.example.com", "app.example.com.evil.example"])(
    "may not be %s, which differs from the host in allowedOrigins",
    async (host) => {
      expect(await status(listed, ["Host", host])).toBe(403);
    },
  );

  it.each(["localhost", "127.0.0.1:9999", "[::1]:3001", "LOCALHOST:80"])("may be %s", async (host) => {
    expect(await status(onLoopback, ["Host", host])).toBe(200);
  });

  it.each([
    "evil.example",
    "localhost.evil.com",
    "127.0.0.1.evil.com:3001",
    "evil.com:127",
    "0.0.0.0",
    "::1",
    "",
  ])("may not be %j", async (host) => {
    expect(await status(onLoopback, ["Host", host])).toBe(403);
    expect(onLoopback.events.at(-1)).toMatchObject({ type: "deny", reason: "host_not_allowed", status: 403 });
  });
});
