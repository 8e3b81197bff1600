import type { IncomingMessage, ServerResponse } from "http";
import handle from "xmcp-request-handler";
import { HOME_PAGE_PATH } from "../../response/home-page/response.js";
import { xmcpHost } from "./host.js";

/**
 * xmcp's request handler, with the plugin's home page instead of xmcp's. xmcp answers `GET /` before any middleware,
 * so the request is passed on under another path. Entry of the Vercel build.
 */
export default function handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.url = withHomePage(request.url);
  return handle(request, response);
}

function withHomePage(target = "/"): string {
  const isHome = target === "/" || target.startsWith("/?");
  return isHome && xmcpHost().template?.homePage === undefined
    ? `${HOME_PAGE_PATH}${target.slice(1)}`
    : target;
}
