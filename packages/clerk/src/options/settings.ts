import * as z from "zod";
import { ClerkConfigError, type ConfigProblem } from "../errors/config-error.js";
import { type EventLog, guarded, immediate, silent } from "../events/event-log.js";
import type { EventSink } from "../events/events.js";
import { jsonLines } from "../events/json-lines.js";
import { CREDENTIAL_KINDS, type CredentialKind, ID_SHAPES } from "../identity.js";
import { isLoopback } from "../runtime/loopback.js";
import { type Environment, isBehindPlatform, variable } from "../runtime/platform.js";
import { accessSchema } from "./access-rules.js";
import { FRONTEND_API_URL, JWKS_PUBLIC_KEY, SECRET_KEYS } from "./dashboard.js";
import { ENVIRONMENT_NAMES, PUBLISHABLE_KEY, vercelOrigin } from "./environment-variables.js";
import type { ClerkProviderOptions, RedactArguments } from "./options.js";
import { frontendApiHost } from "./publishable-key.js";
import { origin, scopeList, seconds, wholeNumber } from "./values.js";

/** Where a person finds the value of an option. */
const WHERE = {
  secretKey: `${SECRET_KEYS}; it starts with sk_test_ or sk_live_`,
  clerkDomain: `${FRONTEND_API_URL}; or set ${PUBLISHABLE_KEY}`,
  baseURL: "the public origin of this server, e.g. http://127.0.0.1:3001",
  jwtKey: JWKS_PUBLIC_KEY,
} as const;

const SECRET_KEY = /^sk_(test|live)_[^\s.…<>]+$/;
const PEM = /^-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/\s?#@]+$/i;
const PATH = /^\/[^\s?#]*$/;

const ACCEPTS = `a list of ${CREDENTIAL_KINDS.map((kind) => `"${kind}"`).join(", ")}`;

const schema = z.strictObject({
  secretKey: z.string().superRefine((value, context) => {
    if (value.startsWith("pk_"))
      context.addIssue(`this is a publishable key; the secret key is needed. ${WHERE.secretKey}`);
    else if (!SECRET_KEY.test(value)) context.addIssue(`this is not a secret key. ${WHERE.secretKey}`);
  }),
  clerkDomain: z
    .string()
    .transform((value) => (/^[a-z]+:\/\//i.test(value) ? value : `https://${value}`))
    .pipe(origin("the Frontend API host without a path, e.g. verb-noun-00.clerk.accounts.dev")),
  baseURL: origin("an origin without a path, e.g. https://mcp.example.com; the endpoint is added to it"),
  endpoint: z.string().regex(PATH, "a path that starts with /, e.g. /mcp").default("/mcp"),
  scopes: scopeList.min(1, "name at least one scope, e.g. profile").default(["profile", "email"]),
  requiredScopes: scopeList.default([]),
  docsURL: z.url("an absolute URL").optional(),
  apiUrl: origin("an origin, e.g. https://api.clerk.com").default("https://api.clerk.com"),
  jwtKey: z
    .string()
    .transform((value) => value.replaceAll("\\n", "\n").trim())
    .pipe(z.string().regex(PEM, `a PEM public key (-----BEGIN PUBLIC KEY-----). ${WHERE.jwtKey}`))
    .optional(),
  audience: z.enum(["when-present", "required"], '"when-present" or "required"').default("when-present"),
  tokenFormat: z.enum(["any", "jwt"], '"any" or "jwt"').default("any"),
  clockTolerance: seconds(300).default(5),
  opaqueTokenTtl: seconds(3600).default(60),
  access: accessSchema.default({}),
  accepts: z.array(z.enum(CREDENTIAL_KINDS, ACCEPTS), ACCEPTS).min(1, ACCEPTS).default(["oauth_token"]),
  machineId: z.string().regex(ID_SHAPES.mch, "the id of a machine, mch_…").optional(),
  failedAttempts: z
    .strictObject({
      attempts: wholeNumber(1, 100_000),
      windowSeconds: wholeNumber(1, 86_400),
      trustedProxies: wholeNumber(0, 10).optional(),
    })
    .optional(),
  allowedOrigins: z
    .array(z.string().regex(ORIGIN, "an origin, e.g. https://app.example.com"), "a list of origins")
    .optional(),
  publicPaths: z
    .array(z.string().regex(PATH, "a path that starts with /, e.g. /status"), "a list of paths")
    .default([]),
  onEvent: z
    .custom<EventSink | false>(
      (value) => value === false || typeof value === "function",
      "a function or false",
    )
    .optional(),
  recordArguments: z
    .custom<boolean | RedactArguments>(
      (value) => typeof value === "boolean" || typeof value === "function",
      "true, false or a function",
    )
    .default(false),
});

type Checked = z.output<typeof schema>;

/** The options that the pipeline uses in another form. */
interface Derived {
  /** The Frontend API's origin (`clerkDomain`): exactly the `iss` of every token. */
  readonly issuer: string;
  /** Path of the MCP endpoint, without a trailing slash; empty for the root. */
  readonly endpoint: string;
  /** Absolute URL of the MCP endpoint: the RFC 9728 `resource`, and the audience of its tokens. */
  readonly resource: string;
  /** The advertised scopes, `requiredScopes` included. */
  readonly scopes: readonly string[];
  readonly clockToleranceSeconds: number;
  readonly opaqueTokenTtlSeconds: number;
  readonly accepts: ReadonlySet<CredentialKind>;
  /** Origins as browsers write them, this server's own included. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** The hosts, with their ports, of `allowedOrigins`. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Whether any origin on loopback is allowed too. */
  readonly allowsLoopbackOrigins: boolean;
  /** Whether this server itself is on loopback, where a foreign `Host` means DNS rebinding. */
  readonly isLoopback: boolean;
  readonly publicPaths: ReadonlySet<string>;
  readonly onEvent: EventLog;
  /** Which arguments of a tool call are recorded; `undefined`: none. */
  readonly recordArguments: RedactArguments | undefined;
}

/** The configuration in the form that the pipeline uses: complete, checked and normalised. */
export type Settings = Derived &
  Readonly<Omit<Checked, keyof Derived | "clerkDomain" | "clockTolerance" | "opaqueTokenTtl">>;

/** What the server around the pipeline says. */
export interface SettingsContext {
  /** Path of the MCP endpoint. Used if the option is not set. */
  readonly endpoint?: string | undefined;
  /** Whether requests come with the address of the caller, or of the first proxy. Default: not on Vercel and AWS Lambda. */
  readonly isAddressKnown?: boolean | undefined;
}

/**
 * Reads options and environment, applies defaults and checks everything once.
 *
 * @throws {ClerkConfigError} listing every problem.
 */
export function readSettings(
  options: ClerkProviderOptions,
  environment: Environment,
  { endpoint, isAddressKnown = !isBehindPlatform(environment) }: SettingsContext = {},
): Settings {
  const given = collected(options, environment, endpoint);
  // Without `jitless`, zod compiles a parser, which takes longer than parsing once.
  const result = schema.safeParse(given, { jitless: true });
  const issues = result.error?.issues ?? [];
  const problems = [...issues.flatMap((issue) => problemsOf(issue, given)), ...disagreements(given)];
  if (!isAddressKnown) problems.push(...unlimitedAddresses(given));
  if (result.data === undefined || problems.length > 0) throw new ClerkConfigError(deduplicated(problems));
  return normalised(result.data);
}

/** Collects every option: from code, then the environment, then what other values imply. */
function collected(
  options: ClerkProviderOptions,
  environment: Environment,
  defaultEndpoint: string | undefined,
): Record<string, unknown> {
  const fromEnvironment = Object.fromEntries(
    Object.entries(ENVIRONMENT_NAMES).map(([option, name]) => [option, variable(environment, name)]),
  );
  const fromCode = Object.fromEntries(
    Object.entries(options)
      .map(([option, value]) => [option, typeof value === "string" ? value.trim() : value] as const)
      .filter(([, value]) => value !== undefined && value !== ""),
  );
  const given: Record<string, unknown> = { ...fromEnvironment, ...fromCode };
  given.baseURL ??= vercelOrigin(environment);
  given.endpoint ??= defaultEndpoint;
  const publishableKey = variable(environment, PUBLISHABLE_KEY);
  if (given.clerkDomain === undefined && publishableKey !== undefined) {
    const host = frontendApiHost(publishableKey) ?? "";
    given.clerkDomain = isLoopback(host.replace(/:\d+$/, "")) ? `http://${host}` : host;
  }
  return given;
}

function problemsOf(issue: z.core.$ZodIssue, given: Record<string, unknown>): ConfigProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      kind: "invalid",
      option: [...issue.path, key].join(" → "),
      fix: "there is no such option; check its spelling",
    }));
  }
  const [option = "", ...within] = issue.path.map(String);
  if (within.length > 0 && within.some((part) => !/^\d+$/.test(part)))
    return [{ kind: "invalid", option: [option, ...within].join(" → "), fix: issue.message }];
  const environment = ENVIRONMENT_NAMES[option as keyof typeof ENVIRONMENT_NAMES];
  const named = { option, ...(environment && { environment }) };
  if (given[option] === undefined) {
    return [{ kind: "missing", ...named, fix: WHERE[option as keyof typeof WHERE] }];
  }
  const fix =
    option === "clerkDomain" && given[option] === ""
      ? `${PUBLISHABLE_KEY} is not a publishable key. ${WHERE.clerkDomain}`
      : issue.message;
  return [{ kind: "invalid", ...named, fix }];
}

function deduplicated(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.option} ${problem.fix}`, problem])).values()];
}

/** Values that are valid alone but contradict each other. */
function disagreements(given: Record<string, unknown>): ConfigProblem[] {
  return [...mixedInstances(given), ...openedEndpoint(given)];
}

/** xmcp answers at the endpoint and at every path below it. */
function openedEndpoint(given: Record<string, unknown>): ConfigProblem[] {
  const endpoint = schema.shape.endpoint.safeParse(given.endpoint).data;
  const publicPaths = schema.shape.publicPaths.safeParse(given.publicPaths).data ?? [];
  if (endpoint === undefined) return [];
  const root = `${withoutTrailingSlash(endpoint)}/`.toLowerCase();
  if (!publicPaths.some((path) => `${path}/`.toLowerCase().startsWith(root))) return [];
  const fix =
    "one of them would open the MCP endpoint to everybody: list only paths that are not at or below it";
  return [{ kind: "invalid", option: "publicPaths", fix }];
}

/** All callers would share one address, and one of them could lock out the others. */
function unlimitedAddresses(given: Record<string, unknown>): ConfigProblem[] {
  const limit = schema.shape.failedAttempts.safeParse(given.failedAttempts).data;
  if (limit === undefined || (limit.trustedProxies ?? 0) > 0) return [];
  const fix =
    "this platform gives no address of callers: set it to the number of proxies that append to X-Forwarded-For, on Vercel 1";
  return [{ kind: "invalid", option: "failedAttempts → trustedProxies", fix }];
}

/** The second is that of development instances made before 2023. */
const DEVELOPMENT_DOMAIN = /\.(accounts|lcl)\.dev$/;

function mixedInstances(given: Record<string, unknown>): ConfigProblem[] {
  const secretKey = schema.shape.secretKey.safeParse(given.secretKey).data;
  const issuer = schema.shape.clerkDomain.safeParse(given.clerkDomain).data;
  const hostname = issuer && new URL(issuer).hostname;
  if (!secretKey || !hostname || isLoopback(hostname)) return [];
  const isTestKey = secretKey.startsWith("sk_test_");
  const isDevelopmentDomain = DEVELOPMENT_DOMAIN.test(hostname);
  if (isTestKey === isDevelopmentDomain) return [];
  const mismatch = isTestKey
    ? `a test key (sk_test_) does not go with the live domain ${hostname}`
    : `a live key (sk_live_) does not go with the development domain ${hostname}`;
  return [
    {
      kind: "invalid",
      option: "secretKey",
      environment: ENVIRONMENT_NAMES.secretKey,
      fix: `${mismatch}; take both from the same instance. ${WHERE.secretKey}`,
    },
  ];
}

function withoutTrailingSlash(path: string): string {
  return path.replace(/\/+$/, "");
}

function normalised(checked: Checked): Settings {
  const { clerkDomain, clockTolerance, opaqueTokenTtl, ...unchanged } = checked;
  const { baseURL, scopes, requiredScopes, accepts, allowedOrigins, publicPaths } = checked;
  const endpoint = withoutTrailingSlash(checked.endpoint);
  const onLoopback = isLoopback(new URL(baseURL).hostname);
  return {
    ...unchanged,
    issuer: clerkDomain,
    endpoint,
    resource: `${baseURL}${endpoint}`,
    scopes: [...new Set([...scopes, ...requiredScopes])],
    clockToleranceSeconds: clockTolerance,
    opaqueTokenTtlSeconds: opaqueTokenTtl,
    accepts: new Set(accepts),
    allowedOrigins: new Set([baseURL, ...(allowedOrigins ?? []).map(asSent)]),
    allowedHosts: new Set((allowedOrigins ?? []).map((allowed) => new URL(allowed).host)),
    allowsLoopbackOrigins: onLoopback && allowedOrigins === undefined,
    isLoopback: onLoopback,
    publicPaths: new Set(publicPaths),
    onEvent: eventLog(checked.onEvent),
    recordArguments: redaction(checked.recordArguments),
  };
}

function eventLog(onEvent: EventSink | false | undefined): EventLog {
  if (onEvent === false) return silent;
  return onEvent === undefined ? guarded(jsonLines()) : immediate(guarded(onEvent));
}

function redaction(choice: boolean | RedactArguments): RedactArguments | undefined {
  if (typeof choice === "function") return choice;
  return choice ? (_tool, toolArguments) => toolArguments : undefined;
}

/** An origin as a browser writes it in `Origin`: lower case, without the scheme's default port (RFC 6454 section 6.2). */
function asSent(value: string): string {
  const { origin: serialized, protocol } = new URL(value);
  return protocol === "http:" || protocol === "https:" ? serialized : value.toLowerCase();
}
