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
   * Number of proxies in front of this server that append to `X-Forwarded-For`, 0 to 10. The address is the entry at that
   * position from the end. Default: 0, which ignores the header and uses the connection's address. Required on Vercel, AWS
   * Lambda and in `withClerk`, because the connection's address is not the caller's there.
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
   * Frontend API host of the Clerk instance, e.g. `verb-noun-00.clerk.accounts.dev`. It may have a scheme,
   * `http:` on loopback only. Environment: `CLERK_DOMAIN`. Default: the host in `CLERK_PUBLISHABLE_KEY`.
   */
  readonly clerkDomain?: string | undefined;
  /**
   * Public origin of this server, e.g. `https://mcp.example.com`, without a path; `http:` on loopback only.
   * Environment: `BASE_URL`. Default: on Vercel, the deployment's URL; required elsewhere.
   */
  readonly baseURL?: string | undefined;
  /** Path of the MCP endpoint. Default: `http.endpoint` of `xmcp.config.ts`, or `/mcp`. */
  readonly endpoint?: string | undefined;
  /**
   * Scopes that the metadata and the 401 challenge advertise. Default: `["profile", "email"]`. Advertise only scopes that
   * clients can register at Clerk. With any other scope, the sign-in fails with `invalid_scope`.
   */
  readonly scopes?: readonly string[] | undefined;
  /**
   * Scopes that every token must have. Without them, the server returns 403 `insufficient_scope`. They are also advertised.
   * Default: none.
   */
  readonly requiredScopes?: readonly string[] | undefined;
  /** URL of the documentation for developers of clients, `resource_documentation` of the metadata. Default: none. */
  readonly docsURL?: string | undefined;
  /** Backend API base; `http:` on loopback only. Environment: `CLERK_API_URL`. Default: `https://api.clerk.com`. */
  readonly apiUrl?: string | undefined;
  /**
   * The instance's public key as PEM; `\n` may replace a line break. The server then verifies JWTs without the network. It does not
   * notice a key rotation at Clerk. Environment: `CLERK_JWT_KEY`. Default: keys are fetched from Clerk.
   */
  readonly jwtKey?: string | undefined;
  /**
   * `required`: the token's `aud` must name this server. Clerk's set-up for MCP servers ensures that. `when-present`: a
   * token for another resource is refused, but a token without `aud` is accepted with a single warning. Use it only for
   * instances or clients that do not support audiences. Environment: `CLERK_AUDIENCE`. Default: `required`.
   */
  readonly audience?: AudiencePolicy | undefined;
  /** Tolerated difference between clocks in seconds, 0 to 300. Default: 5. */
  readonly clockTolerance?: number | undefined;
  /**
   * Seconds for which Clerk's confirmation of an opaque token is cached, 0 to 3600. A revoked token works for at most
   * that long. 0 verifies the token with every request. Default: 60.
   */
  readonly opaqueTokenTtl?: number | undefined;
  /**
   * Who may call what: rules for tools, prompts and resources. Default: every authenticated caller may call
   * everything.
   */
  readonly access?: AccessOptions | undefined;
  /**
   * What a client may do before its user has signed in. `signed-in`: nothing. `lists`: read the lists, for registries and
   * scanners. In both cases, connecting requires a sign-in. `everyone`: connect and read the lists. Clients that sign in only
   * while connecting (Claude Code, Cursor) then never do. What is `"public"` in `access` is always available. Default:
   * `signed-in`.
   */
  readonly discovery?: Discovery | undefined;
  /**
   * Limit on requests without a credential per address, if some are answered. Above it, the server returns 429. Default: none.
   */
  readonly anonymousRequests?: AnonymousRequestsLimit | undefined;
  /**
   * The kinds of credential that are accepted: OAuth access tokens of users, API keys (`ak_…`), machine-to-machine
   * tokens (`mt_…`, or a JWT). Default: `["oauth_token"]`.
   */
  readonly accepts?: readonly CredentialKind[] | undefined;
  /**
   * The machine (`mch_…`) that represents this server at Clerk. A machine's token must be for it. Environment:
   * `CLERK_MACHINE_ID`. Default: none, which accepts all machine tokens of the instance, with a single warning.
   */
  readonly machineId?: string | undefined;
  /**
   * Format of the OAuth access tokens that are accepted. `jwt` refuses opaque tokens without a call to Clerk, so invented
   * ones cost nothing. Use it if your instance issues JWTs. Default: `any`.
   */
  readonly tokenFormat?: "any" | "jwt" | undefined;
  /** Limit on refused tokens per address. Above it, the server returns 429. Default: none. */
  readonly failedAttempts?: FailedAttemptsLimit | undefined;
  /**
   * Browser origins that may call this server, in addition to its own. While `baseURL` is loopback, `Host` may also name
   * their hosts, e.g. `http://host.docker.internal:3001` for clients in a container. Default: any on loopback while
   * `baseURL` is loopback, otherwise none.
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Exact paths of your own that need no credential, e.g. `["/status"]`. They can't be at or below the endpoint. Default: none. */
  readonly publicPaths?: readonly string[] | undefined;
  /**
   * The content of the MCP Server Card and the AI Catalog, with which registries and clients find this server. `false`
   * turns both off. Default: the values of `xmcp.config.ts` and `package.json`.
   */
  readonly serverCard?: ServerCardOptions | false | undefined;
  /**
   * The page where users connect accounts of other providers, for tools that call `getConnectedAccount`. Default: the
   * profile page of the instance's Account Portal.
   */
  readonly accountPortalURL?: string | undefined;
  /**
   * Receives typed events; `false` turns them off. Default: JSON lines on stderr. In development (`NODE_ENV=development`, as in
   * `xmcp dev`): one short line for each tool call and refusal.
   */
  readonly onEvent?: EventSink | false | undefined;
  /**
   * Adds the arguments of each call to its `tool` event. `true` records them unchanged; a function can redact them.
   * People type arguments, so they can be confidential. Default: `false`.
   */
  readonly recordArguments?: boolean | RedactArguments | undefined;
}
