/** The options of `createClerkLocal()`, their checks and defaults. */
import { LOOPBACK } from "./http/loopback.js";
import { namedProfiles, type ProfileName } from "./named-profiles.js";
import { DEFAULT_SCOPES } from "./scopes.js";
import type { SeedInput } from "./seed/seed.js";

export type { ProfileName } from "./named-profiles.js";

/** The format of access tokens: a JWT, or an opaque value that only the Backend API can verify. */
export type TokenFormat = "jwt" | "opaque";

/** The user who signs in, and the answer on the consent page. */
export interface AutoApproval {
  /** Id, username or email. Default: the first user who is not banned. */
  user?: string | undefined;
  /** Id or slug of the organization to pick, if the client asks for one. Default: the personal account. */
  organization?: string | undefined;
  /** The answer on the consent page. Default: `"allow"`. */
  decision?: "allow" | "deny" | undefined;
}

export interface ClerkLocalOptions {
  /** Port to listen on; `0` takes any free one. Default: `0`. */
  port?: number | undefined;

  /** Address to listen on. Only the default, `127.0.0.1`, is accepted. */
  host?: string | undefined;

  /**
   * Users, organizations, roles, scopes, OAuth applications, machines, API keys and connected accounts to start with. Default:
   * {@link defaultSeed}.
   */
  seed?: SeedInput | undefined;

  /**
   * The state of the Clerk instance, as defaults for the other options. `"newest"`: as after Clerk's newest set-up of an
   * MCP server, but with registration on too. `"mcp-server-added"`: exactly as after it. `"fresh-instance"`: the
   * default settings, without metadata documents, registration and `aud`. `"captured-2026"`: as reported of running
   * instances in 2026, before metadata documents. Default: `"newest"`.
   */
  profile?: ProfileName | undefined;

  /**
   * Format of access tokens. Default: `"jwt"`, as in instances created since January 2026; older instances use
   * `"opaque"`.
   */
  tokenFormat?: TokenFormat | undefined;

  /**
   * Directory that keeps registrations, grants, tokens, sessions, signing keys, API keys, machines and the secret key
   * across restarts. Users and organizations start from the seed each time. Default: nothing is written.
   */
  state?: string | undefined;

  /** Dynamic client registration, RFC 7591. Default: `true` (Clerk's own default is off). */
  registration?: boolean | undefined;

  /**
   * The `grant_types` of a registration's answer: `authorization_code` alone, as is reported of Clerk, or those that the
   * client asked for. Refresh tokens are issued all the same. Default: `"authorization_code"`.
   */
  registeredGrantTypes?: "authorization_code" | "requested" | undefined;

  /**
   * Whether a client id may be the https URL of the client's metadata document, and the authorization server metadata
   * says so: Clerk's setting *Publish CIMD support*. Default: `true`, as Clerk's newest set-up leaves it.
   */
  clientIdMetadata?: boolean | undefined;

  /**
   * Whether a client with a metadata document must be allowed by an administrator, or by a user before the setting:
   * Clerk's *Only allow pre-registered clients to connect*. Default: `false`.
   */
  onlyPreRegisteredClients?: boolean | undefined;

  /**
   * Whether clients with a metadata document that only a user has allowed are refused: Clerk's *Block implicitly
   * allowed clients*. Default: `false`.
   */
  blockImplicitlyAllowedClients?: boolean | undefined;

  /**
   * Whether a metadata document may also be at an `http` URL on loopback, for a client under development. Not in Clerk.
   * Default: `false`; the command `clerk-local` allows it.
   */
  loopbackClientIds?: boolean | undefined;

  /**
   * Which redirects to `http://localhost` may have another port than the client's registered one: none, those of
   * clients with a metadata document, or all. Reports about documents disagree. Redirects to `127.0.0.1` and `[::1]`
   * may always have one, RFC 8252 §7.3. Default: `"documents"`.
   */
  localhostRedirects?: "exact" | "documents" | "any-port" | undefined;

  /**
   * The scopes of a client that registers without any or has a metadata document: Clerk's *Default scopes*.
   * `offline_access` is always added. Default: `["profile", "email"]`.
   */
  defaultScopes?: string[] | undefined;

  /**
   * The scopes of an authorization request that names none: all scopes of its client, or only the default scopes, as
   * Clerk's older descriptions say. Default: `"registered"`.
   */
  scopeWhenOmitted?: "registered" | "default" | undefined;

  /**
   * `"honoured"`: a client that sends `resource` (RFC 8707) gets a token with `aud`. `"ignored"`: no token has `aud`,
   * as in an instance with the setting *Include audience* off. Default: `"honoured"`.
   */
  resource?: "honoured" | "ignored" | undefined;

  /** Whether the authorization response has `iss`, RFC 9207. Default: `true`. */
  authorizationResponseIss?: boolean | undefined;

  /** When a refresh token is issued: always, or only with the scope `offline_access`. Default: `"always"`. */
  refreshTokens?: "always" | "offline_access" | undefined;

  /**
   * The effect of a refresh on its refresh token. `"revoke-on-reuse"`: it is replaced, and using it again ends the grant.
   * `"allow-reuse"`: it is replaced, and stays valid. `"off"`: it stays. Nothing is published about Clerk.
   * Default: `"revoke-on-reuse"`.
   */
  refreshTokenRotation?: "revoke-on-reuse" | "allow-reuse" | "off" | undefined;

  /**
   * The Backend API's answer for a revoked token: 404, or 200 with `revoked: true`. Expired API keys and
   * machine-to-machine tokens get the same answer, with `expired: true`. Default: `"not-found"`.
   */
  revokedAnswer?: "not-found" | "flag" | undefined;

  /** Unit of the times in the Backend API's answer about an access token. Default: `"ms"`. */
  timeUnit?: "ms" | "s" | undefined;

  /**
   * How many Backend API requests pass in ten seconds: 100, as in a development instance, or 1000, as in a production
   * instance. The others get 429 with `Retry-After` in seconds. Default: `"off"`, no limit.
   */
  rateLimit?: "off" | "development" | "production" | undefined;

  /** Shape of `aud` in JWT access tokens. Default: `"string"`. */
  audienceShape?: "string" | "array" | undefined;

  /** The Backend API key. Default: the one in `state`, else a random `sk_test_…`. */
  secretKey?: string | undefined;

  /** Lifetime of an access token in seconds. Default: 86400. */
  accessTokenTtlSeconds?: number | undefined;

  /**
   * Signs in and consents without a browser: the answer to an authorization request is the redirect back to the
   * client. `true` means the default user. Default: `false`. See {@link AutoApproval}.
   */
  autoApprove?: AutoApproval | boolean | undefined;
}

type Flag = {
  [Name in keyof ClerkLocalOptions]-?: NonNullable<ClerkLocalOptions[Name]> extends boolean ? Name : never;
}[keyof ClerkLocalOptions];

/** The options with every default filled in. The Backend API changes those that are settings of an instance. */
export type Profile = {
  [Name in Exclude<keyof ClerkLocalOptions, "host" | "seed" | "state" | "secretKey">]-?: Exclude<
    ClerkLocalOptions[Name],
    undefined
  >;
};

const profileNames = Object.keys(namedProfiles) as ProfileName[];

/** Checks the options; throws one `TypeError` that lists every problem. */
export function profileOf(given: ClerkLocalOptions): Profile {
  const problems: string[] = [];
  const oneOf = <T>(name: string, value: T | undefined, allowed: readonly T[], fallback: T): T => {
    if (value === undefined) return fallback;
    if (allowed.includes(value)) return value;
    problems.push(`${name} must be one of ${allowed.map((entry) => JSON.stringify(entry)).join(", ")}`);
    return fallback;
  };
  const profileName = oneOf("profile", given.profile, profileNames, "newest");
  const options: ClerkLocalOptions = { ...namedProfiles[profileName], ...withoutUndefined(given) };
  const flag = (name: Flag, fallback: boolean) => oneOf(name, options[name], [true, false], fallback);
  const wholeNumber = (
    name: string,
    value: number | undefined,
    [min, max]: [number, number],
    fallback: number,
  ) => {
    if (value === undefined) return fallback;
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    problems.push(`${name} must be a whole number from ${min} to ${max}`);
    return fallback;
  };

  oneOf("host", options.host, [LOOPBACK], LOOPBACK);
  if (options.secretKey !== undefined && !/^sk_test_\w+$/.test(options.secretKey)) {
    problems.push('secretKey must start with "sk_test_": a real instance\'s key has no place here');
  }
  const profile: Profile = {
    profile: profileName,
    port: wholeNumber("port", options.port, [0, 65_535], 0),
    tokenFormat: oneOf("tokenFormat", options.tokenFormat, ["jwt", "opaque"], "jwt"),
    registration: flag("registration", true),
    registeredGrantTypes: oneOf(
      "registeredGrantTypes",
      options.registeredGrantTypes,
      ["authorization_code", "requested"],
      "authorization_code",
    ),
    clientIdMetadata: flag("clientIdMetadata", true),
    onlyPreRegisteredClients: flag("onlyPreRegisteredClients", false),
    blockImplicitlyAllowedClients: flag("blockImplicitlyAllowedClients", false),
    loopbackClientIds: flag("loopbackClientIds", false),
    localhostRedirects: oneOf(
      "localhostRedirects",
      options.localhostRedirects,
      ["exact", "documents", "any-port"],
      "documents",
    ),
    scopeWhenOmitted: oneOf(
      "scopeWhenOmitted",
      options.scopeWhenOmitted,
      ["registered", "default"],
      "registered",
    ),
    defaultScopes: [...(options.defaultScopes ?? DEFAULT_SCOPES)],
    resource: oneOf("resource", options.resource, ["honoured", "ignored"], "honoured"),
    authorizationResponseIss: flag("authorizationResponseIss", true),
    refreshTokens: oneOf("refreshTokens", options.refreshTokens, ["always", "offline_access"], "always"),
    refreshTokenRotation: oneOf(
      "refreshTokenRotation",
      options.refreshTokenRotation,
      ["revoke-on-reuse", "allow-reuse", "off"],
      "revoke-on-reuse",
    ),
    revokedAnswer: oneOf("revokedAnswer", options.revokedAnswer, ["not-found", "flag"], "not-found"),
    timeUnit: oneOf("timeUnit", options.timeUnit, ["ms", "s"], "ms"),
    rateLimit: oneOf("rateLimit", options.rateLimit, ["off", "development", "production"], "off"),
    audienceShape: oneOf("audienceShape", options.audienceShape, ["string", "array"], "string"),
    accessTokenTtlSeconds: wholeNumber(
      "accessTokenTtlSeconds",
      options.accessTokenTtlSeconds,
      [1, 315_360_000],
      86_400,
    ),
    autoApprove: options.autoApprove ?? false,
  };
  if (problems.length > 0) {
    throw new TypeError(
      `createClerkLocal cannot start:\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    );
  }
  return profile;
}

function withoutUndefined(options: ClerkLocalOptions): ClerkLocalOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Switches that are on here and off in a Clerk application by default, in Clerk's words. */
export function unlikeFreshInstance(profile: Profile): string[] {
  return [
    ...(profile.registration ? ["dynamic client registration"] : []),
    ...(profile.clientIdMetadata ? ["client ID metadata documents"] : []),
    ...(profile.resource === "honoured" ? ["the audience claim"] : []),
  ];
}
