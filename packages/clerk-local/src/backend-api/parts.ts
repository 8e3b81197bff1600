/** The parts of an instance that the Backend API reads and changes. */
import type { ExternalAccounts } from "../accounts/external-accounts.js";
import type { Providers } from "../accounts/providers.js";
import type { Clock } from "../clock.js";
import type { Directory } from "../directory/directory.js";
import type { ApiKeys } from "../machines/api-keys.js";
import type { M2MTokens } from "../machines/m2m-tokens.js";
import type { Machines } from "../machines/machines.js";
import type { Profile } from "../options.js";
import type { ScopeCatalogue } from "../scopes.js";
import type { Seed } from "../seed/seed.js";
import type { RecordStore } from "../state/records.js";
import type { AccessTokens } from "../tokens/access-tokens.js";
import type { KeyRing } from "../tokens/keys.js";

export interface BackendApiParts {
  issuer: string;
  secretKey: string;
  clock: Clock;
  directory: Directory;
  /** The applications of the seed. */
  applications: Seed["oauthApplications"];
  tokens: AccessTokens;
  keys: KeyRing;
  store: RecordStore;
  apiKeys: ApiKeys;
  machines: Machines;
  m2mTokens: M2MTokens;
  providers: Providers;
  externalAccounts: ExternalAccounts;
  scopes: ScopeCatalogue;
  profile: Profile;
  /** Applies changed settings to what the OAuth server has read already. */
  oauth: { rebuild(): void };
}
