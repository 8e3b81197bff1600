import { expect, it } from "vitest";
import { protectedTemplate } from "./support/protected-template.js";
import { callTool } from "./support/tool-call.js";

const CALLERS = 200;
/** Concurrent callers that wait for the local Clerk. With more, a busy machine exceeds the time-out for Clerk. */
const ASKING = 50;

it("200 concurrent callers never see another caller's data", async () => {
  const { clerk, mcp } = await protectedTemplate();
  const users = Array.from({ length: CALLERS }, () => clerk.users.create());
  const callers = await Promise.all(
    users.map(async ({ id, email }) => {
      const { access_token } = await clerk.mint({ user: id, resource: mcp.url });
      return { id, email, token: access_token };
    }),
  );
  const called = (tool: string, some = callers) =>
    Promise.all(some.map(async ({ token }) => (await callTool(mcp.url, token, tool)).structuredContent));

  expect(await called("whoami")).toEqual(callers.map(({ id }) => expect.objectContaining({ userId: id })));
  for (let first = 0; first < CALLERS; first += ASKING) {
    const some = callers.slice(first, first + ASKING);
    const expected = some.map(({ id, email }) => expect.objectContaining({ userId: id, email }));
    expect(await called("get-user-info", some)).toEqual(expected);
  }
});
