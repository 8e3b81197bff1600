/** In an Express app, below a mount path: Express then shortens `request.url`. */
import { clerkProvider } from "@xmcp-dev/clerk";
import express from "express";
import { expect, it } from "vitest";
import { listening, localClerk, optionsFor } from "./protected-server.js";

const clerk = await localClerk();

async function mounted(path: string, publicPaths: readonly string[]): Promise<string> {
  const app = express();
  const origin = await listening(app);
  app.use(
    path,
    clerkProvider({ ...optionsFor(clerk), baseURL: origin, publicPaths }),
    (_request, response) => {
      response.json({ ran: true });
    },
  );
  return origin;
}

it.each(["/mcp", "/mcp/", "/mcp/x", "/mcp?a=1", "//mcp"])(
  "a public path / does not open an endpoint that is mounted: %s needs a token",
  async (target) => {
    const origin = await mounted("/mcp", ["/", "/x"]);
    const { status } = await fetch(origin + target, { method: "POST" });
    expect([401, 404]).toContain(status);
  },
);

it("a valid token is let in below the mount path", async () => {
  const origin = await mounted("/mcp", ["/"]);
  const { access_token } = await clerk.mint({ resource: `${origin}/mcp` });
  const response = await fetch(`${origin}/mcp`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(await response.json()).toEqual({ ran: true });
});

it("a public path is the whole path, not the rest below the mount path", async () => {
  const origin = await mounted("/api", ["/api/status", "/hidden"]);
  const status = async (path: string) => (await fetch(origin + path)).status;
  expect(await Promise.all(["/api/status", "/api/hidden", "/api/"].map(status))).toEqual([200, 401, 401]);
});
