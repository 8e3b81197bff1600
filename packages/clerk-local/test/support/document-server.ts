/** Serves client ID metadata documents on loopback. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { REDIRECT_URI } from "./oauth-client.js";

export interface DocumentServer {
  origin: string;
  /** URL of the document, which is the client id. */
  clientId: string;
  /** Paths of the requests so far. */
  requests: string[];
}

/** @param answer default: the document, with `members` in it */
export async function documentServer(
  members: object = {},
  answer?: (req: IncomingMessage, res: ServerResponse, document: string) => void,
): Promise<DocumentServer> {
  const requests: string[] = [];
  const server = createServer((req, res) => {
    requests.push(req.url ?? "");
    const document = documentOf(clientId, members);
    res.setHeader("content-type", "application/json");
    if (answer) return answer(req, res, document);
    res.end(document);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = `${origin}/client.json`;
  return { origin, clientId, requests };
}

/** A member that is `undefined` is left out. */
export function documentOf(clientId: string, members: object = {}): string {
  return JSON.stringify({
    client_id: clientId,
    client_name: "Client with a document",
    redirect_uris: [REDIRECT_URI],
    token_endpoint_auth_method: "none",
    ...members,
  });
}
