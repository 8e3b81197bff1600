/** The built plugin in front of a minimal MCP server. Every call needs MCP_AUTH_REQUIRED_SCOPES. */
import { createServer } from "node:http";
import { clerkProvider } from "@xmcp-dev/clerk";

const { HOST, PORT, MCP_AUTH_REQUIRED_SCOPES = "" } = process.env;
const middleware = clerkProvider({ requiredScopes: MCP_AUTH_REQUIRED_SCOPES.split(" ").filter(Boolean) });

createServer((request, response) => {
  middleware(request, response, () => {
    const { body } = /** @type {{ body?: unknown }} */ (request);
    const isRequest = typeof body === "object" && body !== null && "method" in body;
    const answer = isRequest ? { jsonrpc: "2.0", id: 1, result: {} } : { error: "invalid_message" };
    response
      .writeHead(isRequest ? 200 : 400, { "content-type": "application/json" })
      .end(JSON.stringify(answer));
  });
}).listen(Number(PORT), HOST);
