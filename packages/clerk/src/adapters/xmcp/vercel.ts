import type { IncomingMessage, ServerResponse } from "http";
import { unusable } from "../../protection.js";
import { injectedProtection } from "./middleware.js";
import { type NodeHandler, nodeDoor } from "./node-door.js";

let opened: Promise<NodeHandler> | undefined;

/** Entry of the Vercel build: the door, then xmcp. */
export default async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  opened ??= open();
  await (await opened)(request, response);
}

async function open(): Promise<NodeHandler> {
  const found = await injectedProtection();
  const protection = "problem" in found ? unusable(found.problem) : found.protection;
  await protection.ready();
  return nodeDoor(protection);
}
