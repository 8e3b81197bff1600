import { describe, expect, it } from "vitest";
import { challengeOf } from "./http-answer.js";
import { localClerk, protectedServer } from "./protected-server.js";

const clerk = await localClerk();
const server = await protectedServer(clerk, { requiredScopes: ["documents:read", "documents:write"] });

const call = async (scope: unknown, format: "jwt" | "opaque" = "jwt"): Promise<Response> => {
  const scopes = String(scope).split(" ");
  const { access_token } = await clerk.mint(
    format === "opaque"
      ? { resource: server.url, format, scopes }
      : { resource: server.url, claims: { scope } },
  );
  return server.call(access_token);
};

describe("a token passes with", () => {
  it.each([
    ["exactly the required scopes", "documents:read documents:write"],
    ["the same in another order", "documents:write documents:read"],
    ["more than the required scopes", "openid profile email offline_access documents:write documents:read"],
  ])("%s", async (_, scope) => {
    expect((await call(scope)).status).toBe(200);
    expect((await call(scope, "opaque")).status).toBe(200);
  });
});

describe("a token is refused, and every required scope is named, if it has", () => {
  it.each([
    ["no scope", ""],
    ["one of two", "documents:read"],
    ["only scopes that are advertised but not required", "profile email"],
    ["the same in capitals", "DOCUMENTS:READ DOCUMENTS:WRITE"],
    ["only the beginning of each", "documents documents:"],
    ["longer scopes that begin with them", "documents:reader documents:writer"],
    ["a wildcard", "documents:* *"],
    ["them joined by a comma", "documents:read,documents:write"],
    ["them joined by a tab", "documents:read\tdocuments:write"],
    ["them in one entry of a list", ["documents:read documents:write"]],
  ])("%s", async (_, scope) => {
    server.reached.length = 0;
    const response = await call(scope);
    expect(response.status).toBe(403);
    expect(challengeOf(response)?.parameters).toMatchObject({
      error: "insufficient_scope",
      scope: "profile email documents:read documents:write",
    });
    expect(server.reached).toEqual([]);
  });
});

it("every request is checked, not only the first", async () => {
  const { access_token } = await clerk.mint({ resource: server.url });
  for (const method of ["GET", "HEAD", "DELETE", "PUT"]) {
    expect((await server.fetch("/mcp", access_token, { method })).status).toBe(403);
  }
});
