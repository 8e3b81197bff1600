// mcp-use with its Clerk provider and without its request log.
import { MCPServer } from "mcp-use";
import { oauthClerkProvider } from "mcp-use/oauth/clerk";
import { annotations, toolResult, tools } from "./tools.mjs";

const { PORT, CLERK_DOMAIN, BASE_URL } = process.env;
const resource = `${BASE_URL}/mcp`;

const server = new MCPServer({
  name: "bench",
  version: "1.0.0",
  logging: { enabled: false },
  oauth: oauthClerkProvider({ frontendApiUrl: CLERK_DOMAIN, audience: resource, resource }),
});

for (const { name, title, description, input, output, run } of tools) {
  const definition = { name, title, description, inputSchema: input, outputSchema: output, annotations };
  server.tool(definition, async (given, { auth }) => toolResult(await run(given, callerOf(auth))));
}

function callerOf({ user, scopes, clientId, payload, expiresAt }) {
  const times = { issuedAt: new Date(payload.iat * 1000), expiresAt: new Date(expiresAt * 1000) };
  return { userId: user.id, scopes, clientId, ...times };
}

await server.listen(Number(PORT), { host: "127.0.0.1" });
console.log(`MCP Server running on ${resource}`);
