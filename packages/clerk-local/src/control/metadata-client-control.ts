/** Control of the clients whose id is the URL of their metadata document. */
import { documentUrl } from "../client-metadata/client-id.js";
import type { ClientStatus, MetadataClients } from "../client-metadata/metadata-clients.js";

export interface LocalMetadataClient {
  /** The URL of its document. */
  clientId: string;
  /** `"implicitly allowed"`: a user has allowed it. The other two are an administrator's. */
  status: ClientStatus;
}

export interface MetadataClientsControl {
  /**
   * Answers a client's document, which then is not fetched: for a test's own client, under an unused host name. As
   * with Clerk, what is wrong with it shows when the client signs a user in.
   *
   * @param document see draft-ietf-oauth-client-id-metadata-document-00; its `client_id` is its URL
   * @throws {Error} if `client_id` cannot be one
   */
  publish(document: Readonly<Record<string, unknown>>): void;
  /** Allows a client explicitly, as an administrator does who registers it. */
  allow(clientId: string): void;
  /** Blocks a client. Its tokens stay valid. */
  block(clientId: string): void;
  /** Forgets a client, so that its document is fetched again. Returns whether it was known. */
  forget(clientId: string): boolean;
  /** The clients that are not unknown. */
  list(): LocalMetadataClient[];
}

/** @param allowsLoopback whether the id may be an http URL on loopback */
export function metadataClientsControl(
  clients: MetadataClients,
  allowsLoopback: boolean,
): MetadataClientsControl {
  const checked = (clientId: string) => documentUrl(clientId, allowsLoopback).href;
  return {
    publish: (document) => clients.publish(checked(String(document.client_id)), document),
    allow: (clientId) => clients.setStatus(checked(clientId), "explicitly allowed"),
    block: (clientId) => clients.setStatus(checked(clientId), "blocked"),
    forget: (clientId) => clients.forget(clientId),
    list: () => clients.list(),
  };
}
