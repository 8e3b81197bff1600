// The MCP SDK with its own requireBearerAuth and jose, put together as their documentation does.
import {
  createMcpExpressApp,
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
  requireBearerAuth,
} from "@modelcontextprotocol/express";
import { NodeStreamableHTTPServerTransport } from "@modelcontextprotocol/node";
import { McpServer, OAuthError, OAuthErrorCode } from "@modelcontextprotocol/server";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const issuer = process.env.MCP_AUTH_ISSUER;
const resource = new URL(process.env.MCP_AUTH_RESOURCE);
const scopes = process.env.MCP_AUTH_SCOPES.split(" ");
const requiredScopes = (process.env.MCP_AUTH_REQUIRED_SCOPES ?? "").split(" ").filter(Boolean);
const keys = createRemoteJWKSet(new URL(process.env.MCP_AUTH_JWKS_URI));

const verifier = {
  async verifyAccessToken(token) {
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: resource.href, typ: "at+jwt" });
      return {
        token,
        clientId: String(payload.client_id),
        scopes: String(payload.scope ?? "").split(" "),
        expiresAt: payload.exp,
      };
    } catch (error) {
      const isAboutToken = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
      throw isAboutToken ? new OAuthError(OAuthErrorCode.InvalidToken, "The token is not valid") : error;
    }
  },
};

const oauthMetadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
const app = createMcpExpressApp();
app.use(mcpAuthMetadataRouter({ oauthMetadata, resourceServerUrl: resource, scopesSupported: scopes }));
const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(resource);
app.all(
  resource.pathname,
  requireBearerAuth({ verifier, requiredScopes, resourceMetadataUrl }),
  async (req, res) => {
    const server = new McpServer({ name: "peer", version: "1.0.0" });
    server.registerTool("whoami", { description: "Says who is calling" }, (extra) => ({
      content: [{ type: "text", text: String(extra.http?.authInfo?.clientId ?? "") }],
    }));
    const transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await server.connect(transport);
    await transport.handleRequest(req, res, req.body);
  },
);
app.listen(Number(process.env.PORT), process.env.HOST);
