import { clerkProvider } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import { challengeOf, errorOf, rawRequest } from "./http-answer.js";
import { listening, localClerk, optionsFor, protectedServer } from "./protected-server.js";

const clerk = await localClerk();
const server = await protectedServer(clerk, { scopes: ["profile", "email"] });
const metadata = `${server.origin}/.well-known/oauth-protected-resource/mcp`;
const scope = "profile email";
const { access_token: good } = await clerk.mint({ resource: server.url });

function expectNotCached(response: Response): void {
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("content-type")).toBe("application/json");
}

function expectExposed(response: Response, name: string): void {
  const exposed = response.headers.get("access-control-expose-headers")?.split(/, */) ?? [];
  expect(exposed).toContain(name);
}

describe("401", () => {
  it("without a credential: a challenge without an error", async () => {
    const response = await server.call();
    expect(response.status).toBe(401);
    expect(challengeOf(response)).toEqual({
      scheme: "Bearer",
      parameters: { scope, resource_metadata: metadata },
    });
    expect(await errorOf(response)).toEqual({
      error: "unauthorized",
      error_description: "Missing or invalid bearer token",
    });
    expectNotCached(response);
    expectExposed(response, "WWW-Authenticate");
  });

  it.each([
    ["an expired token", { kind: "expired" }, "token_expired", "Token has expired"],
    ["another invalid token", { kind: "wrong-key" }, "invalid_token", "Token verification failed"],
  ] as const)("for %s: invalid_token in the challenge", async (_, wrong, error, error_description) => {
    const { access_token } = await clerk.mint({ resource: server.url, ...wrong });
    const response = await server.call(access_token);
    expect(response.status).toBe(401);
    expect(challengeOf(response)).toEqual({
      scheme: "Bearer",
      parameters: { error: "invalid_token", scope, resource_metadata: metadata },
    });
    expect(await errorOf(response)).toEqual({ error, error_description });
    expectNotCached(response);
    expectExposed(response, "WWW-Authenticate");
  });

  it("to HEAD has the same headers and no body", async () => {
    const [head, get] = [
      await server.fetch("/mcp", undefined, { method: "HEAD" }),
      await server.fetch("/mcp"),
    ];
    expect(head.status).toBe(401);
    expect(await head.text()).toBe("");
    for (const name of ["www-authenticate", "content-length", "content-type", "cache-control"]) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
  });

  it("names the configured address, whatever Host and X-Forwarded headers say", async () => {
    const { headers } = await rawRequest(server.origin, "/mcp", [
      ["Host", "localhost:1234"],
      ["X-Forwarded-Host", "evil.example"],
      ["X-Forwarded-Proto", "https"],
      ["Forwarded", "host=evil.example"],
    ]);
    expect(headers["www-authenticate"]).toContain(`resource_metadata="${metadata}"`);
  });

  it("keeps the headers that the server already exposes to browsers", async () => {
    const middleware = clerkProvider({ ...optionsFor(clerk), baseURL: server.origin, onEvent: false });
    const origin = await listening((request, response) => {
      response.setHeader("access-control-expose-headers", "mcp-session-id");
      middleware(request, response, () => response.end());
    });
    const { headers } = await fetch(origin);
    expect(headers.get("access-control-expose-headers")).toBe("mcp-session-id, WWW-Authenticate");
  });
});

it("400 for two credentials in one request", async () => {
  const response = await server.fetch("/mcp?access_token=x", good);
  expect(response.status).toBe(400);
  expect(challengeOf(response)?.parameters.error).toBe("invalid_request");
  expect((await errorOf(response)).error).toBe("invalid_request");
});

it("403 for a token without a required scope, naming every scope", async () => {
  const strict = await protectedServer(clerk, { requiredScopes: ["documents:read"] });
  const response = await strict.call((await clerk.mint({ resource: strict.url })).access_token);
  expect(response.status).toBe(403);
  expect(challengeOf(response)).toEqual({
    scheme: "Bearer",
    parameters: {
      error: "insufficient_scope",
      scope: "profile email documents:read",
      resource_metadata: `${strict.origin}/.well-known/oauth-protected-resource/mcp`,
    },
  });
  expect((await errorOf(response)).error).toBe("insufficient_scope");
  expectNotCached(response);
  expectExposed(response, "WWW-Authenticate");
});

it("403 without a challenge for a foreign origin, naming the option", async () => {
  const response = await server.fetch("/mcp", good, { headers: { origin: "https://evil.example" } });
  expect(response.status).toBe(403);
  expect(challengeOf(response)).toBeUndefined();
  const { error, error_description } = await errorOf(response);
  expect(error).toBe("forbidden");
  expect(error_description).toContain("allowedOrigins");
  expectNotCached(response);
});

it("500 without a challenge when our secret key is wrong", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const other = await protectedServer(clerk, { secretKey: "sk_test_ofAnotherInstance" });
  const { access_token } = await clerk.mint({ format: "opaque" });
  const response = await other.call(access_token);
  expect(response.status).toBe(500);
  expect(challengeOf(response)).toBeUndefined();
  expect(await errorOf(response)).toEqual({
    error: "server_error",
    error_description: "Authentication service misconfigured",
  });
});

it.each([
  ["Clerk is unreachable", { drop: true }, "2"],
  ["Clerk fails", { status: 502 }, "2"],
  ["Clerk limits the rate", { status: 429, retryAfterSeconds: 7 }, "7"],
  ["Clerk asks to wait a day", { status: 429, retryAfterSeconds: 86_400 }, "60"],
  ["Clerk asks to wait zero seconds", { status: 429, retryAfterSeconds: 0 }, "1"],
])("503 without a challenge, with Retry-After, while %s", async (_, fault, retryAfter) => {
  const waiting = await protectedServer(clerk);
  const { access_token } = await clerk.mint({ format: "opaque" });
  clerk.faults({ path: "/oauth_applications/*", ...fault });
  const response = await waiting.call(access_token);
  clerk.faults();
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe(retryAfter);
  expect(challengeOf(response)).toBeUndefined();
  expect((await errorOf(response)).error).toBe("temporarily_unavailable");
  expectNotCached(response);
  expectExposed(response, "Retry-After");
});
