import { normalised, type OperationKind } from "../mcp/operations.js";
import type { AccessRules } from "../options/access-rules.js";

/** Finds the rules for a name. All of them must be met. */
export interface RuleTable<Rule> {
  rulesFor(name: string): readonly Rule[];
}

/**
 * Compiles the rules of one kind. A look-up costs the same with ten rules and with a thousand.
 *
 * @param rules by name or pattern; the most specific one applies.
 * @param declaredInFiles rules from the files of tools, prompts and resources, by name or URI template; `undefined` for
 * a file without a rule. They are added to `rules`.
 * @param fallback for names that match no rule.
 */
export function ruleTable<Rule>(
  rules: Readonly<Record<string, Rule>>,
  declaredInFiles: ReadonlyMap<string, Rule | undefined>,
  fallback: Rule,
): RuleTable<Rule> {
  const exact = new Map<string, Rule[]>();
  const byPrefix = new Map<string, Rule[]>();
  for (const [key, rule] of Object.entries(rules)) {
    const prefix = prefixOf(key);
    add(prefix === undefined ? exact : byPrefix, prefix ?? key, rule);
  }
  const lengths = [...new Set([...byPrefix.keys()].map(({ length }) => length))].sort((a, b) => b - a);
  const fallbacks = [fallback];
  const templates = [...declaredInFiles].flatMap(([name, rule]) => {
    const pattern = templatePattern(name);
    return pattern === undefined ? [] : [{ pattern, rule }];
  });

  /** The rules in files: of the name's own file, or of every URI template that it matches, since any of them may answer. */
  function declaredFor(name: string): readonly (Rule | undefined)[] {
    if (declaredInFiles.has(name)) return [declaredInFiles.get(name)];
    return templates.filter(({ pattern }) => pattern.test(name)).map(({ rule }) => rule);
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
      if (declared.length === 0) return rulesOfName ?? fallbacks;
      if (rulesOfName === undefined) return declared.map((rule) => rule ?? fallback);
      return [...rulesOfName, ...declared.filter((rule) => rule !== undefined)];
    },
  };
}

/** The literal start of a pattern, up to its `*` or to the first variable of a URI template. */
export function prefixOf(key: string): string | undefined {
  const variable = key.indexOf("{");
  if (variable !== -1) return key.slice(0, variable);
  return key.endsWith("*") ? key.slice(0, -1) : undefined;
}

/** Matches at least every URI that the MCP SDK resolves with the template. */
export function templatePattern(template: string): RegExp | undefined {
  if (!template.includes("{")) return undefined;
  const parts = template.split(/(\{[^}]*\})/).map((part) => {
    if (!part.startsWith("{")) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    // An operator (RFC 6570) can span several segments.
    return /^\{[\w-]+\}$/.test(part) ? "[^/]+" : ".+";
  });
  return new RegExp(`^${parts.join("")}$`);
}

/** Converts the names of rules to the form that look-ups use: an exact URI in its serialized form. */
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
