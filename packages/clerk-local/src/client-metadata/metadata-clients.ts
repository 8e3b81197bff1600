/**
 * The clients whose id is the URL of their metadata document, and which of them Clerk lets in.
 *
 * A client is unknown, implicitly allowed (a user allowed it at consent), explicitly allowed or blocked (by an
 * administrator).
 */
import { z } from "zod";
import type { Clock } from "../clock.js";
import type { Profile } from "../options.js";
import type { RecordStore } from "../state/records.js";
import { documentUrl, isLoopbackUrl } from "./client-id.js";
import { ClientRefused } from "./client-refused.js";
import { type ClientDocument, clientDocument } from "./document.js";
import { DocumentCache, type Loaded } from "./document-cache.js";
import { type FetchedDocument, fetchDocument, Unfetched } from "./fetch-document.js";
import { lifetimeSeconds } from "./lifetime.js";
import { isLoopbackAddress, isPublicAddress } from "./public-address.js";
import { publishedDocument } from "./published-documents.js";

const KIND = "MetadataClient";

export type ClientStatus = "implicitly allowed" | "explicitly allowed" | "blocked";

const record = z.object({
  client_id: z.string(),
  status: z.enum(["implicitly allowed", "explicitly allowed", "blocked"]),
});

/** The settings that decide, read at each request. */
type Settings = Pick<
  Profile,
  "clientIdMetadata" | "onlyPreRegisteredClients" | "blockImplicitlyAllowedClients" | "loopbackClientIds"
>;

export interface MetadataClientsParts {
  profile: Settings;
  store: RecordStore;
  clock: Clock;
}

export class MetadataClients {
  readonly #settings: Settings;
  readonly #store: RecordStore;
  readonly #cache: DocumentCache;
  /** Documents that the local Clerk answers itself, by their URL. */
  readonly #published = new Map<string, unknown>();

  constructor({ profile, store, clock }: MetadataClientsParts) {
    this.#settings = profile;
    this.#store = store;
    this.#cache = new DocumentCache(clock);
  }

  /**
   * The document of a client that may sign users in.
   *
   * @throws {ClientRefused}
   */
  async find(clientId: string): Promise<ClientDocument> {
    const url = documentUrl(clientId, this.#settings.loopbackClientIds);
    this.#check(clientId);
    // Before the cache: documents that hang keep others from being fetched.
    const known = this.#published.get(clientId) ?? publishedDocument(clientId);
    if (known !== undefined) return clientDocument(clientId, known);
    return this.#cache.get(
      clientId,
      () => load(clientId, url),
      () => new ClientRefused("invalid_client", "too many metadata documents are being fetched; try again"),
    );
  }

  /** Answers this document from now on, without fetching it. It is checked when a client uses it. */
  publish(clientId: string, document: unknown): void {
    this.#published.set(clientId, structuredClone(document));
    this.#cache.delete(clientId);
  }

  /** A user has allowed the client. */
  connected(clientId: string): void {
    if (this.#status(clientId) === undefined) this.setStatus(clientId, "implicitly allowed");
  }

  setStatus(clientId: string, status: ClientStatus): void {
    this.#store.put(KIND, clientId, { payload: { client_id: clientId, status } });
  }

  /** Forgets the client, so that its document is fetched again. @returns whether it was known */
  forget(clientId: string): boolean {
    const isKnown = this.#status(clientId) !== undefined;
    this.#store.delete(KIND, clientId);
    this.#cache.delete(clientId);
    return isKnown;
  }

  list(): { clientId: string; status: ClientStatus }[] {
    return this.#store.all(KIND).map((payload) => {
      const { client_id: clientId, status } = record.parse(payload);
      return { clientId, status };
    });
  }

  #status(clientId: string): ClientStatus | undefined {
    const payload = this.#store.get(KIND, clientId);
    return payload && record.parse(payload).status;
  }

  #check(clientId: string): void {
    const { clientIdMetadata, onlyPreRegisteredClients, blockImplicitlyAllowedClients } = this.#settings;
    const status = this.#status(clientId);
    const refuse = (problem: string) => new ClientRefused("invalid_client", problem);
    if (!clientIdMetadata) throw refuse("this instance takes no client ID metadata documents");
    if (status === "blocked") throw refuse("the client is blocked");
    if (status === "explicitly allowed") return;
    if (blockImplicitlyAllowedClients) throw refuse("the client was not allowed by an administrator");
    if (onlyPreRegisteredClients && status === undefined) throw refuse("the client is not pre-registered");
  }
}

/** @throws {ClientRefused} */
async function load(clientId: string, url: URL): Promise<Loaded> {
  const { text, headers } = await fetched(url);
  return {
    document: clientDocument(clientId, parsed(text)),
    lifetimeSeconds: lifetimeSeconds(headers, Date.now()),
  };
}

async function fetched(url: URL): Promise<FetchedDocument> {
  try {
    return await fetchDocument(url, isLoopbackUrl(url) ? isLoopbackAddress : isPublicAddress);
  } catch (error) {
    const reason = error instanceof Unfetched ? error.message : "its host does not answer";
    throw new ClientRefused("invalid_client", `the client's metadata document cannot be fetched: ${reason}`, {
      cause: error,
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
