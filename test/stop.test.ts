import { expect, it } from "vitest";
import { eventually } from "./support/eventually.js";
import { protectedTemplate, tokenFor } from "./support/protected-template.js";
import { callTool } from "./support/tool-call.js";

it("SIGTERM lets a running call finish, takes no new one, and ends with 0", async () => {
  const { clerk, mcp } = await protectedTemplate();
  const token = await tokenFor(clerk, mcp);
  await callTool(mcp.url, token, "whoami");
  clerk.faults({ path: "/v1/users/*", latencyMs: 1_500 });
  const call = callTool(mcp.url, token, "get-user-info");
  await eventually("the tool waits for Clerk", () =>
    clerk.requests().some(({ path, status }) => path.startsWith("/v1/users/") && status === 0),
  );

  const stopped = mcp.stop();
  await eventually("new connections are refused", () =>
    fetch(mcp.url).then(
      () => false,
      () => true,
    ),
  );
  expect(await call).toHaveProperty("structuredContent.email", "ada@example.com");
  const answered = performance.now();
  expect(await stopped).toBe(0);
  expect(performance.now() - answered, "it does not wait for the client to hang up").toBeLessThan(3_000);
});

it("SIGTERM ends an idle server with 0", async () => {
  const { mcp } = await protectedTemplate();
  await fetch(mcp.url);
  expect(await mcp.stop()).toBe(0);
});
