import type { IncomingMessage, ServerResponse } from "http";
import handle from "xmcp-request-handler";
import { protectionOf, refusedTwice } from "../../protection.js";
import { HOME_PAGE_PATH } from "../../response/home-page/response.js";
import { runAsPublic } from "../../session/context.js";
import { type ExpressMiddleware, expressMiddleware } from "../node.js";
import { injectedMiddleware } from "./declarations.js";
import { httpConfig, templateConfig } from "./host.js";

/** xmcp's default. */
const DEFAULT_MAX_BODY_BYTES = 10 * 1024 * 1024;

/** A request handler. It rejects if the server behind the door fails. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * xmcp's request handler behind the protection of `src/middleware.ts`. xmcp gets only the message that was judged, and a
 * request without its token.
 */
export async function nodeDoor(): Promise<NodeHandler> {
  const [protection, ...others] = (await injectedMiddleware()).flatMap((found) => protectionOf(found) ?? []);
  if (others.length > 0) return refuseAll;
  await protection?.ready();
  const enter = entrance(protection);
  return (request, response) =>
    new Promise((resolve, reject) => {
      // A refused request never reaches xmcp.
      response.once("close", resolve);
      enter(request, response, (error) => {
        if (error === undefined) handle(request, response).then(resolve, reject);
        else reject(error);
      });
    });
}

async function refuseAll(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body } = refusedTwice();
  response.writeHead(status, headers).end(body);
}

function entrance(protection: ReturnType<typeof protectionOf>): ExpressMiddleware {
  // The middleware of another library runs inside xmcp.
  if (protection === undefined) return (_request, _response, next) => next();
  const protect = expressMiddleware(protection, httpConfig().bodySizeLimit ?? DEFAULT_MAX_BODY_BYTES);
  return (request, response, next) => {
    const { url = "/" } = request;
    const [path = "/"] = url.split("?", 1);
    if (isPublicPage(request.method, path)) return runAsPublic(next, protection);
    if (path === "/" && templateConfig().homePage === undefined)
      request.url = `${HOME_PAGE_PATH}${url.slice(path.length)}`;
    protect(request, response, next);
  };
}

/** Pages of xmcp that say nothing about users. */
function isPublicPage(method: string | undefined, path: string): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  if (path === "/") return templateConfig().homePage !== undefined;
  if (path === "/.well-known/openai-apps-challenge")
    return Boolean(process.env.OPENAI_APPS_VERIFICATION_TOKEN);
  return path === "/health";
}
