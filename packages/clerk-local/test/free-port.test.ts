import { once } from "node:events";
import { createServer } from "node:net";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { expect, it } from "vitest";

it("a free port can be listened on, and is below the range of outgoing connections", async () => {
  for (let count = 0; count < 20; count++) {
    const port = await freePort();
    expect(port).toBeLessThan(32_768);
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
  }
});
