/** The clients that the local Clerk knows, and how each became known. */
import { publishedDocument } from "../client-metadata/published-documents.js";
import type { Instance } from "../instance.js";

export interface KnownClient {
  id: string;
  /** The client's own name. Absent if its document was never fetched. */
  name?: string;
  /** How it became known and, of a client with a metadata document, Clerk's status of it. */
  known: string;
  redirectUris: readonly string[];
}

type ClientParts = Pick<Instance, "applications" | "store" | "metadataClients">;

/** The seed's clients first, then the others, newest first. */
export function knownClients({ applications, store, metadataClients }: ClientParts): KnownClient[] {
  const preRegistered = applications.map(({ clientId, name, redirectUris }) => ({
    id: clientId,
    name,
    known: "pre-registered",
    redirectUris,
  }));
  const withDocument = metadataClients.list().map(({ clientId, status }) => {
    const document = publishedDocument(clientId);
    return {
      id: clientId,
      ...(document && { name: document.client_name }),
      known: `metadata document, ${status}`,
      redirectUris: document?.redirect_uris ?? [],
    };
  });
  const registered = store.all("Client").map((client) => ({
    id: String(client.client_id),
    name: String(client.client_name ?? client.client_id),
    known: "registered itself",
    redirectUris: [client.redirect_uris ?? []].flat().map(String),
  }));
  return [...preRegistered, ...withDocument.reverse(), ...registered.reverse()];
}

/** Finds the name of a client by its id. */
export function clientNames(clients: readonly KnownClient[]): (id: string) => string {
  const names = new Map(clients.map(({ id, name }) => [id, name ?? id]));
  return (id) => names.get(id) ?? id;
}
