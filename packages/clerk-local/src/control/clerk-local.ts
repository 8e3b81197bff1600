/** What a test or a script can do with a running stand-in. */
import type { AutoApproval } from "../options.js";
import type { MintedTokens, MintOptions } from "../tokens/mint.js";
import type { OrganizationsControl, UsersControl } from "./directory-control.js";
import type { FaultRule } from "./faults.js";
import type { ApiKeysControl, MachinesControl } from "./machine-control.js";
import type { LoggedRequest } from "./request-log.js";

/** The variables that point a server at the stand-in. */
export interface ClerkEnvironment {
  CLERK_SECRET_KEY: string;
  /** The issuer, with its scheme: `http://127.0.0.1:4400`. */
  CLERK_DOMAIN: string;
  CLERK_PUBLISHABLE_KEY: string;
  CLERK_API_URL: string;
}

/** A running stand-in. */
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

  /** Makes access tokens, right or deliberately wrong, one or many. */
  mint(options?: MintOptions): Promise<MintedTokens>;

  /**
   * Signs with a new key from now on. Sessions, grants and refresh tokens go on.
   * @param options.keepOld whether the old keys stay published, so that their tokens stay valid. Default: `true`.
   */
  rotateKeys(options?: { keepOld?: boolean }): Promise<{ kid: string }>;

  /** Replaces the faults; without rules there are none. */
  faults(rules?: FaultRule | readonly FaultRule[]): void;

  /**
   * Sets the stand-in's clock ahead of the machine's (negative: behind). It counts for everything that the stand-in
   * issues, stores or judges, not for the lifetime of browser cookies.
   * @param options.offsetSeconds default: `0`, back to the machine's.
   */
  clock(options?: { offsetSeconds?: number }): void;

  /**
   * Revokes an access or refresh token, an API key, or an opaque machine-to-machine token.
   * @returns whether there was one. A machine's JWT cannot be revoked: `false`.
   */
  revoke(token: string): Promise<boolean>;

  /**
   * What has been asked of the stand-in, without control calls: the newest 5,000, oldest first.
   * @param options.reset forget them after this answer. Default: `false`.
   */
  requests(options?: { reset?: boolean }): LoggedRequest[];

  /** Signs in and consents without a browser from now on (`true`: as the default user); `false` ends that. */
  autoApprove(approval: AutoApproval | boolean): void;

  /** Stops it, and writes its state if it keeps one. */
  close(): Promise<void>;
}
