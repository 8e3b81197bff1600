/** In an Express app, below a mount path: Express then shortens `request.url`. */
import { clerkProvider } from "@xmcp-dev/clerk";
import express, { type Express } from "express";
import { expect, it, vi } from "vitest";
import { declareTools } from "./guarded-tools.js";
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

it.each([
  ["before it, on all paths", (app: Express, first: ReturnType<typeof clerkProvider>) => app.use(first)],
  [
    "before it, on the same path",
    (app: Express, first: ReturnType<typeof clerkProvider>) => app.use("/mcp", first),
  ],
])("a provider behind another one serves nobody, since its rules would not count: %s", async (_, put) => {
  const printed = vi.spyOn(console, "error").mockImplementation(() => {});
  const app = express();
  const origin = await listening(app);
  const options = { ...optionsFor(clerk), baseURL: origin };
  put(app, clerkProvider(options));
  app.all(
    "/mcp",
    clerkProvider({ ...options, requiredScopes: ["documents:write"] }),
    (_request, response) => {
      response.json({ ran: true });
    },
  );
  const { access_token } = await clerk.mint({ resource: `${origin}/mcp` });
  const response = await fetch(`${origin}/mcp`, { headers: { authorization: `Bearer ${access_token}` } });
  expect([response.status, await response.json()]).toEqual([
    500,
    expect.objectContaining({ error: "server_error" }),
  ]);
  expect(
    printed.mock.calls.flat().filter((line) => String(line).includes("More than one clerkProvider()")).length,
  ).toBeLessThan(2);
});

it("a public tool opens the endpoint alone, and not the app's other routes to a body that calls it", async () => {
  declareTools("open");
  const app = express();
  const origin = await listening(app);
  app.use(
    clerkProvider({ ...optionsFor(clerk), baseURL: origin, access: { tools: { open: "public" } } }),
    (_request, response) => {
      response.json({ ran: true });
    },
  );
  const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "open", arguments: {} } };
  const status = async (path: string) =>
    (
      await fetch(origin + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(call),
      })
    ).status;
  expect(await status("/mcp")).toBe(200);
  const others = ["/", "/admin", "/mcp/", "/mcp/admin", "//mcp", "/MCP", "/x/../admin"];
  expect(await Promise.all(others.map(status))).toEqual(others.map(() => 401));
});

it("two providers on different paths serve both", async () => {
  const app = express();
  const origin = await listening(app);
  for (const endpoint of ["/one", "/two"])
    app.use(
      endpoint,
      clerkProvider({ ...optionsFor(clerk), baseURL: origin, endpoint }),
      (_request, response) => {
        response.json({ ran: endpoint });
      },
    );
  for (const endpoint of ["/one", "/two"]) {
    const { access_token } = await clerk.mint({ resource: origin + endpoint });
    const response = await fetch(origin + endpoint, { headers: { authorization: `Bearer ${access_token}` } });
    expect(await response.json()).toEqual({ ran: endpoint });
  }
});
