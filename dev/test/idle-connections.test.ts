/** How long the Node server keeps an idle connection: a proxy must not find it closed when it sends a request. */
import { once } from "node:events";
import { connect } from "node:net";
import { startServer } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { standIn } from "./support/protected-template.js";
import { ROOT } from "./support/template.js";

const clerk = await standIn();

function started(seconds?: string) {
  const environment = { ...clerk.env, ...(seconds !== undefined && { KEEP_ALIVE_SECONDS: seconds }) };
  return startServer(environment, { cwd: ROOT });
}

describe("KEEP_ALIVE_SECONDS", () => {
  it.concurrent.each([
    ["is not set", undefined, "75"],
    ["is blank", "  ", "75"],
    ["has blanks around it", " 61 ", "61"],
    ["is the longest", "9999", "9999"],
  ])("%s: the server says how long it waits", async (_, value, seconds) => {
    const server = await started(value);
    const { status, headers } = await fetch(server.url, { method: "POST" });
    expect([status, headers.get("keep-alive")]).toEqual([401, `timeout=${seconds}`]);
    await server.stop();
  });

  it.concurrent.each(["0", "1.5", "75s", "10000"])("%j stops the start with one sentence", async (value) => {
    await expect(started(value)).rejects.toThrow(
      /^The server did not start\.\nKEEP_ALIVE_SECONDS must be a number from 1 to 9999\.\n$/,
    );
  });

  it.concurrent("is kept: an idle connection ends after this time, and not before", async () => {
    const server = await started("1");
    const { port, hostname } = new URL(server.origin);
    const socket = connect(Number(port), hostname);
    socket.resume();
    socket.write(`GET /health HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    await once(socket, "data");
    const since = performance.now();
    await once(socket, "close");
    expect(performance.now() - since).toBeGreaterThanOrEqual(900);
    await server.stop();
  });
});
