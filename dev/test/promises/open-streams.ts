import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import type { Platform } from "../platforms/platform.js";
import { protectedTemplate } from "../support/protected-template.js";
import { post } from "../support/tool-call.js";

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** Opens a stream of notifications, and waits for its first. */
export async function listen(url: string, token: string): Promise<Response> {
  const params = { notifications: { toolsListChanged: true }, _meta: META };
  return post(
    url,
    { jsonrpc: "2.0", id: 1, method: "subscriptions/listen", params },
    {
      authorization: `Bearer ${token}`,
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "subscriptions/listen",
    },
  );
}

/** A stream of notifications is open no longer than its token is valid, and one caller has a few at most. */
export function openStreams({ start }: Platform): void {
  it("a stream of notifications ends when its token is no longer accepted", async () => {
    const { clerk, mcp } = await protectedTemplate({}, start);
    // Expired, and still accepted for the rest of the five seconds that clocks may differ.
    const { access_token } = await clerk.mint({ user: "ada", resource: mcp.url, expiresIn: -3 });
    const stream = await listen(mcp.url, access_token);
    expect(stream.status).toBe(200);
    expect(await stream.text()).toContain("notifications/subscriptions/acknowledged");
    expect((await listen(mcp.url, access_token)).status).toBe(401);
  });

  it("a caller has 16 streams at most: the oldest ends when another begins, and another caller's does not", async () => {
    const { clerk, mcp } = await protectedTemplate({}, start);
    const tokenOf = async (user: string) => (await clerk.mint({ user, resource: mcp.url })).access_token;
    const others = await listen(mcp.url, await tokenOf("bob"));
    const streams: Response[] = [];
    for (let count = 0; count < 17; count += 1) streams.push(await listen(mcp.url, await tokenOf("ada")));
    expect(new Set([...streams, others].map(({ status }) => status))).toEqual(new Set([200]));

    const [oldest, second, ...rest] = streams;
    expect(await oldest?.text()).toContain("acknowledged");
    streams.push(await listen(mcp.url, await tokenOf("ada")));
    expect(await second?.text()).toContain("acknowledged");
    // Had another been ended with the oldest, it would have ended by now.
    for (const { body } of [...rest, others]) {
      const reader = body?.getReader();
      await reader?.read();
      const next = await Promise.race([reader?.read(), setImmediate("open")]);
      expect(next).toBe("open");
      await reader?.cancel();
    }
    await streams.at(-1)?.body?.cancel();
  });
}
