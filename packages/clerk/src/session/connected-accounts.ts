import type { ClerkClient } from "@clerk/backend";
import type { ClerkBackend } from "../clerk/backend.js";
import { ClerkFailure } from "../errors/clerk-failure.js";
import { CALLERS } from "../identity.js";
import { AccessDenied } from "./access-denied.js";
import { ConnectionRequired, type MissingConnection, providerName } from "./connection-required.js";
import type { Session } from "./session.js";

/** The parts of Clerk's answer about an account that this module reads. */
export interface AccountDetails {
  readonly externalAccountId: string;
  readonly token: string;
  /** `undefined`: Clerk does not say. */
  readonly scopes?: readonly string[] | undefined;
  readonly label?: string | undefined;
  /** Milliseconds or seconds since the epoch. Clerk says `null` of a token that does not expire. */
  readonly expiresAt?: number | null | undefined;
}

/**
 * An account of the user at another provider, such as Google, with the access token that Clerk holds for it. The token is
 * read with `account.token`; logs and JSON of the account do not contain it.
 */
export class ConnectedAccount {
  /** e.g. `google` */
  readonly provider: string;
  /** `eac_…`: identifies the account at Clerk. */
  readonly id: string;
  /** The scopes that the user allowed. Empty if Clerk does not say. */
  readonly scopes: readonly string[];
  /** Undefined if the token does not expire. */
  readonly expiresAt: Date | undefined;
  /** The name that the user gave the account. */
  readonly label: string | undefined;
  readonly #token: string;

  constructor(provider: string, { externalAccountId, token, scopes, label, expiresAt }: AccountDetails) {
    this.provider = provider;
    this.id = externalAccountId;
    this.scopes = Object.freeze([...(scopes ?? [])]);
    this.label = label === "" ? undefined : label;
    this.expiresAt = typeof expiresAt === "number" ? new Date(milliseconds(expiresAt)) : undefined;
    this.#token = token;
  }

  /** Node's `inspect` and `console.log`: getters are not read, whatever the options. */
  [Symbol.for("nodejs.util.inspect.custom")](): object {
    return { ...this };
  }

  /** The provider's access token. Send it to the provider only. */
  get token(): string {
    return this.#token;
  }
}

/** Clerk documents no unit. Seconds would be a time in 1970. */
function milliseconds(time: number): number {
  return time < 100_000_000_000 ? time * 1000 : time;
}

/** What Clerk says of a provider: the accounts, or that a token cannot be refreshed. */
export type ProviderAccounts = readonly ConnectedAccount[] | "expired";

/** The accounts that the user of a request has connected. Clerk is asked once per provider and request. */
export interface Connections {
  /** The page where the user connects accounts. */
  readonly page: string;
  /**
   * @param provider without `oauth_`
   * @throws {ClerkFailure} if Clerk does not answer, or the provider is not enabled
   */
  accounts(provider: string): Promise<ProviderAccounts>;
}

/** Whether a token has expired since Clerk gave it, so that Clerk would give another. */
function hasExpired(accounts: ProviderAccounts): boolean {
  return accounts !== "expired" && accounts.length > 0 && accounts.some((account) => isOver(account));
}

function isOver({ expiresAt }: ConnectedAccount): boolean {
  return expiresAt !== undefined && expiresAt.getTime() <= Date.now();
}

/** Asks for several providers at once. A failure of Clerk's is the value. */
export async function answersFor(
  { accounts }: Connections,
  providers: readonly string[],
): Promise<ReadonlyMap<string, ProviderAccounts | ClerkFailure>> {
  const answers = providers.map(
    async (provider) => [provider, await accounts(provider).catch(failureAsValue)] as const,
  );
  return new Map(await Promise.all(answers));
}

function failureAsValue(error: unknown): ClerkFailure {
  if (error instanceof ClerkFailure) return error;
  throw error;
}

export function connectionsOnce(backend: ClerkBackend, session: Session, page: string): Connections {
  const asked = new Map<string, Promise<ProviderAccounts>>();
  const ask = (provider: string): Promise<ProviderAccounts> => {
    const answer = accountsOf(backend, session, provider);
    asked.set(provider, answer);
    return answer;
  };
  return {
    page,
    accounts(provider) {
      // Not after an `await`: look-ups that start together would each ask.
      const earlier = asked.get(provider);
      if (earlier === undefined) return ask(provider);
      return earlier.then((known) => {
        if (!hasExpired(known)) return known;
        const latest = asked.get(provider);
        return latest === undefined || latest === earlier ? ask(provider) : latest;
      });
    },
  };
}

/** The SDK lists the providers that Clerk has, and leaves out custom ones. */
type ProviderOfClerk = Parameters<ClerkClient["users"]["getUserOauthAccessToken"]>[1];

async function accountsOf(
  backend: ClerkBackend,
  session: Session,
  provider: string,
): Promise<ProviderAccounts> {
  const userId = requireUser(session);
  try {
    const answer: unknown = await backend.call(
      "connected account lookup",
      (client) => client.users.getUserOauthAccessToken(userId, provider as ProviderOfClerk),
      { retry: false },
    );
    return read(provider, answer);
  } catch (error) {
    if (error instanceof ClerkFailure && error.kind === "rejected") return rejected(provider, error);
    throw error;
  }
}

/** @throws {AccessDenied} if the caller is an API key or a machine. */
export function requireUser({ caller, subject }: Session): string {
  if (caller === "user") return subject;
  throw new AccessDenied(
    `Only signed-in users have connected accounts; the caller is ${CALLERS[caller].label}.`,
  );
}

/** Clerk's codes: of an account that cannot be refreshed, and of a provider that the instance does not have. */
const EXPIRED = new Set(["oauth_missing_refresh_token", "oauth_token_retrieval_error"]);
const NOT_ENABLED = "oauth_token_provider_not_enabled";

function rejected(provider: string, failure: ClerkFailure): ProviderAccounts {
  const { errors } = (failure.cause ?? {}) as { errors?: readonly { code?: unknown }[] };
  const codes = Array.isArray(errors) ? errors.map(({ code }) => code) : [];
  if (codes.includes(NOT_ENABLED))
    throw new ClerkFailure("rejected", failure.cause, {
      status: failure.status,
      message: `[Clerk] Accounts of ${providerName(provider)} cannot be connected yet. Ask this server's operator to enable the provider in Clerk.`,
    });
  return codes.some((code) => EXPIRED.has(String(code))) ? "expired" : [];
}

function read(provider: string, answer: unknown): ProviderAccounts {
  const { data = answer } = (answer ?? {}) as { data?: unknown };
  if (!Array.isArray(data) || !data.every(isAccount))
    throw new ClerkFailure("unavailable", new Error("the answer is not a list of accounts"));
  return data.filter(({ token }) => token !== "").map((details) => new ConnectedAccount(provider, details));
}

function isAccount(value: unknown): value is AccountDetails {
  const { token, scopes, expiresAt } = (value ?? {}) as Record<string, unknown>;
  const isNone = (member: unknown) => member === undefined || member === null;
  return (
    typeof token === "string" &&
    (isNone(scopes) || (Array.isArray(scopes) && scopes.every((scope) => typeof scope === "string"))) &&
    (isNone(expiresAt) || typeof expiresAt === "number")
  );
}

/** The first account that has all scopes; otherwise what is missing. Unknown scopes count as missing. */
export function chosenAccount(
  provider: string,
  accounts: ProviderAccounts,
  scopes: readonly string[],
): ConnectedAccount | MissingConnection {
  if (accounts === "expired") return { provider, reason: "expired", scopes: [] };
  if (accounts.length === 0) return { provider, reason: "not_connected", scopes: [] };
  const live = accounts.filter((account) => !isOver(account));
  if (live.length === 0) return { provider, reason: "expired", scopes: [] };
  const found = live.find((account) => scopes.every((scope) => account.scopes.includes(scope)));
  if (found !== undefined) return found;
  const missing = scopes.filter((scope) => !live.some((account) => account.scopes.includes(scope)));
  return { provider, reason: "scope_missing", scopes: missing.length > 0 ? missing : scopes };
}

const PROVIDER = /^(?!oauth_)(?:custom_)?[a-z][a-z0-9_-]{0,63}$/;

/** The id of a provider as Clerk's SDK takes it: `google`, `custom_acme`. @throws {TypeError} for anything else. */
export function providerId(provider: string): string {
  const id = provider.replace(/^oauth_/, "");
  if (PROVIDER.test(id)) return id;
  throw new TypeError(
    `${JSON.stringify(provider)} is not a provider's ID. Use one such as "google" or "custom_acme".`,
  );
}

/** @throws {ConnectionRequired} if the user has to connect an account first. */
export async function requiredAccount(
  connections: Connections,
  provider: string,
  scopes: readonly string[],
): Promise<ConnectedAccount> {
  const id = providerId(provider);
  const chosen = chosenAccount(id, await connections.accounts(id), scopes);
  if (chosen instanceof ConnectedAccount) return chosen;
  throw new ConnectionRequired(chosen, connections.page);
}
