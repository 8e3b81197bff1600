import type { ConfigProblem } from "../errors/config-error.js";
import { OAUTH_APPLICATIONS } from "../options/dashboard.js";
import type { Settings } from "../options/settings.js";
import type { Compiled } from "./compile.js";

/**
 * Looks for rules that cannot mean what they say: for something that does not exist, or for a scope that Clerk does not
 * advertise. If Clerk is away, the scopes stay unchecked and a warning says so; that is no reason not to start.
 */
export async function startCheck(
  compiled: Promise<Compiled>,
  authorizationServerMetadata: () => Promise<string>,
  { access }: Settings,
): Promise<readonly ConfigProblem[]> {
  const { policy, problems } = await compiled.catch(() => NOTHING_KNOWN);
  if (access.unknownNames === "ignore") return [];
  if (policy === undefined || policy.scopesToAdvertise.length === 0) return problems;
  const metadata = await authorizationServerMetadata().catch(() => undefined);
  if (metadata === undefined) {
    console.warn(UNCHECKED);
    return problems;
  }
  return [...problems, ...unadvertised(policy.scopesToAdvertise, metadata)];
}

/** A tool that cannot be loaded is reported by whoever serves it: it keeps the Node build from starting. */
const NOTHING_KNOWN = { policy: undefined, problems: [] } as const;

const UNCHECKED =
  "[Clerk] The scopes in the access rules were not checked at the start: Clerk cannot be reached right now.";

/**
 * The scopes that Clerk does not advertise (`scopes_supported`, RFC 8414): no sign-in could ever get them.
 *
 * @param metadata the authorization server metadata, as sent.
 */
export function unadvertised(scopes: readonly string[], metadata: string): readonly ConfigProblem[] {
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
