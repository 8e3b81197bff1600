import type * as z from "zod";
import { ClerkConfigError, type ConfigProblem } from "../errors/config-error.js";
import { type EventLog, guarded, immediate, silent } from "../events/event-log.js";
import type { EventSink } from "../events/events.js";
import { jsonLines } from "../events/json-lines.js";
import { shortLines } from "../events/short-lines.js";
import type { CredentialKind } from "../identity.js";
import { isLoopback } from "../runtime/loopback.js";
import { type Environment, isBehindPlatform, isDevelopment, variable } from "../runtime/platform.js";
import { disagreements, unlimitedAddresses } from "./disagreements.js";
import { ENVIRONMENT_NAMES, PUBLISHABLE_KEY, vercelOrigin } from "./environment-variables.js";
import type { ClerkProviderOptions, RedactArguments } from "./options.js";
import { frontendApiHost } from "./publishable-key.js";
import { type Checked, schema, WHERE, withoutTrailingSlash } from "./schema.js";

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
  /** The page where users connect accounts of other providers. */
  readonly accountPortalURL: string;
  readonly onEvent: EventLog;
  /** Which arguments of a tool call are recorded; `undefined`: none. */
  readonly recordArguments: RedactArguments | undefined;
}

/** The configuration in the form that the pipeline uses: complete, checked and normalised. */
export type Settings = Derived &
  Readonly<Omit<Checked, keyof Derived | "clerkDomain" | "clockTolerance" | "opaqueTokenTtl">>;

/** Settings that come from the server around the pipeline. */
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
  if (result.data === undefined || problems.length > 0) {
    const located = problems.map((problem) =>
      isInCode(problem, options, environment) ? inCode(problem) : problem,
    );
    throw new ClerkConfigError(deduplicated(located));
  }
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

/** Whether code has the wrong value, and has not itself read it from its variable. */
function isInCode(
  { kind, option }: ConfigProblem,
  options: ClerkProviderOptions,
  environment: Environment,
): boolean {
  const [name = ""] = option.split(" → ");
  const given: unknown = options[name as keyof ClerkProviderOptions];
  const inEnvironment = ENVIRONMENT_NAMES[name as keyof typeof ENVIRONMENT_NAMES];
  return (
    kind === "invalid" && given !== undefined && (!inEnvironment || given !== environment[inEnvironment])
  );
}

function inCode(problem: ConfigProblem): ConfigProblem {
  return { ...problem, source: "code" };
}

function deduplicated(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.option} ${problem.fix}`, problem])).values()];
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
    accountPortalURL: checked.accountPortalURL ?? accountPortal(clerkDomain),
    onEvent: eventLog(checked.onEvent),
    recordArguments: redaction(checked.recordArguments),
  };
}

/** The profile page of Clerk's Account Portal, by the instance's Frontend API. */
function accountPortal(issuer: string): string {
  const { hostname } = new URL(issuer);
  if (isLoopback(hostname)) return `${issuer}/user`;
  if (hostname.endsWith(".clerk.accounts.dev"))
    return `https://${hostname.replace(".clerk.accounts.dev", ".accounts.dev")}/user`;
  return `https://accounts.${hostname.replace(/^clerk\./, "")}/user`;
}

function eventLog(onEvent: EventSink | false | undefined): EventLog {
  if (onEvent === false) return silent;
  if (onEvent !== undefined) return immediate(guarded(onEvent));
  return guarded(isDevelopment() ? shortLines() : jsonLines());
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
