import type { EventSink } from "../events/events.js";
import type { CredentialKind } from "../identity.js";
import type { AccessOptions, Discovery } from "./access-rules.js";
import type { ServerCardOptions } from "./server-card.js";

/**
 * Returns the part of a tool's arguments that may be recorded, serializable as JSON.
 *
 * @param tool the tool's name
 * @param toolArguments as the caller sent them
 */
export type RedactArguments = (tool: string, toolArguments: unknown) => unknown;

/** The policy for the `aud` claim of a token (RFC 8707, RFC 9068 section 4). */
export type AudiencePolicy = "when-present" | "required";

/** How many refused tokens an address may send before it has to wait. */
export interface FailedAttemptsLimit {
  /** Refused tokens per window, 1 to 100,000. A request without a token, or with an expired one, does not count. */
  readonly attempts: number;
  /** Length of a window in seconds, 1 to 86,400. */
  readonly windowSeconds: number;
  /**
   * Number of proxies in front of this server that append to `X-Forwarded-For`, 0 to 10: the address is the entry at
   * that position from the end. Default: 0, the header is ignored and the address is the connection's. Required on Vercel,
   * AWS Lambda and in `withClerk`, where the connection's address is not the caller's.
   */
  readonly trustedProxies?: number | undefined;
}

/** How many requests without a credential an address may send before it has to wait. */
export interface AnonymousRequestsLimit {
  /** Requests per window, 1 to 1,000,000. A client that connects, reads the lists and calls a tool sends about ten. */
  readonly requests: number;
  /** Length of a window in seconds, 1 to 86,400. */
  readonly windowSeconds: number;
  /** As in `failedAttempts`. */
  readonly trustedProxies?: number | undefined;
}

/**
 * Options of `clerkProvider()`. An option that names an environment variable may be set there; a value in code wins,
 * and `undefined` or an empty string counts as not set.
 */
export interface ClerkProviderOptions {
  /** Backend API key, `sk_test_…` or `sk_live_…`. Environment: `CLERK_SECRET_KEY`. Required. */
  readonly secretKey?: string | undefined;
  /**
   * Frontend API host of the Clerk instance, e.g. `verb-noun-00.clerk.accounts.dev`. A scheme is allowed,
   * `http:` on loopback only. Environment: `CLERK_DOMAIN`. Default: the host in `CLERK_PUBLISHABLE_KEY`.
   */
  readonly clerkDomain?: string | undefined;
  /**
   * Public origin of this server, e.g. `https://mcp.example.com`, without a path; `http:` on loopback only.
   * Environment: `BASE_URL`. Default: on Vercel, the deployment's own address; elsewhere it is required.
   */
  readonly baseURL?: string | undefined;
  /** Path of the MCP endpoint. Default: xmcp's own `http.endpoint`, which is `/mcp` unless configured. */
  readonly endpoint?: string | undefined;
  /**
   * Scopes advertised in the metadata and named in the 401 challenge. Default: `["profile", "email"]`. Advertise only
   * scopes that clients can register with at Clerk; others make the sign-in fail with `invalid_scope`.
   */
  readonly scopes?: readonly string[] | undefined;
  /**
   * Scopes every token must have; without them the answer is 403 `insufficient_scope`. They are advertised too.
   * Default: none.
   */
  readonly requiredScopes?: readonly string[] | undefined;
  /** Documentation for people who build clients: `resource_documentation` of the metadata. Default: none. */
  readonly docsURL?: string | undefined;
  /** Backend API base; `http:` on loopback only. Environment: `CLERK_API_URL`. Default: `https://api.clerk.com`. */
  readonly apiUrl?: string | undefined;
  /**
   * The instance's public key as PEM (`\n` may stand for a line break). JWTs are then verified without the network, and a key rotation at Clerk goes
   * unnoticed. Environment: `CLERK_JWT_KEY`. Default: keys are fetched from Clerk.
   */
  readonly jwtKey?: string | undefined;
  /**
   * `required`: the token's `aud` must name this server, which Clerk's set-up for MCP servers sees to. `when-present`: a
   * token for another resource is refused, one without `aud` passes with a single warning; for instances and clients that
   * cannot do better. Environment: `CLERK_AUDIENCE`. Default: `required`.
   */
  readonly audience?: AudiencePolicy | undefined;
  /** Tolerated difference between clocks in seconds, 0 to 300. Default: 5. */
  readonly clockTolerance?: number | undefined;
  /**
   * Seconds for which Clerk's confirmation of an opaque token is cached, 0 to 3600: the longest time that a revoked
   * one still works. 0 verifies it at every request. Default: 60.
   */
  readonly opaqueTokenTtl?: number | undefined;
  /**
   * Who may call what: rules for tools, prompts and resources. Default: every authenticated caller may call
   * everything.
   */
  readonly access?: AccessOptions | undefined;
  /**
   * What a client may do before its user has signed in. `signed-in`: nothing; connecting is answered with a challenge.
   * `lists`: read the lists, for registries and scanners; connecting is answered with a challenge. `everyone`: connect and read the lists;
   * clients that sign in only while connecting (Claude Code, Cursor) then never do. What is `"public"` in `access` can be used in
   * each position. Default: `signed-in`.
   */
  readonly discovery?: Discovery | undefined;
  /**
   * Limit on requests without a credential per address, where some are answered; above it the answer is 429. Default: none.
   */
  readonly anonymousRequests?: AnonymousRequestsLimit | undefined;
  /**
   * The kinds of credential that are accepted: OAuth access tokens of users, API keys (`ak_…`), machine-to-machine
   * tokens (`mt_…`, or a JWT). Default: `["oauth_token"]`.
   */
  readonly accepts?: readonly CredentialKind[] | undefined;
  /**
   * The machine (`mch_…`) that represents this server at Clerk: a machine's token must be for it. Environment:
   * `CLERK_MACHINE_ID`. Default: none, and the instance's machine tokens are accepted whatever machine they are for,
   * with a single warning.
   */
  readonly machineId?: string | undefined;
  /**
   * Format of the OAuth access tokens that are accepted. `jwt`: opaque tokens are refused without a call to Clerk, so that
   * invented ones cost nothing. Use it if your instance issues JWTs. Default: `any`.
   */
  readonly tokenFormat?: "any" | "jwt" | undefined;
  /** Limit on refused tokens per address; above it the answer is 429. Default: none. */
  readonly failedAttempts?: FailedAttemptsLimit | undefined;
  /**
   * Browser origins that may call this server, in addition to its own. While `baseURL` is loopback, their hosts are also
   * accepted in `Host`, e.g. `http://host.docker.internal:3001` for clients in a container. Default: any on loopback while
   * `baseURL` is loopback, otherwise none.
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Exact paths of your own that need no credential, e.g. `["/status"]`; none at or below the endpoint. Default: none. */
  readonly publicPaths?: readonly string[] | undefined;
  /**
   * What the MCP Server Card and the AI Catalog, by which registries and clients find this server, say of it; `false`
   * turns both off. Default: what `xmcp.config.ts` and `package.json` say.
   */
  readonly serverCard?: ServerCardOptions | false | undefined;
  /**
   * The page where users connect their accounts of other providers, for tools that call `getConnectedAccount`. Default:
   * the profile page of the instance's Account Portal.
   */
  readonly accountPortalURL?: string | undefined;
  /** Receives typed events; `false` turns them off. Default: JSON lines on stderr. */
  readonly onEvent?: EventSink | false | undefined;
  /**
   * Adds the arguments of each call to its `tool` event: `true` as they were sent, a function to choose what is
   * recorded. Arguments are what people type, and may be confidential. Default: `false`.
   */
  readonly recordArguments?: boolean | RedactArguments | undefined;
}
