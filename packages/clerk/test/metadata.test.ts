import { describe, expect, it, vi } from "vitest";
import { errorOf, rawRequest } from "./http-answer.js";
import { localClerk, protectedServer } from "./protected-server.js";

const AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";
const clerk = await localClerk();
const server = await protectedServer(clerk, { docsURL: "https://docs.example.com/mcp" });

describe("protected resource metadata", () => {
  const PATHS = ["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"];

  it.each(PATHS)("%s names the authorization server and the resource", async (path) => {
    const response = await server.fetch(path);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      resource: `${server.origin}/mcp`,
      authorization_servers: [clerk.issuer],
      scopes_supported: ["profile", "email"],
      bearer_methods_supported: ["header"],
      resource_documentation: "https://docs.example.com/mcp",
    });
  });

  it.each([...PATHS, AUTHORIZATION_SERVER])(
    "%s is public, readable by web pages, and may be cached",
    async (path) => {
      const { status, headers } = await server.fetch(path, undefined, {
        headers: { origin: "https://a.example" },
      });
      expect(status).toBe(200);
      expect(headers.get("content-type")).toBe("application/json");
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("cache-control")).toMatch(/max-age=\d+/);
    },
  );

  it.each([...PATHS, AUTHORIZATION_SERVER])("%s answers HEAD with the same headers", async (path) => {
    const [head, get] = [await server.fetch(path, undefined, { method: "HEAD" }), await server.fetch(path)];
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
  });

  it.each(["POST", "PUT", "DELETE"])("does not accept %s", async (method) => {
    const response = await server.fetch(String(PATHS[0]), undefined, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
  });

  it("ignores credentials", async () => {
    for (const path of [...PATHS, AUTHORIZATION_SERVER]) {
      for (const value of ["Bearer garbage", "Bearer", "\u00ff", "Basic x, Bearer y"]) {
        const headers = [["Authorization", value] as const, ["Authorization", value] as const];
        expect((await rawRequest(server.origin, `${path}?access_token=x`, headers)).status).toBe(200);
      }
    }
  });

  it.each([
    ["/api/tools", "/.well-known/oauth-protected-resource/api/tools", "/api/tools"],
    ["/api/", "/.well-known/oauth-protected-resource/api", "/api"],
    ["/", "/.well-known/oauth-protected-resource", ""],
  ])("follows the endpoint %s", async (endpoint, path, suffix) => {
    const other = await protectedServer(clerk, { endpoint });
    const document = (await (await other.fetch(path)).json()) as { resource: string };
    expect(document.resource).toBe(`${other.origin}${suffix}`);
  });

  it("names the public address, not that of the request", async () => {
    const proxied = await protectedServer(clerk, {
      baseURL: "https://mcp.example.com",
      clerkDomain: "verb-noun-00.clerk.accounts.dev",
      apiUrl: "https://api.clerk.com",
    });
    expect(await (await proxied.fetch(String(PATHS[1]))).json()).toMatchObject({
      resource: "https://mcp.example.com/mcp",
    });
  });
});

describe("authorization server metadata", () => {
  it("is Clerk's own, byte for byte, and fetched once", async () => {
    const clerk = await localClerk();
    const { fetch: get } = await protectedServer(clerk);
    const original = await (await fetch(clerk.issuer + AUTHORIZATION_SERVER)).text();
    clerk.requests({ reset: true });
    const relayed = await Promise.all(Array.from({ length: 20 }, () => get(AUTHORIZATION_SERVER)));
    for (const response of relayed) expect(await response.text()).toBe(original);
    expect(clerk.requests()).toHaveLength(1);
  });

  it.each([
    ["is unreachable", { drop: true }],
    ["answers 500", { status: 500 }],
    ["answers HTML", { body: "<html>" }],
    ["names another issuer", { body: '{"issuer":"https://evil.example"}' }],
  ])("is answered 503 while Clerk %s and nothing is cached", async (_, fault) => {
    const clerk = await localClerk();
    const cold = await protectedServer(clerk);
    clerk.faults({ path: AUTHORIZATION_SERVER, ...fault });
    const response = await cold.fetch(AUTHORIZATION_SERVER);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await errorOf(response)).error).toBe("temporarily_unavailable");
  });

  it("is served from the cache for a day while Clerk is unreachable", async () => {
    const now = vi.spyOn(Date, "now");
    const clerk = await localClerk();
    const { fetch: get } = await protectedServer(clerk);
    const original = await (await get(AUTHORIZATION_SERVER)).text();
    clerk.faults({ path: "/*", drop: true });
    const start = Date.now();
    const hoursLater = (hours: number) => now.mockReturnValue(start + hours * 3_600_000);
    for (const hours of [1, 23]) {
      hoursLater(hours);
      const response = await get(AUTHORIZATION_SERVER);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(original);
    }
    hoursLater(25);
    expect((await get(AUTHORIZATION_SERVER)).status).toBe(503);
  });
});
