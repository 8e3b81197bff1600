// The MCP project's own server package with its `requireBearerAuth` and a verifier based on `jose`.
import { createMcpExpressApp, requireBearerAuth } from "@modelcontextprotocol/express";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer, OAuthError, OAuthErrorCode } from "@modelcontextprotocol/server";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { annotations, toolResult, tools } from "./tools.mjs";

const { PORT, CLERK_DOMAIN: issuer, BASE_URL } = process.env;
const resource = `${BASE_URL}/mcp`;
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
const checks = {
  issuer,
  audience: resource,
  typ: "at+jwt",
  algorithms: ["RS256"],
  requiredClaims: ["exp", "sub"],
};

const verifier = {
  async verifyAccessToken(token) {
    try {
      const { payload } = await jwtVerify(token, keys, checks);
      const { sub: userId, client_id: clientId, scope, iat, exp: expiresAt } = payload;
      return { token, clientId, scopes: scope.split(" "), expiresAt, extra: { userId, iat } };
    } catch (error) {
      throw new OAuthError(OAuthErrorCode.InvalidToken, error.message);
    }
  },
};

function callerOf({ scopes, clientId, expiresAt, extra: { userId, iat } }) {
  const times = { issuedAt: new Date(iat * 1000), expiresAt: new Date(expiresAt * 1000) };
  return { userId, scopes, clientId, ...times };
}

/** A new `McpServer` for each request, as in the other servers. */
const handler = createMcpHandler(() => {
  const server = new McpServer({ name: "bench", version: "1.0.0" });
  for (const { name, title, description, input, output, run } of tools) {
    const definition = { title, description, inputSchema: input, outputSchema: output, annotations };
    server.registerTool(name, definition, async (given, { http }) =>
      toolResult(await run(given, callerOf(http.authInfo))),
    );
  }
  return server;
});
const handle = toNodeHandler(handler);

const app = createMcpExpressApp();
app.post("/mcp", requireBearerAuth({ verifier }), (request, response) =>
  handle(request, response, request.body),
);
app.listen(Number(PORT), "127.0.0.1", () => console.log(`MCP Server running on ${resource}`));
