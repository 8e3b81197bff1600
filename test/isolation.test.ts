import { expect, it } from "vitest";
import { protectedTemplate } from "./support/protected-template.js";
import { callTool } from "./support/tool-call.js";

const USERS = 500;
const CALLS = 2_000;
const AT_ONCE = 200;

it("2,000 calls of 500 users, through a key rotation and an outage: no wrong identity, nobody thrown out", async () => {
  const { clerk, mcp } = await protectedTemplate();
  const users = Array.from({ length: USERS }, () => clerk.users.create().id);
  const mintAll = () =>
    Promise.all(users.map(async (user) => (await clerk.mint({ user, resource: mcp.url })).access_token));

  let tokens = await mintAll();
  const events: Record<number, () => unknown> = {
    [CALLS / 4]: () => clerk.rotateKeys(),
    [CALLS / 4 + 1]: async () => {
      tokens = await mintAll();
    },
    [(3 * CALLS) / 4]: () => clerk.faults({ path: "/*", drop: true }),
  };

  const wrong: unknown[] = [];
  let started = 0;
  const caller = async (): Promise<void> => {
    while (started < CALLS) {
      const call = started++;
      await events[call]?.();
      const user = users[call % USERS];
      const result = await callTool(mcp.url, String(tokens[call % USERS]), "whoami").catch((error) => ({
        error,
      }));
      const seen = "structuredContent" in result ? result.structuredContent?.userId : result;
      if (seen !== user) wrong.push(seen);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));

  expect(wrong).toEqual([]);
  expect(started).toBe(CALLS);
});
