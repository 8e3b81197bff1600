import type { ConfigProblem } from "../errors/config-error.js";
import { OAUTH_APPLICATIONS } from "../options/dashboard.js";
import type { Settings } from "../options/settings.js";
import type { Compiled } from "./compile.js";

/**
 * Finds scopes in the rules that Clerk does not advertise. If Clerk does not answer they are not checked, with a warning, so
 * that the server can start during an outage.
 *
 * @param isServer whether Clerk is asked even if no rule names a scope: a wrong domain is then noticed before the first token
 */
export async function scopesCheck(
  compiled: Promise<Compiled>,
  authorizationServerMetadata: () => Promise<string>,
  { access, issuer }: Settings,
  isServer: boolean,
): Promise<readonly ConfigProblem[]> {
  const { scopesToAdvertise: scopes } = (await compiled).policy;
  if (access.unknownNames === "ignore" || (scopes.length === 0 && !isServer)) return [];
  const metadata = await authorizationServerMetadata().catch(() => undefined);
  if (metadata !== undefined) return unadvertisedScopes(scopes, metadata);
  console.warn(
    `[Clerk] ${issuer} does not respond like Clerk, so no one can sign in there. Check CLERK_DOMAIN. If it is right, this ` +
      `machine cannot reach Clerk right now.${scopes.length === 0 ? "" : UNCHECKED}`,
  );
  return [];
}

const UNCHECKED = " The scopes in the access rules were not checked.";

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
