import type { IncomingMessage, ServerResponse } from "http";
import { type NodeHandler, nodeDoor } from "./node-door.js";

let opened: Promise<NodeHandler> | undefined;

/** Entry of the Vercel build: the door, then xmcp's request handler. */
export default async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  opened ??= nodeDoor();
  await (await opened)(request, response);
}
