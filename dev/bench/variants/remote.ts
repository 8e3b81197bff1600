/** One remote verification per request. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { client, runAs } from "./callers/clerk-sdk";

export default async function askClerk(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): Promise<void> {
  try {
    const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    const { subject, scopes, clientId, createdAt, expiration, revoked, expired } =
      await client.idPOAuthAccessToken.verify(token);
    if (!subject.startsWith("user_") || revoked || expired) throw new Error("not a user's valid token");
    runAs(
      {
        userId: subject,
        scopes,
        clientId,
        issuedAt: new Date(createdAt),
        expiresAt: new Date(expiration ?? 0),
      },
      next,
    );
  } catch (error) {
    console.error(error);
    response.writeHead(401).end();
  }
}
