/** Puts the stand-in together and starts it. */
import type { Provider } from "oidc-provider";
import { backendApiHandler } from "./backend-api/backend-api.js";
import { Clock } from "./clock.js";
import { type AutoApproval, AutoApprove } from "./control/auto-approve.js";
import { controlHandler } from "./control/control-api.js";
import { controlsOf } from "./control/controls.js";
import { type FaultRule, Faults } from "./control/faults.js";
import { type LoggedRequest, RequestLog } from "./control/request-log.js";
import {
  type OrganizationsControl,
  organizationsControl,
  type UsersControl,
  usersControl,
} from "./control/users.js";
import { defaultSeed } from "./directory/default-seed.js";
import { Directory } from "./directory/directory.js";
import { parseSeed } from "./directory/seed.js";
import type { Handler } from "./http/exchange.js";
import { sendJson } from "./http/exchange.js";
import { hostGuard } from "./http/host-guard.js";
import { listen } from "./http/server.js";
import { randomText } from "./ids.js";
import { clerkDefaults } from "./oauth/authorize-request.js";
import { discoveryHandler } from "./oauth/discovery.js";
import { interactionHandler } from "./oauth/interaction.js";
import { buildProvider } from "./oauth/provider.js";
import { registrationHandler } from "./oauth/registration.js";
import { ScopeCatalogue } from "./oauth/scopes.js";
import { userinfoHandler } from "./oauth/userinfo.js";
import { type ClerkLocalOptions, profileOf } from "./options.js";
import { imagesHandler } from "./pages/images.js";
import { RecordStore } from "./state/records.js";
import { type SavedState, StateFile } from "./state/state-file.js";
import { AccessTokens } from "./tokens/access-tokens.js";
import { forgerKey } from "./tokens/forger.js";
import { KeyRing } from "./tokens/keys.js";
import { defaultClientId, type MintedTokens, type MintOptions, mint } from "./tokens/mint.js";

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

  /** Revokes an access or refresh token. @returns whether there was such a token. */
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
  const clock = new Clock();
  const directory = new Directory(seed, clock);
  const scopes = new ScopeCatalogue(seed.scopes);

  const stateFile = options.state === undefined ? undefined : new StateFile(options.state);
  const saved = stateFile?.read();
  const secretKey = options.secretKey ?? saved?.secretKey ?? `sk_test_${randomText(42)}`;
  const cookieKeys = saved?.cookieKeys ?? [randomText(32)];
  const keys = saved ? KeyRing.restore(saved.keys) : await KeyRing.create();
  const store = new RecordStore(() => clock.seconds());
  if (saved) store.restore(saved.records);

  const server = await listen(profile.port);
  const issuer = server.origin;
  const tokens = new AccessTokens(
    issuer,
    { keys, store, clock },
    { honourResource: profile.resource === "honoured", audienceShape: profile.audienceShape },
  );

  const providerParts = {
    issuer,
    profile,
    keys,
    cookieKeys,
    store,
    clock,
    directory,
    scopes,
    tokens,
    applications: seed.oauthApplications,
  };
  let provider: Provider;
  let providerCallback: ReturnType<Provider["callback"]>;
  const useProvider = (next: Provider) => {
    provider = next;
    providerCallback = next.callback();
  };
  useProvider(buildProvider(providerParts));

  const currentState = (): SavedState => ({
    secretKey,
    cookieKeys,
    keys: keys.privateJwks() as SavedState["keys"],
    records: store.snapshot(),
  });
  if (stateFile) {
    stateFile.write(currentState());
    store.onChange(() => stateFile.schedule(currentState));
  }

  const mintParts = {
    issuer,
    directory,
    tokens,
    keys,
    clock,
    defaults: {
      clientId: defaultClientId(seed.oauthApplications),
      format: profile.tokenFormat,
      ttlSeconds: profile.accessTokenTtlSeconds,
    },
  };

  const faults = new Faults();
  const log = new RequestLog();
  const autoApprove = new AutoApprove(issuer, directory, profile.autoApprove);

  const clerkLocal: ClerkLocal = {
    issuer,
    apiUrl: issuer,
    secretKey,
    publishableKey: `pk_test_${Buffer.from(`${new URL(issuer).host}$`).toString("base64")}`,
    get jwtKey() {
      return keys.pem;
    },
    get env() {
      return {
        CLERK_SECRET_KEY: secretKey,
        CLERK_DOMAIN: issuer,
        CLERK_PUBLISHABLE_KEY: this.publishableKey,
        CLERK_API_URL: issuer,
      };
    },
    users: usersControl(directory),
    organizations: organizationsControl(directory),
    mint: (request) => mint(mintParts, request),
    async rotateKeys({ keepOld = true } = {}) {
      await keys.rotate(keepOld);
      useProvider(buildProvider(providerParts));
      stateFile?.write(currentState());
      return { kid: keys.current.kid };
    },
    faults: (rules = []) => faults.set([rules].flat()),
    clock: ({ offsetSeconds = 0 } = {}) => clock.set(offsetSeconds),
    async revoke(token) {
      const found = await tokens.find(token);
      if (found.state !== "unknown") {
        tokens.revokeById(found.record.id);
        return true;
      }
      const refreshToken = await provider.RefreshToken.find(token);
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
      stateFile?.write(currentState());
    },
  };

  // What auto-approval asks of the stand-in itself is no request of a client.
  const exceptVisitors =
    (handler: Handler): Handler =>
    (exchange) =>
      !autoApprove.isVisitor(exchange) && handler(exchange);
  server.handle([
    hostGuard(issuer),
    controlHandler(secretKey, controlsOf(clerkLocal)),
    exceptVisitors((exchange) => {
      log.watch(exchange);
      return false;
    }),
    exceptVisitors(faults.handler),
    discoveryHandler({ issuer, scopes, keys, profile }),
    backendApiHandler({ issuer, secretKey, directory, tokens, keys, profile }),
    userinfoHandler({ issuer, directory, tokens, keys }),
    imagesHandler(directory),
    async (exchange) =>
      exchange.path === "/forger/jwks.json" &&
      sendJson(exchange, 200, { keys: [(await forgerKey()).publicJwk] }),
    autoApprove.handler,
    interactionHandler({ issuer, directory, scopes, store, clock, profile, provider: () => provider }),
    registrationHandler(profile),
    clerkDefaults,
    async ({ req, res }) => {
      await providerCallback(req, res);
      return true;
    },
  ]);
  return clerkLocal;
}
