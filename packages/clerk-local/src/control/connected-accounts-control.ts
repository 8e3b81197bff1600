/** Lets a test connect, disconnect and expire the accounts that users have at other providers. */
import type { AccountRecord, ExternalAccounts } from "../accounts/external-accounts.js";
import type { Providers } from "../accounts/providers.js";
import type { Directory } from "../directory/directory.js";

/** An account at another provider. Times are in milliseconds since the epoch, like Clerk's. */
export interface LocalConnectedAccount extends Readonly<AccountRecord> {
  readonly expired: boolean;
}

/** An account to connect. */
export interface NewConnectedAccount {
  /** Id, username or email. */
  user: string;
  /** `github`, `custom_acme`, … It must be enabled in the seed's `providers`. */
  provider: string;
  /** The name of the account at the provider. Default: the user's username. */
  username?: string | undefined;
  /** Those that the user allowed. Default: all that the provider is asked for. */
  scopes?: readonly string[] | undefined;
  /** The name that the user gave the account at Clerk. Default: none. */
  label?: string | undefined;
  /** Lifetime of an access token in seconds; negative: expired; `null`: it does not expire. Default: 3600. */
  expiresIn?: number | null | undefined;
  /** Whether an expired token is replaced when Clerk is asked for it. Default: `true`. */
  refreshable?: boolean | undefined;
  /** Names of the account's repositories, for the provider's API. Default: three invented ones. */
  repositories?: readonly string[] | undefined;
}

/** Accounts are named by id (`eac_…`). Returned objects are copies. */
export interface ConnectedAccountsControl {
  /**
   * Connects an account. The same account of the same provider again gets a new token and the new scopes.
   *
   * @throws if the user does not exist or the provider is not enabled
   */
  connect(input: NewConnectedAccount): LocalConnectedAccount;
  /** Oldest first. @param user only those of this user. Default: all. */
  list(user?: string): LocalConnectedAccount[];
  /** Throws if the account does not exist, as the following. */
  disconnect(account: string): LocalConnectedAccount;
  /**
   * Lets the access token expire now.
   *
   * @param options.refreshable whether the token is replaced when Clerk is asked for it. Default: as before.
   */
  expire(account: string, options?: { refreshable?: boolean | undefined }): LocalConnectedAccount;
}

export interface ConnectedAccountsParts {
  directory: Directory;
  providers: Providers;
  externalAccounts: ExternalAccounts;
}

export function connectedAccountsControl(parts: ConnectedAccountsParts): ConnectedAccountsControl {
  const { directory, providers, externalAccounts } = parts;
  const described = (account: AccountRecord): LocalConnectedAccount => ({
    ...structuredClone(account),
    expired: externalAccounts.isExpired(account),
  });
  const accountOf = (id: string): AccountRecord => {
    const account = externalAccounts.byId(id);
    if (account) return account;
    throw new Error(`There is no connected account "${id}".`);
  };
  return {
    connect({ user: reference, provider, username, scopes, ...details }) {
      const user = directory.user(reference);
      const asked = providers.scopes(provider);
      if (details.expiresIn !== undefined && details.expiresIn !== null)
        wholeSeconds("connectedAccounts.connect: expiresIn", details.expiresIn);
      const account = { userId: user.id, provider, username: username ?? user.username };
      return described(externalAccounts.connect({ ...details, ...account, scopes: scopes ?? asked }));
    },
    list: (user) =>
      externalAccounts.list(user === undefined ? undefined : directory.user(user).id).map(described),
    disconnect(id) {
      const account = accountOf(id);
      externalAccounts.disconnect(account);
      return described(account);
    },
    expire(id, { refreshable } = {}) {
      const account = accountOf(id);
      externalAccounts.expire(account, refreshable ?? account.refreshable);
      return described(account);
    },
  };
}

function wholeSeconds(name: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${name} must be a whole number of seconds`);
}
