/** `authenticateRequest` of Clerk's own SDK. Uses the instance's public key if BENCH_JWT_KEY is set. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { client, runAs } from "./callers/clerk-sdk";

export default async function authenticate(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): Promise<void> {
  try {
    const authorization = request.headers.authorization ?? "";
    const asked = new Request(`http://${request.headers.host}${request.url}`, { headers: { authorization } });
    const state = await client.authenticateRequest(asked, { acceptsToken: "oauth_token" });
    if (!state.isAuthenticated) throw new Error(`${state.reason}: ${state.message}`);
    const { userId, scopes, clientId } = state.toAuth();
    runAs({ userId, scopes, clientId, issuedAt: new Date(0), expiresAt: new Date(0) }, next);
  } catch (error) {
    console.error(error);
    response.writeHead(401).end();
  }
}
