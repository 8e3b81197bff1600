/** Accounts of users at other providers, with the access tokens that Clerk holds for them. */
import type { Clock } from "../clock.js";
import { derivedText, newId, randomText } from "../ids.js";
import type { RecordStore } from "../state/records.js";

/** A connected account. Times are in milliseconds of the local Clerk's clock. */
export type AccountRecord = {
  /** `eac_…` */
  readonly id: string;
  readonly userId: string;
  /** `github`, `custom_acme`, … */
  readonly provider: string;
  /** The provider's id of the account. */
  readonly providerUserId: string;
  /** The name of the account at the provider. */
  readonly username: string;
  /** The name that the user gave the account at Clerk. */
  label: string | null;
  /** Those that the user allowed. */
  scopes: string[];
  /** `pvt_…`, the provider's access token. */
  token: string;
  /** `null`: the token does not expire. */
  expiresAt: number | null;
  /** Lifetime of the next token in seconds. */
  expiresIn: number | null;
  /** Whether an expired token is replaced when Clerk is asked for it. */
  refreshable: boolean;
  /** What the provider's API returns. */
  repositories: string[];
  readonly createdAt: number;
  updatedAt: number;
};

export interface AccountDetails {
  /** Default: a random one. */
  id?: string | undefined;
  userId: string;
  provider: string;
  username: string;
  scopes: readonly string[];
  label?: string | null | undefined;
  expiresIn?: number | null | undefined;
  refreshable?: boolean | undefined;
  repositories?: readonly string[] | undefined;
}

const STORED = "ExternalAccount";
const DEFAULT_LIFETIME_SECONDS = 3600;
const INVENTED = ["analytical-engine", "notes", "website"];

export class ExternalAccounts {
  readonly #store: RecordStore;
  readonly #clock: Clock;

  constructor(store: RecordStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Oldest first. */
  list(userId?: string, provider?: string): AccountRecord[] {
    return this.#store.all(
      STORED,
      (account) =>
        (userId === undefined || account.userId === userId) &&
        (provider === undefined || account.provider === provider),
    ) as AccountRecord[];
  }

  byId(id: string): AccountRecord | undefined {
    return this.#store.get(STORED, id) as AccountRecord | undefined;
  }

  /** The account of a token that works at the provider now. */
  byLiveToken(provider: string, token: string): AccountRecord | undefined {
    const account = this.#store.find(
      STORED,
      (payload) => payload.provider === provider && payload.token === token,
    ) as AccountRecord | undefined;
    return account && !this.isExpired(account) ? account : undefined;
  }

  /** Connects an account. The same account of the provider again gets a new token and the new scopes. */
  connect({ id, userId, provider, username, scopes, ...given }: AccountDetails): AccountRecord {
    const earlier = this.list(userId, provider).find((account) => account.username === username);
    const { expiresIn = DEFAULT_LIFETIME_SECONDS, refreshable = true, label = null } = given;
    const now = this.#clock.now();
    const account: AccountRecord = {
      id: earlier?.id ?? id ?? newId("eac"),
      userId,
      provider,
      providerUserId: String(Number.parseInt(derivedText(`${provider} ${username}`).slice(0, 8), 16)),
      username,
      label: label ?? earlier?.label ?? null,
      scopes: [...new Set(scopes)],
      ...this.#newToken(expiresIn),
      expiresIn,
      refreshable,
      repositories: [...(given.repositories ?? earlier?.repositories ?? INVENTED)],
      createdAt: earlier?.createdAt ?? now,
      updatedAt: now,
    };
    this.#store.put(STORED, account.id, { payload: account });
    return account;
  }

  disconnect({ id }: AccountRecord): void {
    this.#store.delete(STORED, id);
  }

  /** Lets the token expire now. */
  expire({ id }: AccountRecord, refreshable: boolean): void {
    this.#store.update(STORED, id, { expiresAt: this.#clock.now(), refreshable });
  }

  isExpired({ expiresAt }: AccountRecord): boolean {
    return expiresAt !== null && expiresAt <= this.#clock.now();
  }

  /** Replaces an expired token, if the provider does that. @returns whether the account has a token that works */
  refresh(account: AccountRecord): boolean {
    if (!this.isExpired(account)) return true;
    if (!account.refreshable) return false;
    const { expiresIn } = account;
    const lifetime = expiresIn !== null && expiresIn <= 0 ? DEFAULT_LIFETIME_SECONDS : expiresIn;
    const updatedAt = this.#clock.now();
    this.#store.update(STORED, account.id, { ...this.#newToken(lifetime), updatedAt });
    return true;
  }

  #newToken(lifetimeSeconds: number | null): Pick<AccountRecord, "token" | "expiresAt"> {
    const expiresAt = lifetimeSeconds === null ? null : this.#clock.now() + lifetimeSeconds * 1000;
    return { token: `pvt_${randomText(36)}`, expiresAt };
  }
}
