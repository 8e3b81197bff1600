/** Connects the accounts of the seed. */
import type { Directory } from "../directory/directory.js";
import { derivedText } from "../ids.js";
import type { AccountsSeed } from "../seed/account-seeds.js";
import type { ExternalAccounts } from "./external-accounts.js";
import type { Providers } from "./providers.js";

export interface SeededAccountParts {
  directory: Directory;
  providers: Providers;
  externalAccounts: ExternalAccounts;
}

/** Keeps an account that the saved state has. A disconnected one returns, like users. */
export function seedAccounts(parts: SeededAccountParts, { externalAccounts: seeds }: AccountsSeed): void {
  const { directory, providers, externalAccounts } = parts;
  for (const { user: reference, ...seed } of seeds) {
    const user = directory.user(reference);
    const { provider, username = user.username, scopes = providers.scopes(provider) } = seed;
    const id = `eac_${derivedText(`external account ${provider} ${username} ${user.username}`).slice(0, 27)}`;
    if (externalAccounts.byId(id)) continue;
    externalAccounts.connect({ ...seed, id, userId: user.id, username, scopes });
  }
}
