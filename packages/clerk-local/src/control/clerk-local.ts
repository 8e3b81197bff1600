/** The interface of a running local Clerk. */
import type { AutoApproval } from "../options.js";
import type { MintedTokens, MintOptions } from "../tokens/mint.js";
import type { ConnectedAccountsControl } from "./connected-accounts-control.js";
import type { OrganizationsControl, UsersControl } from "./directory-control.js";
import type { FaultRule } from "./faults.js";
import type { ApiKeysControl, MachinesControl } from "./machine-control.js";
import type { MetadataClientsControl } from "./metadata-client-control.js";
import type { LoggedRequest } from "./request-log.js";

/** Environment variables for a server that uses the local Clerk. */
export interface ClerkEnvironment {
  CLERK_SECRET_KEY: string;
  /** The issuer, with its scheme: `http://127.0.0.1:4400`. */
  CLERK_DOMAIN: string;
  CLERK_PUBLISHABLE_KEY: string;
  CLERK_API_URL: string;
}

/** A running local Clerk. */
export interface ClerkLocal {
  /** The issuer of its tokens, and the base of its OAuth endpoints: `http://127.0.0.1:<port>`. */
  readonly issuer: string;
  /** Base of its Backend API, Clerk's `CLERK_API_URL`. */
  readonly apiUrl: string;
  /** Backend API key, `sk_test_…`. */
  readonly secretKey: string;
  /** `pk_test_…` */
  readonly publishableKey: string;
  /** The current public key as PEM (SPKI), Clerk's `CLERK_JWT_KEY`. Changes with a rotation. */
  readonly jwtKey: string;
  readonly env: ClerkEnvironment;
  readonly users: UsersControl;
  readonly organizations: OrganizationsControl;
  readonly apiKeys: ApiKeysControl;
  readonly machines: MachinesControl;
  readonly metadataClients: MetadataClientsControl;
  readonly connectedAccounts: ConnectedAccountsControl;

  /**
   * Makes access tokens, valid or wrong on purpose, one or many.
   *
   * @throws TypeError for a wrong option; Error for an unknown user or organization
   */
  mint(options?: MintOptions): Promise<MintedTokens>;

  /**
   * Signs with a new key from now on. Sessions, grants and refresh tokens stay valid.
   *
   * @param options.keepOld whether the old keys stay published, so that their tokens stay valid. Default: `true`.
   */
  rotateKeys(options?: { keepOld?: boolean | undefined }): Promise<{ kid: string }>;

  /** Replaces all faults. Without rules, it removes them. */
  faults(rules?: FaultRule | readonly FaultRule[]): void;

  /**
   * Sets the local Clerk's clock ahead of the machine's (negative: behind). It applies to everything that the local Clerk
   * issues, stores or checks, except the lifetime of browser cookies.
   *
   * @param options.offsetSeconds default: `0`, the machine's time.
   */
  clock(options?: { offsetSeconds?: number | undefined }): void;

  /**
   * Revokes an access or refresh token, an API key, or an opaque machine-to-machine token. A JWT access token is taken
   * back too, though Clerk cannot do that: its Backend API and userinfo refuse it from then on, a check of its signature
   * does not.
   *
   * @param token the credential or, except for a refresh token, its id (`oat_…`, `ak_…`, `mt_…`)
   * @returns whether the credential existed. `false` for a machine's JWT, which cannot be revoked.
   */
  revoke(token: string): Promise<boolean>;

  /**
   * The newest 5,000 requests to the local Clerk, oldest first, without control calls.
   *
   * @param options.reset whether to clear the log afterwards. Default: `false`.
   */
  requests(options?: { reset?: boolean | undefined }): LoggedRequest[];

  /** Signs in and consents without a browser from now on; `true` means the default user, `false` switches it off. */
  autoApprove(approval: AutoApproval | boolean): void;

  /** Lets the process end while the local Clerk runs. For tests that do not close it. */
  unref(): void;

  /** Stops the local Clerk. Writes its state, if it has a state directory. */
  close(): Promise<void>;
}
