import { expect, it } from "vitest";
import type { Platform } from "../platforms/platform.js";
import { protectedTemplate } from "../support/protected-template.js";
import { callTool } from "../support/tool-call.js";

export interface Crowd {
  readonly users: number;
  readonly calls: number;
  readonly atOnce: number;
}

export function isolation({ start }: Platform, { users: userCount, calls, atOnce }: Crowd): void {
  it(`${calls} calls of ${userCount} users, through a key rotation and an outage: every call succeeds as its own user`, async () => {
    const { clerk, mcp } = await protectedTemplate({}, start);
    const users = Array.from({ length: userCount }, () => clerk.users.create().id);
    const mintAll = () =>
      Promise.all(users.map(async (user) => (await clerk.mint({ user, resource: mcp.url })).access_token));

    let tokens = await mintAll();
    const events: Record<number, () => unknown> = {
      [calls / 4]: () => clerk.rotateKeys(),
      [calls / 4 + 1]: async () => {
        tokens = await mintAll();
      },
      [(3 * calls) / 4]: () => clerk.faults({ path: "/*", drop: true }),
    };

    const wrong: unknown[] = [];
    let started = 0;
    const caller = async (): Promise<void> => {
      while (started < calls) {
        const call = started++;
        await events[call]?.();
        const user = users[call % userCount];
        const result = await callTool(mcp.url, String(tokens[call % userCount]), "whoami").catch((error) => ({
          error,
        }));
        const seen = "structuredContent" in result ? result.structuredContent?.userId : result;
        if (seen !== user) wrong.push(seen);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, caller));

    expect(wrong).toEqual([]);
    expect(started).toBe(calls);
  });
}
