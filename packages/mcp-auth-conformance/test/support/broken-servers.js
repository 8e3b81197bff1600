/** Servers that are broken on purpose: no case may be content with all of them. */
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { referenceServer } from "./reference/server.js";

/** @typedef {Parameters<typeof referenceServer>[0]} Options */

/** Serves whatever is asked, and prints it. @param {Options} options */
export function servesEverything({ print }) {
  return createServer(async (request, response) => {
    print(decodeURI(request.url ?? ""));
    const text = (await buffer(request)).toString();
    const { id = 1, ...message } = parsed(text);
    print(Object.values({ ...message, ...message.params, ...message.params?.clientInfo }).join(" "));
    const body = JSON.stringify({ jsonrpc: "2.0", id, result: {} });
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  });
}

/** Refuses whatever is asked. */
export function refusesEverything() {
  return createServer((request, response) => {
    request.resume();
    response
      .writeHead(401, { "content-type": "application/json", "www-authenticate": "Bearer" })
      .end(JSON.stringify({ error: "unauthorized" }));
  });
}

/** An MCP server that verifies neither tokens nor rules nor what a body, a request or a name is. @param {Options} options */
export function verifiesNothing(options) {
  const mistakes = [
    ...["open", "lenient-body", "no-rule", "no-page-rule", "list-all", "batch-unjudged", "raw-log"],
    ...["empty-as-ping", "card-from-request", "no-preflight", "short-idle", "html-errors"],
  ];
  return referenceServer({ ...options, mistakes });
}

/** @param {string} text @returns {{ id?: unknown, params?: { clientInfo?: object } }} */
function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
