import { describe, expect, it } from "vitest";
import type { Platform } from "../platforms/platform.js";
import { protectedTemplate } from "../support/protected-template.js";
import { post, toolCall } from "../support/tool-call.js";

const PATHS = [
  "/mcp",
  "/MCP",
  "/Mcp/",
  "/mcp/",
  "/mcp/x",
  "//mcp",
  "/%6dcp",
  "/mcp?a=1",
  "/mcp;a=1",
  "/x/../mcp",
  "/a/b/c",
  "/.well-known/unknown",
  "/auth/anything",
];
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];
const CALL = toolCall("whoami");

export async function denyByDefault({ start, template, publicPages, withoutRoute }: Platform): Promise<void> {
  const { clerk, mcp } = template ?? (await protectedTemplate({}, start));
  const foreign = await clerk.mint({ user: "ada", resource: "https://another.example/mcp" });
  const forged = await clerk.mint({ user: "ada", resource: mcp.url, kind: "wrong-key" });

  const CREDENTIALS: [string, Record<string, string>][] = [
    ["no token", {}],
    ["a made-up token", { authorization: "Bearer made-up" }],
    ["a token for another server", { authorization: `Bearer ${foreign.access_token}` }],
    ["a forged token", { authorization: `Bearer ${forged.access_token}` }],
  ];

  describe.each(CREDENTIALS)("with %s", (_name, credential) => {
    it.each(PATHS)("%s is refused with every method", async (path) => {
      for (const method of METHODS) {
        const response = await fetch(`${mcp.origin}${path}`, {
          method,
          headers: { "content-type": "application/json", ...credential },
          ...(!["GET", "HEAD"].includes(method) && { body: JSON.stringify(CALL) }),
        });
        const answeredAround = withoutRoute?.(method, path);
        expect(response.status, method).toBe(answeredAround ?? 401);
        if (answeredAround) continue;
        expect(response.headers.get("www-authenticate"), method).toMatch(
          /^Bearer .*resource_metadata="http:\/\/127\.0\.0\.1:\d+\/\.well-known\/oauth-protected-resource\/mcp"$/,
        );
        expect(response.headers.get("cache-control"), method).toBe("no-store");
      }
    });

    it.each<[string, unknown]>([
      ["a batch", [CALL, toolCall("get-user-info", {}, 2)]],
      ["an empty batch", []],
      ["an initialization", { jsonrpc: "2.0", id: 1, method: "initialize", params: {} }],
      ["a notification", { jsonrpc: "2.0", method: "notifications/initialized" }],
      ["the list of tools", { jsonrpc: "2.0", id: 1, method: "tools/list" }],
      ["something else", { hello: "world" }],
    ])("%s is refused", async (_what, body) => {
      expect((await post(mcp.url, body, credential)).status).toBe(401);
    });

    it.each<[string, Record<string, string>]>([
      ["x-mcp-tool-name", { "x-mcp-tool-name": "greet" }],
      ["Mcp-Name and Mcp-Method", { "mcp-name": "greet", "mcp-method": "tools/list" }],
      ["a forwarded address", { "x-forwarded-for": "127.0.0.1", "x-forwarded-host": "127.0.0.1" }],
      ["another method", { "x-http-method-override": "OPTIONS" }],
    ])("%s in a header changes nothing", async (_what, headers) => {
      expect((await post(mcp.url, CALL, { ...headers, ...credential })).status).toBe(401);
    });

    it("public pages name no user and no tool", async () => {
      for (const path of [...publicPages, "/.well-known/oauth-protected-resource"]) {
        const response = await fetch(`${mcp.origin}${path}`, { headers: credential });
        expect(response.status, path).toBe(200);
        expect(await response.text(), path).not.toMatch(/whoami|get-user-info|user_/);
      }
    });
  });

  it("a token in the query or in a cookie is not accepted", async () => {
    const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url });
    expect((await post(mcp.url, CALL, { authorization: `Bearer ${access_token}` })).status).toBe(200);
    expect((await post(mcp.url, CALL, { cookie: `__session=${access_token}` })).status).toBe(401);
    expect((await post(`${mcp.url}?access_token=${access_token}`, CALL)).status).toBeOneOf([400, 401]);
    const inBoth = await post(`${mcp.origin}/?access_token=${access_token}`, CALL, {
      authorization: `Bearer ${access_token}`,
    });
    expect(inBoth.status, "a second credential, at a page").toBe(withoutRoute?.("POST", "/") ?? 400);
  });
}
