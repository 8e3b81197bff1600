import type { FaultRule } from "@xmcp-dev/clerk-local";
import { afterEach, describe, expect, it } from "vitest";
import type { Platform } from "../platforms/platform.js";
import { protectedTemplate, tokenFor } from "../support/protected-template.js";
import { callTool, post, toolCall } from "../support/tool-call.js";

const OUTAGES: [string, Partial<FaultRule>][] = [
  ["answers 500", { status: 500 }],
  ["answers 503 with a page", { status: 503, body: "<html>503</html>", contentType: "text/html" }],
  ["limits calls", { status: 429, retryAfterSeconds: 1 }],
  ["cuts the connection", { drop: true }],
];

export async function clerkOutage({ start }: Platform): Promise<void> {
  const { clerk, mcp } = await protectedTemplate({}, start);
  const token = await tokenFor(clerk, mcp);
  await callTool(mcp.url, token, "whoami");

  afterEach(() => clerk.faults());

  describe.each(OUTAGES)("while Clerk %s", (_name, fault) => {
    it("a tool that asks Clerk is an error that a person understands, and works again afterwards", async () => {
      const asking = ["get-user-info", "get-my-organizations"];
      clerk.faults({ path: "/*", ...fault });
      for (const tool of asking) {
        const { isError, content } = await callTool(mcp.url, token, tool);
        expect(isError).toBe(true);
        expect(content.map(({ text }) => text)).toEqual([
          "[Clerk] Clerk cannot be reached right now. Your sign-in is still valid; try again in a minute.",
        ]);
      }
      clerk.faults();
      for (const tool of asking) {
        await expect
          .poll(() => callTool(mcp.url, token, tool), { timeout: 8_000 })
          .toHaveProperty("structuredContent");
      }
    });

    it.each(["whoami", "greet"])("%s still works, also for a new user", async (tool) => {
      clerk.faults({ path: "/*", ...fault });
      const someoneNew = await tokenFor(clerk, mcp, "bob");
      for (const caller of [token, someoneNew]) {
        const { structuredContent } = await callTool(mcp.url, caller, tool, { name: "World" });
        expect(structuredContent).toHaveProperty("userId");
      }
    });
  });

  it("a server without Clerk's keys answers 503, so that the client does not sign in again", async () => {
    const { clerk, mcp } = await protectedTemplate({}, start);
    const token = await tokenFor(clerk, mcp);
    clerk.faults({ path: "/.well-known/jwks.json", status: 500 });
    const refused = await post(mcp.url, toolCall("whoami"), { authorization: `Bearer ${token}` });
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(refused.headers.get("www-authenticate")).toBeNull();
    expect(await refused.json()).toMatchObject({ error: "temporarily_unavailable" });
  });

  it("a wrong secret key is explained to the caller and in the log, and never shown", async () => {
    const { clerk, mcp } = await protectedTemplate({}, start);
    const token = await tokenFor(clerk, mcp);
    clerk.faults({ path: "/v1/*", status: 401 });
    const { isError, content } = await callTool(mcp.url, token, "get-user-info");
    expect(isError).toBe(true);
    expect(content[0]?.text).toContain("Ask its operator to check CLERK_SECRET_KEY");
    await expect.poll(mcp.output).toContain("Check CLERK_SECRET_KEY");
    expect(mcp.output()).not.toContain(clerk.secretKey);
  });
}
