import { expect, it } from "vitest";
import { eventually } from "./support/eventually.js";
import { protectedTemplate } from "./support/protected-template.js";
import { waitingCall } from "./support/waiting-call.js";

it("SIGTERM lets a running call finish, accepts no new one, and exits with 0", async () => {
  const { clerk, mcp } = await protectedTemplate();
  const { answer } = await waitingCall(clerk, mcp.url);

  const stopped = mcp.stop();
  await eventually("new connections are refused", () =>
    fetch(mcp.url).then(
      () => false,
      () => true,
    ),
  );
  expect(await answer).toHaveProperty("structuredContent.email", "ada@example.com");
  const answered = performance.now();
  expect(await stopped).toBe(0);
  expect(performance.now() - answered, "it does not wait for the client to hang up").toBeLessThan(3_000);
});

it("SIGTERM stops an idle server with exit code 0", async () => {
  const { mcp } = await protectedTemplate();
  await fetch(mcp.url);
  expect(await mcp.stop()).toBe(0);
});
