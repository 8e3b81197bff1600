// A client made with @mcpjam/sdk: signs in, and then connects with its refresh token alone. Here the local Clerk issues a
// refresh token only with `offline_access`, as an authorization server may; this client requests that scope only if it
// is configured to.
import { createClerkLocal } from "@xmcp-dev/clerk-local";
import { startServer } from "@xmcp-dev/clerk-local/testing";
import { REDIRECT_URL } from "./oauth-flows.mjs";

const SCOPES = "profile email";

/** @returns {Promise<string[]>} the problems found */
export async function runMcpjamClient() {
  // Imported here because the suites are installed after this module is loaded.
  const { MCPClientManager, OAuthConformanceTest } = await import("@mcpjam/sdk");
  const clerk = await createClerkLocal({ refreshTokens: "offline_access", autoApprove: { user: "ada" } });
  const server = await startServer(clerk.env);
  /** @param {string} scopes */
  const signIn = async (scopes) => {
    const test = new OAuthConformanceTest({
      serverUrl: server.url,
      protocolVersion: "2025-11-25",
      registrationStrategy: "dcr",
      redirectUrl: REDIRECT_URL,
      auth: { mode: "headless" },
      scopes,
    });
    return (await test.run()).credentials ?? {};
  };
  try {
    const short = await signIn(SCOPES);
    const { clientId = "", refreshToken } = await signIn(`${SCOPES} offline_access`);
    if (!short.accessToken || short.refreshToken)
      return ["a sign-in without offline_access must give an access token only"];
    if (!refreshToken) return ["a sign-in with offline_access must give a refresh token"];
    const manager = new MCPClientManager({ ours: { url: server.url, refreshToken, clientId } });
    try {
      const { structuredContent } = await manager.executeTool("ours", "whoami", {});
      const { userId } = /** @type {{ userId?: string }} */ (structuredContent ?? {});
      return userId === clerk.users.get("ada").id ? [] : ["whoami must answer as the user who signed in"];
    } finally {
      await manager.disconnectAllServers();
    }
  } finally {
    await server.stop();
    await clerk.close();
  }
}
