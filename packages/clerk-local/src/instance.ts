/** One Clerk instance: its users, keys, records, OAuth server and saved state. */

import { z } from "zod";
import { ExternalAccounts } from "./accounts/external-accounts.js";
import { Providers } from "./accounts/providers.js";
import { seedAccounts } from "./accounts/seed-accounts.js";
import { MetadataClients } from "./client-metadata/metadata-clients.js";
import { Clock } from "./clock.js";
import { Directory } from "./directory/directory.js";
import { randomText } from "./ids.js";
import { ApiKeys } from "./machines/api-keys.js";
import { M2MTokens } from "./machines/m2m-tokens.js";
import { Machines } from "./machines/machines.js";
import { seedMachines } from "./machines/seed-machines.js";
import { OAuthServer } from "./oauth/oauth-server.js";
import type { Profile } from "./options.js";
import { ScopeCatalogue } from "./scopes.js";
import type { Seed } from "./seed/seed.js";
import { RecordStore, snapshot } from "./state/records.js";
import { AccessTokens } from "./tokens/access-tokens.js";
import { KeyRing, privateJwk } from "./tokens/keys.js";

export interface Instance {
  issuer: string;
  profile: Profile;
  secretKey: string;
  cookieKeys: string[];
  clock: Clock;
  directory: Directory;
  scopes: ScopeCatalogue;
  applications: Seed["oauthApplications"];
  keys: KeyRing;
  store: RecordStore;
  tokens: AccessTokens;
  apiKeys: ApiKeys;
  machines: Machines;
  m2mTokens: M2MTokens;
  providers: Providers;
  externalAccounts: ExternalAccounts;
  metadataClients: MetadataClients;
  oauth: OAuthServer;
}

/** The state that survives a restart. The current signing key comes first. */
export const savedState = z.object({
  version: z.literal(1),
  /** Where the local Clerk was. */
  issuer: z.string().optional(),
  secretKey: z.string().min(1),
  cookieKeys: z.array(z.string().min(1)).min(1),
  keys: z.tuple([privateJwk], privateJwk),
  records: snapshot,
});

export type SavedState = z.output<typeof savedState>;

export interface InstanceOrigin {
  issuer: string;
  profile: Profile;
  seed: Seed;
  /** The state of an earlier run, if there is one. */
  saved: SavedState | undefined;
  /** Default: the saved key, else a random one. */
  secretKey: string | undefined;
}

export async function createInstance({
  issuer,
  profile,
  seed,
  saved,
  secretKey,
}: InstanceOrigin): Promise<Instance> {
  const clock = new Clock();
  const store = new RecordStore(() => clock.seconds());
  if (saved) store.restore(saved.records);
  const scopes = new ScopeCatalogue(seed.scopes);
  const unknown = profile.defaultScopes.find((scope) => !scopes.has(scope));
  if (unknown !== undefined) throw new TypeError(`defaultScopes: there is no scope "${unknown}"`);
  const keys = saved ? KeyRing.restore(saved.keys) : await KeyRing.create();
  const parts = {
    issuer,
    profile,
    secretKey: secretKey ?? saved?.secretKey ?? `sk_test_${randomText(42)}`,
    cookieKeys: saved?.cookieKeys ?? [randomText(32)],
    clock,
    directory: new Directory(seed, clock),
    scopes,
    applications: seed.oauthApplications,
    keys,
    store,
    tokens: new AccessTokens(issuer, profile, { keys, store, clock }),
    apiKeys: new ApiKeys(store, clock),
    machines: new Machines(store, clock),
    m2mTokens: new M2MTokens(issuer, { keys, store, clock }),
    metadataClients: new MetadataClients({ profile, store, clock }),
    providers: new Providers(seed.providers),
    externalAccounts: new ExternalAccounts(store, clock),
  };
  seedMachines(parts, seed);
  seedAccounts(parts, seed);
  for (const document of seed.clientDocuments) parts.metadataClients.publish(document.client_id, document);
  return { ...parts, oauth: new OAuthServer(parts) };
}

/** The state from which the next run can continue. */
export function stateOf({ issuer, secretKey, cookieKeys, keys, store }: Instance): SavedState {
  return { version: 1, issuer, secretKey, cookieKeys, keys: keys.privateJwks(), records: store.snapshot() };
}
