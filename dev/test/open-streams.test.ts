import { expect, it } from "vitest";
import { node } from "./platforms/platform.js";
import { listen, openStreams } from "./promises/open-streams.js";
import { protectedTemplate, tokenFor } from "./support/protected-template.js";

openStreams(node);

it("SIGTERM ends an open stream, and the server exits with 0", async () => {
  const { clerk, mcp } = await protectedTemplate();
  const stream = await listen(mcp.url, await tokenFor(clerk, mcp));
  const reader = stream.body?.getReader();
  await reader?.read();
  const stopped = mcp.stop();
  expect(await reader?.read()).toEqual({ done: true, value: undefined });
  expect(await stopped).toBe(0);
});
