/**
 * OAuth applications: those of the seed, those made with the Backend API, and those that registered themselves. The
 * latter two are records that the OAuth server reads.
 */
import type { Clock } from "../clock.js";
import { newId, randomText } from "../ids.js";
import type { Profile } from "../options.js";
import { clientScope } from "../scopes.js";
import type { Seed } from "../seed/seed.js";
import type { Payload, RecordStore } from "../state/records.js";

/** oidc-provider's name for a client. */
const CLIENT = "Client";
/** What Clerk knows of an application and the OAuth server need not know, by client id. */
const DETAILS = "OAuthApplication";

type SeedApplication = Seed["oauthApplications"][number];

export interface Application {
  clientId: string;
  name: string;
  redirectUris: readonly string[];
  /** Separated by spaces. */
  scopes: string;
  isPublic: boolean;
  isRegistered: boolean;
  clientUri: string | null;
  logoUri: string | null;
  /** Milliseconds since the epoch. */
  createdAt: number;
  updatedAt: number;
}

export interface ApplicationChanges {
  name?: string;
  redirectUris?: readonly string[];
  scopes?: string;
  isPublic?: boolean;
}

export interface ApplicationParts {
  store: RecordStore;
  clock: Clock;
  profile: Pick<Profile, "defaultScopes">;
  applications: Seed["oauthApplications"];
  oauth: { rebuild(): void };
}

export class Applications {
  readonly #parts: ApplicationParts;
  readonly #startedAt: number;
  readonly #updated = new Map<string, number>();

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
    // Whole seconds, like the times of registrations.
    this.#startedAt = parts.clock.seconds() * 1000;
  }

  /** The seed's first, then oldest first. */
  list(): Application[] {
    const { applications, store } = this.#parts;
    return [
      ...applications.map((application) => this.#ofSeed(application)),
      ...store.all(CLIENT).map((client) => this.#ofRecord(client)),
    ];
  }

  get(id: string): Application | undefined {
    for (const clientId of clientIdsOf(id)) {
      const seeded = this.#seeded(clientId);
      if (seeded) return this.#ofSeed(seeded);
      const client = this.#parts.store.get(CLIENT, clientId);
      if (client) return this.#ofRecord(client);
    }
    return undefined;
  }

  /** Returns the application's secret, too; empty for a public one. */
  create(input: Required<ApplicationChanges>): [Application, string] {
    const { store, clock } = this.#parts;
    const clientId = newId("client");
    const now = clock.seconds() * 1000;
    const secret = input.isPublic ? "" : randomText(32);
    const client = {
      client_id: clientId,
      client_name: input.name,
      redirect_uris: [...input.redirectUris],
      scope: input.scopes,
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      ...authenticationWith(secret),
    };
    store.put(CLIENT, clientId, { payload: client });
    store.put(DETAILS, clientId, { payload: { createdAt: now, updatedAt: now } });
    return [this.#ofRecord(client), secret];
  }

  update({ clientId }: Application, changes: ApplicationChanges): void {
    const { store, oauth } = this.#parts;
    const { name, redirectUris, scopes, isPublic } = changes;
    const seeded = this.#seeded(clientId);
    if (seeded) {
      if (name !== undefined) seeded.name = name;
      if (redirectUris !== undefined) seeded.redirectUris = [...redirectUris];
      if (scopes !== undefined) seeded.scopes = scopes.split(" ").filter(Boolean);
      oauth.rebuild();
    } else {
      store.update(CLIENT, clientId, {
        ...(name !== undefined && { client_name: name }),
        ...(redirectUris !== undefined && { redirect_uris: [...redirectUris] }),
        ...(scopes !== undefined && { scope: scopes }),
      });
    }
    if (isPublic !== undefined) this.#setSecret(clientId, isPublic ? "" : randomText(32));
    this.#touch(clientId);
  }

  /** Returns the new secret; empty for a public application, which has none. */
  rotateSecret({ clientId, isPublic }: Application): string {
    if (isPublic) return "";
    const secret = randomText(32);
    this.#setSecret(clientId, secret);
    this.#touch(clientId);
    return secret;
  }

  delete({ clientId }: Application): void {
    const { applications, store, oauth } = this.#parts;
    store.delete(CLIENT, clientId);
    store.delete(DETAILS, clientId);
    const index = applications.findIndex((application) => application.clientId === clientId);
    if (index === -1) return;
    applications.splice(index, 1);
    oauth.rebuild();
  }

  #setSecret(clientId: string, secret: string): void {
    const seeded = this.#seeded(clientId);
    if (!seeded) {
      this.#parts.store.update(CLIENT, clientId, { client_secret: undefined, ...authenticationWith(secret) });
      return;
    }
    if (secret) seeded.clientSecret = secret;
    else delete seeded.clientSecret;
    this.#parts.oauth.rebuild();
  }

  #touch(clientId: string): void {
    const { store, clock } = this.#parts;
    this.#updated.set(clientId, clock.now());
    store.update(DETAILS, clientId, { updatedAt: clock.now() });
  }

  #seeded(clientId: string): SeedApplication | undefined {
    return this.#parts.applications.find((application) => application.clientId === clientId);
  }

  #ofSeed(application: SeedApplication): Application {
    const { clientId, name, redirectUris, scopes, clientSecret } = application;
    return {
      clientId,
      name,
      redirectUris,
      scopes: scopes?.join(" ") ?? clientScope(this.#parts.profile.defaultScopes),
      isPublic: clientSecret === undefined,
      isRegistered: false,
      clientUri: null,
      logoUri: null,
      createdAt: this.#startedAt,
      updatedAt: this.#updated.get(clientId) ?? this.#startedAt,
    };
  }

  #ofRecord(client: Payload): Application {
    const clientId = String(client.client_id);
    const details = this.#parts.store.get(DETAILS, clientId);
    const registeredAt = Number(client.client_id_issued_at ?? 0) * 1000;
    return {
      clientId,
      name: String(client.client_name ?? clientId),
      redirectUris: (client.redirect_uris as string[] | undefined) ?? [],
      scopes: String(client.scope ?? ""),
      isPublic: client.token_endpoint_auth_method === "none",
      isRegistered: details === undefined,
      clientUri: (client.client_uri as string | undefined) ?? null,
      logoUri: (client.logo_uri as string | undefined) ?? null,
      createdAt: Number(details?.createdAt ?? registeredAt),
      updatedAt: Number(details?.updatedAt ?? this.#updated.get(clientId) ?? registeredAt),
    };
  }
}

function authenticationWith(secret: string): Payload {
  return secret
    ? { client_secret: secret, token_endpoint_auth_method: "client_secret_basic" }
    : { token_endpoint_auth_method: "none" };
}

/** The id of an application, which leads back to its client id. */
export function applicationId(clientId: string): string {
  return `oa_${clientId.replace(/^client_/, "")}`;
}

function clientIdsOf(id: string): string[] {
  const rest = id.replace(/^oa_/, "");
  return id === rest ? [] : [`client_${rest}`, rest];
}
