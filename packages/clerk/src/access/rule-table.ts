import { normalised, type OperationKind } from "../mcp/operations.js";
import type { AccessRules } from "../options/access-rules.js";

/** Finds the rules for a name, all of which must hold. */
export interface RuleTable<Rule> {
  rulesFor(name: string): readonly Rule[];
}

/**
 * The rules of one kind, compiled: a look-up costs the same with ten rules and with a thousand.
 *
 * @param rules by name or pattern; the most precise counts.
 * @param own what the files of tools and so on declare themselves, by name or URI template, those that declare nothing
 * included; such a rule is added to what `rules` say.
 * @param otherwise for what is in neither.
 */
export function ruleTable<Rule>(
  rules: Readonly<Record<string, Rule>>,
  own: ReadonlyMap<string, Rule | undefined>,
  otherwise: Rule,
): RuleTable<Rule> {
  const exact = new Map<string, Rule[]>();
  const byPrefix = new Map<string, Rule[]>();
  for (const [key, rule] of Object.entries(rules)) {
    const prefix = prefixOf(key);
    add(prefix === undefined ? exact : byPrefix, prefix ?? key, rule);
  }
  const lengths = [...new Set([...byPrefix.keys()].map(({ length }) => length))].sort((a, b) => b - a);
  const fallback = [otherwise];
  const templates = [...own].flatMap(([name, access]) => {
    const pattern = access === undefined ? undefined : templatePattern(name);
    return access === undefined || pattern === undefined ? [] : [{ pattern, access }];
  });

  /** What files declare about the name: its own file or, for a URI that has none, those of the templates it fits. */
  function declaredFor(name: string): readonly Rule[] {
    if (!own.has(name))
      return templates.filter(({ pattern }) => pattern.test(name)).map(({ access }) => access);
    const access = own.get(name);
    return access === undefined ? [] : [access];
  }

  function listed(name: string): readonly Rule[] | undefined {
    const found = exact.get(name);
    if (found !== undefined) return found;
    for (const length of lengths) {
      const rulesOfPrefix = name.length >= length ? byPrefix.get(name.slice(0, length)) : undefined;
      if (rulesOfPrefix !== undefined) return rulesOfPrefix;
    }
    return undefined;
  }

  return {
    rulesFor(name) {
      const declared = declaredFor(name);
      const rulesOfName = listed(name);
      if (declared.length === 0) return rulesOfName ?? fallback;
      return [...(rulesOfName ?? []), ...declared];
    },
  };
}

/** What a pattern begins with – up to its `*`, or to the first variable of a URI template. */
export function prefixOf(key: string): string | undefined {
  const variable = key.indexOf("{");
  if (variable !== -1) return key.slice(0, variable);
  return key.endsWith("*") ? key.slice(0, -1) : undefined;
}

/** The URIs that a template stands for – all that the MCP SDK reads by it, at the least. */
export function templatePattern(template: string): RegExp | undefined {
  if (!template.includes("{")) return undefined;
  const parts = template.split(/(\{[^}]*\})/).map((part) => {
    if (!part.startsWith("{")) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    // An operator (RFC 6570) may let it span several segments.
    return /^\{[\w-]+\}$/.test(part) ? "[^/]+" : ".+";
  });
  return new RegExp(`^${parts.join("")}$`);
}

/** Rules by name as they are looked up: an exact URI in its serialized form. */
export function keysAsLookedUp(kind: OperationKind, rules: AccessRules): AccessRules {
  if (kind !== "resources") return rules;
  const entries = Object.entries(rules).map(
    ([key, rule]) => [prefixOf(key) === undefined ? normalised(key) : key, rule] as const,
  );
  return Object.fromEntries(entries);
}

function add<Rule>(table: Map<string, Rule[]>, key: string, rule: Rule): void {
  const rules = table.get(key);
  if (rules === undefined) table.set(key, [rule]);
  else rules.push(rule);
}
