import type { SecurityScheme } from "../mcp/mediation.js";
import type { Settings } from "../options/settings.js";
import type { Catalogue } from "./catalogue.js";
import { isPublic, type Rules, scopesToRequest } from "./rules.js";

/**
 * How each tool is called, as the hosts of ChatGPT's Apps SDK read it from `tools/list`: `noauth` without a sign-in, `oauth2` with one
 * that has these scopes, both if a sign-in is optional.
 */
export function securitySchemes(
  { declared }: Catalogue,
  tools: Rules,
  settings: Pick<Settings, "scopes">,
): ReadonlyMap<string, readonly SecurityScheme[]> {
  return new Map(declared.tools.map(({ name }) => [name, schemesOf(name, tools, settings)] as const));
}

function schemesOf(
  name: string,
  tools: Rules,
  settings: Pick<Settings, "scopes">,
): readonly SecurityScheme[] {
  const needed = tools.rulesFor(name).flatMap(({ access }) => scopesToRequest(access));
  const signedIn = { type: "oauth2", scopes: [...new Set([...settings.scopes, ...needed])] } as const;
  return isPublic(tools, name) ? [{ type: "noauth" }, signedIn] : [signedIn];
}
