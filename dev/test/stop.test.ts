import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import { eventually } from "./support/eventually.js";
import { protectedTemplate, tokenFor } from "./support/protected-template.js";
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

it.each<[string, (socket: Socket, authorization: string) => void]>([
  ["a silent connection", () => {}],
  ["half a request line", (socket) => socket.write("POST /mc")],
  ["half a header", (socket) => socket.write("POST /mcp HTTP/1.1\r\nHost: a\r\nX-")],
  [
    "an unfinished body without a token",
    (socket) => socket.write("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"),
  ],
  [
    "an unfinished body with a token",
    (socket, authorization) =>
      socket.write(
        `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
      ),
  ],
])("SIGTERM does not wait for %s, and exits with 0", async (_, begin) => {
  const { clerk, mcp } = await protectedTemplate();
  const { port, hostname } = new URL(mcp.origin);
  const socket = connect(Number(port), hostname).on("error", () => {});
  socket.resume();
  await once(socket, "connect");
  begin(socket, `Bearer ${await tokenFor(clerk, mcp)}`);
  // The server has seen the connection when it has answered a later request.
  await fetch(mcp.url);
  const since = performance.now();
  expect(await mcp.stop()).toBe(0);
  expect(performance.now() - since).toBeLessThan(5_000);
  socket.destroy();
});
