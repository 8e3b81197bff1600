import type { IncomingMessage, ServerResponse } from "http";
import { xmcpHandler } from "xmcp-handler";
import type { Protection } from "../../protection.js";
import { xmcpCorsHeaders } from "../../response/cors.js";
import { expressMiddleware } from "../node.js";
import { sendResponse } from "../node-response.js";
import { endpointPath, maxBodyBytes, xmcpHost } from "./host.js";
import { JudgedRequest } from "./judged-request.js";
import { listCache } from "./list-cache.js";

/** A request handler. It rejects if the server behind the door fails. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** xmcp behind the protection. xmcp gets only the message that was judged, and a request without its token. */
export function nodeDoor(protection: Protection): NodeHandler {
  const protect = expressMiddleware(protection, maxBodyBytes());
  return (request, response) =>
    new Promise((resolve, reject) => {
      // A refused request never reaches xmcp.
      response.once("close", resolve);
      protect(request, response, (error) => {
        if (error === undefined) serve(request, response).then(resolve, reject);
        else reject(error);
      });
    });
}

const corsHeaders = xmcpCorsHeaders(xmcpHost().cors ?? {});
const endpoint = endpointPath();
const rememberedList = listCache();

async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const [path] = (incoming.url ?? "/").split("?", 1);
  const request = new JudgedRequest(incoming, (listener) => {
    outgoing.once("close", () => {
      if (!outgoing.writableFinished) listener();
    });
  });
  const response = await answer(request, path);
  for (const [name, value] of corsHeaders(incoming.headers.origin)) outgoing.setHeader(name, value);
  await sendResponse(response, outgoing);
}

/** xmcp leaves these to the server in front of its handler: an OPTIONS that is no preflight, and addresses. */
async function answer(request: JudgedRequest, path: string | undefined): Promise<Response> {
  if (request.method === "OPTIONS") return new Response(null, { status: 204 });
  if (path !== endpoint) return Response.json({ error: "Not found" }, { status: 404 });
  return rememberedList(request, xmcpHandler);
}
