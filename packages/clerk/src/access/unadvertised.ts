import type { ConfigProblem } from "../errors/config-error.js";

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
      fix: "Clerk does not advertise it: check its spelling, or add it in Clerk Dashboard → OAuth applications",
    }));
}
