import type { ServerResponse } from "http";

/**
 * Sends a response as it arrives. Everything within one turn of the event loop becomes one write to the socket.
 *
 * @throws {Error} if the answer fails before its end.
 */
export async function sendResponse(
  { status, headers, body }: Response,
  outgoing: ServerResponse,
): Promise<void> {
  // The caller has disconnected, or something in front has ended the response.
  if (outgoing.destroyed || outgoing.writableEnded) return body?.cancel();
  outgoing.writeHead(status, Object.fromEntries(headers));
  if (body === null) return void outgoing.end();
  // Not the response: Node 22 mixes up the chunks of a corked one.
  const { socket } = outgoing;
  socket?.cork();
  setImmediate(() => socket?.uncork());
  const reader = body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => {});
  outgoing.once("close", cancel);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (outgoing.writableEnded) return cancel();
    if (!outgoing.write(value)) await drained(outgoing);
  }
  outgoing.off("close", cancel);
  outgoing.end();
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (outgoing.destroyed) return resolve();
    const go = (): void => {
      outgoing.off("drain", go).off("close", go);
      resolve();
    };
    outgoing.on("drain", go).on("close", go);
  });
}
