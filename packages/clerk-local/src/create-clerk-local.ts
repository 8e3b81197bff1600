/** A running stand-in, and how to start one. */
import { type AutoApproval, AutoApprove } from "./control/auto-approve.js";
import {
  type OrganizationsControl,
  organizationsControl,
  type UsersControl,
  usersControl,
} from "./control/directory-control.js";
import { type FaultRule, Faults } from "./control/faults.js";
import {
  type ApiKeysControl,
  apiKeysControl,
  type MachinesControl,
  machinesControl,
} from "./control/machine-control.js";
import { type LoggedRequest, RequestLog } from "./control/request-log.js";
import { type LocalServer, listen } from "./http/server.js";
import { createInstance, type Instance, stateOf } from "./instance.js";
import { type ClerkLocalOptions, profileOf } from "./options.js";
import { handlersOf, type TestControls } from "./routes.js";
import { defaultSeed } from "./seed/default-seed.js";
import { parseSeed } from "./seed/seed.js";
import { StateFile } from "./state/state-file.js";
import { type MintedTokens, type MintOptions, mint } from "./tokens/mint.js";

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

/**
 * Starts a local stand-in for Clerk. For development and tests only.
 *
 * @throws TypeError when an option or the seed is wrong, with every problem in the message; Error when the port is taken.
 */
export async function createClerkLocal(options: ClerkLocalOptions = {}): Promise<ClerkLocal> {
  const profile = profileOf(options);
  const seed = parseSeed(options.seed ?? defaultSeed);
  const stateFile = options.state === undefined ? undefined : new StateFile(options.state);
  const saved = stateFile?.read();
  const server = await listen(profile.port);
  try {
    const issuer = server.origin;
    const instance = await createInstance({ issuer, profile, seed, saved, secretKey: options.secretKey });
    const controls: TestControls = {
      faults: new Faults(),
      log: new RequestLog(),
      autoApprove: new AutoApprove(issuer, instance.directory, profile.autoApprove),
    };
    const save = () => stateFile?.write(stateOf(instance));
    instance.store.onChange(() => stateFile?.schedule(() => stateOf(instance)));
    save();
    const local = controlled(instance, controls, server, save);
    server.handle(handlersOf(instance, local, controls));
    return local;
  } catch (error) {
    await server.close();
    throw error;
  }
}

function controlled(
  instance: Instance,
  controls: TestControls,
  server: LocalServer,
  save: () => void,
): ClerkLocal {
  const { issuer, secretKey, directory, keys, tokens, clock, oauth } = instance;
  const { apiKeys, machines, m2mTokens } = instance;
  const { faults, log, autoApprove } = controls;
  const publishableKey = `pk_test_${Buffer.from(`${new URL(issuer).host}$`).toString("base64")}`;
  return {
    issuer,
    apiUrl: issuer,
    secretKey,
    publishableKey,
    get jwtKey() {
      return keys.pem;
    },
    env: {
      CLERK_SECRET_KEY: secretKey,
      CLERK_DOMAIN: issuer,
      CLERK_PUBLISHABLE_KEY: publishableKey,
      CLERK_API_URL: issuer,
    },
    users: usersControl(directory),
    organizations: organizationsControl(directory),
    apiKeys: apiKeysControl(apiKeys, directory),
    machines: machinesControl(machines, m2mTokens),
    mint: (request) => mint(instance, request),
    async rotateKeys({ keepOld = true } = {}) {
      await keys.rotate(keepOld);
      oauth.rebuild();
      save();
      return { kid: keys.current.kid };
    },
    faults: (rules = []) => faults.set([rules].flat()),
    clock: ({ offsetSeconds = 0 } = {}) => clock.set(offsetSeconds),
    async revoke(token) {
      const key = apiKeys.find(token);
      if (key) apiKeys.revoke(key, null);
      const machineToken = m2mTokens.find(token);
      if (machineToken) m2mTokens.revoke(machineToken, null);
      if (key || machineToken) return true;
      const found = await tokens.find(token);
      if (found.state !== "unknown") {
        tokens.revokeById(found.record.id);
        return true;
      }
      const refreshToken = await oauth.provider.RefreshToken.find(token);
      await refreshToken?.destroy();
      return refreshToken !== undefined;
    },
    requests({ reset = false } = {}) {
      const entries = log.entries();
      if (reset) log.reset();
      return entries;
    },
    autoApprove: (approval) => autoApprove.set(approval),
    async close() {
      await server.close();
      save();
    },
  };
}
