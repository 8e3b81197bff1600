import type { ConfigProblem } from "../errors/config-error.js";
import { OAUTH_APPLICATIONS } from "../options/dashboard.js";
import type { Settings } from "../options/settings.js";
import type { Compiled } from "./compile.js";

/**
 * Finds scopes in the rules that Clerk does not advertise. During an outage of Clerk they are not checked, with a warning, so
 * that the server can start.
 */
export async function scopesCheck(
  compiled: Promise<Compiled>,
  authorizationServerMetadata: () => Promise<string>,
  { access }: Settings,
): Promise<readonly ConfigProblem[]> {
  const { policy } = await compiled;
  if (access.unknownNames === "ignore" || policy.scopesToAdvertise.length === 0) return [];
  const metadata = await authorizationServerMetadata().catch(() => undefined);
  if (metadata !== undefined) return unadvertisedScopes(policy.scopesToAdvertise, metadata);
  console.warn(UNCHECKED);
  return [];
}

const UNCHECKED =
  "[Clerk] The scopes in the access rules were not checked at the start: Clerk cannot be reached right now.";

/**
 * The scopes that Clerk does not advertise (`scopes_supported`, RFC 8414), and that no sign-in can grant.
 *
 * @param metadata the authorization server metadata, as sent.
 */
export function unadvertisedScopes(scopes: readonly string[], metadata: string): readonly ConfigProblem[] {
  const { scopes_supported: supported } = JSON.parse(metadata) as { scopes_supported?: unknown };
  if (!Array.isArray(supported)) return [];
  return scopes
    .filter((scope) => !supported.includes(scope))
    .map((scope) => ({
      kind: "invalid",
      option: `access → scope ${scope}`,
      fix: `Clerk does not advertise it: check its spelling, or add it in ${OAUTH_APPLICATIONS}`,
    }));
}
