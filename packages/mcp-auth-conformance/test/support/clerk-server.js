/** The built plugin in front of a minimal MCP response. Every call requires MCP_AUTH_REQUIRED_SCOPES. */
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { clerkProvider } from "@xmcp-dev/clerk";

const { HOST, PORT, MCP_AUTH_REQUIRED_SCOPES = "" } = process.env;
const middleware = clerkProvider({ requiredScopes: MCP_AUTH_REQUIRED_SCOPES.split(" ").filter(Boolean) });

createServer(async (request, response) => {
  const body = parsed(await text(request));
  middleware(Object.assign(request, { body }), response, () => {
    const isRequest = typeof body === "object" && body !== null && "method" in body;
    const answer = isRequest ? { jsonrpc: "2.0", id: 1, result: {} } : { error: "invalid_message" };
    response
      .writeHead(isRequest ? 200 : 400, { "content-type": "application/json" })
      .end(JSON.stringify(answer));
  });
}).listen(Number(PORT), HOST);

/** @param {string} body @returns {unknown} */
function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
