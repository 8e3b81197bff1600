import type { ConfigProblem } from "../errors/config-error.js";
import { isLoopback } from "../runtime/loopback.js";
import { ENVIRONMENT_NAMES } from "./environment-variables.js";
import { schema, WHERE, withoutTrailingSlash } from "./schema.js";

/** Values that are valid alone but contradict each other. */
export function disagreements(given: Record<string, unknown>): ConfigProblem[] {
  return [...mixedInstances(given), ...openedEndpoint(given), ...publicStandIn(given)];
}

/** With a local Clerk, anyone who reaches the server could sign in as any user. */
function publicStandIn(given: Record<string, unknown>): ConfigProblem[] {
  const baseURL = schema.shape.baseURL.safeParse(given.baseURL).data;
  if (baseURL === undefined || isLoopback(new URL(baseURL).hostname)) return [];
  return (["clerkDomain", "apiUrl"] as const).flatMap((option) => {
    const url = schema.shape[option].safeParse(given[option]).data;
    if (url === undefined || !isLoopback(new URL(url).hostname)) return [];
    const fix = `${url} is a local Clerk on this machine, which does not match the public address ${baseURL}. ${WHERE[option]}`;
    return [{ kind: "invalid" as const, option, environment: ENVIRONMENT_NAMES[option], fix }];
  });
}

/** An app may hand every path below the endpoint to xmcp. */
function openedEndpoint(given: Record<string, unknown>): ConfigProblem[] {
  const endpoint = schema.shape.endpoint.safeParse(given.endpoint).data;
  const publicPaths = schema.shape.publicPaths.safeParse(given.publicPaths).data ?? [];
  if (endpoint === undefined) return [];
  const root = `${withoutTrailingSlash(endpoint)}/`.toLowerCase();
  if (!publicPaths.some((path) => `${path}/`.toLowerCase().startsWith(root))) return [];
  const fix =
    "one of them would open the MCP endpoint to every caller: list only paths that are not at or below it";
  return [{ kind: "invalid", option: "publicPaths", fix }];
}

/** All callers would share one address, and one of them could lock out the others. */
export function unlimitedAddresses(given: Record<string, unknown>): ConfigProblem[] {
  const fix =
    "this platform does not provide callers' addresses: set it to the number of proxies that append to X-Forwarded-For, on Vercel 1";
  return (["failedAttempts", "anonymousRequests"] as const).flatMap((option) => {
    const limit = schema.shape[option].safeParse(given[option]).data;
    if (limit === undefined || (limit.trustedProxies ?? 0) > 0) return [];
    return [{ kind: "invalid" as const, option: `${option} → trustedProxies`, fix }];
  });
}

/** Clerk's domains for instances in development; the second for those made before 2023. */
const DEVELOPMENT_DOMAIN = /\.(accounts|lcl)\.dev$/;
/** Clerk's other domains, for staging: which keys go with them is not known. */
const STAGING_DOMAIN = /\.((accountsstage|lclstage|stg|stgstage)\.dev|lclclerk\.com)$/;

function mixedInstances(given: Record<string, unknown>): ConfigProblem[] {
  const secretKey = schema.shape.secretKey.safeParse(given.secretKey).data;
  const issuer = schema.shape.clerkDomain.safeParse(given.clerkDomain).data;
  const hostname = issuer && new URL(issuer).hostname;
  if (!secretKey || !hostname || isLoopback(hostname) || STAGING_DOMAIN.test(hostname)) return [];
  const isTestKey = secretKey.startsWith("sk_test_");
  const isDevelopmentDomain = DEVELOPMENT_DOMAIN.test(hostname);
  if (isTestKey === isDevelopmentDomain) return [];
  const mismatch = isTestKey
    ? `a test key (sk_test_) does not match the live domain ${hostname}`
    : `a live key (sk_live_) does not match the development domain ${hostname}`;
  return [
    {
      kind: "invalid",
      option: "secretKey",
      environment: ENVIRONMENT_NAMES.secretKey,
      fix: `${mismatch}; take both from the same instance. ${WHERE.secretKey}`,
    },
  ];
}
