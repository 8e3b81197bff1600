import type { ConfigProblem } from "../errors/config-error.js";
import { CALLERS, ORGANIZATION_SCOPE } from "../identity.js";
import { normalised, type OperationKind } from "../mcp/operations.js";
import { type Access, type AccessRules, accessRule } from "../options/access-rules.js";

import type { Settings } from "../options/settings.js";
import { needsMetadata, type Policy } from "./policy.js";
import { type Requirement, requirementsOf } from "./requirements.js";
import { keysAsLookedUp, prefixOf, type RuleTable, ruleTable, templatePattern } from "./rule-table.js";

/** A tool, prompt or resource of the server. */
export interface Declaration {
  /** Name of a tool or prompt; URI or URI template of a resource. */
  readonly name: string;
  /** What its file exports as `access`. */
  readonly access: unknown;
}

/** All that the server has. */
export type Declarations = Readonly<Record<OperationKind, readonly Declaration[]>>;

/** The rules of the options and of the files together, and what is wrong with them. */
export interface Compiled {
  readonly policy: Policy;
  /** A file's rule that is none, or a rule for something that does not exist. */
  readonly problems: readonly ConfigProblem[];
}

/** @param declared what the server has; `undefined` if that is not known: then names cannot be checked. */
export function compile(
  { access, scopes, requiredScopes }: Settings,
  declared: Declarations | undefined,
): Compiled {
  const { default: otherwise = "authenticated", scopeHierarchy = {} } = access;
  const problems: ConfigProblem[] = [];
  const rulesOf = (kind: OperationKind) => {
    const listed = keysAsLookedUp(kind, access[kind] ?? {});
    const own = ownRules(kind, declared?.[kind] ?? [], problems);
    if (declared !== undefined) problems.push(...strangers(kind, access[kind] ?? {}, declared[kind]));
    const declaredRules = [...own.values()].filter((access) => access !== undefined);
    return { listed, own, all: [...Object.values(listed), ...declaredRules] };
  };
  const [tools, prompts, resources] = [rulesOf("tools"), rulesOf("prompts"), rulesOf("resources")];
  const all = [tools, prompts, resources].flatMap((rules) => rules.all);
  const hierarchy = Object.entries(scopeHierarchy).flat(2);
  return {
    problems,
    policy: {
      tables: {
        tools: requirementTable(tools.listed, tools.own, otherwise),
        prompts: requirementTable(prompts.listed, prompts.own, otherwise),
        resources: requirementTable(resources.listed, resources.own, otherwise),
      },
      requiredOfUsers: requiredScopes.length === 0 ? [] : requirementsOf({ scopes: requiredScopes }),
      hasRules: all.length > 0 || otherwise === "deny",
      asksForMetadata: {
        tools: tools.all.some(needsMetadata),
        prompts: prompts.all.some(needsMetadata),
        resources: resources.all.some(needsMetadata),
      },
      scopesToAdvertise: [...new Set(all.flatMap(userScopes))],
      knownScopes: new Set([
        ...scopes,
        ...requiredScopes,
        ...hierarchy,
        ...all.flatMap(scopesOf),
        ORGANIZATION_SCOPE,
      ]),
    },
  };
}

function requirementTable(
  listed: AccessRules,
  own: ReadonlyMap<string, Access | undefined>,
  otherwise: Access,
): RuleTable<readonly Requirement[]> {
  const required = Object.entries(listed).map(([key, access]) => [key, requirementsOf(access)] as const);
  const ownRequired = [...own].map(
    ([name, access]) => [name, access === undefined ? undefined : requirementsOf(access)] as const,
  );
  return ruleTable(Object.fromEntries(required), new Map(ownRequired), requirementsOf(otherwise));
}

function ownRules(
  kind: OperationKind,
  declarations: readonly Declaration[],
  problems: ConfigProblem[],
): ReadonlyMap<string, Access | undefined> {
  const own = new Map<string, Access | undefined>();
  for (const { name, access } of declarations) {
    if (!own.has(name)) own.set(name, undefined);
    if (access === undefined) continue;
    const { data, error } = accessRule.safeParse(access);
    // A rule that cannot be understood was meant to keep somebody out.
    own.set(name, data ?? "deny");
    for (const { path, message } of error?.issues ?? []) {
      const option = [`access of ${name} (${kind})`, ...path].join(" → ");
      problems.push({ kind: "invalid", option, fix: message });
    }
  }
  return own;
}

/** Rules for things that do not exist: most likely misspelt, and then something else is open. */
function strangers(
  kind: OperationKind,
  rules: AccessRules,
  declarations: readonly Declaration[],
): readonly ConfigProblem[] {
  const names = declarations.map(({ name }) => name);
  return Object.keys(rules)
    .filter((key) => !names.some((name) => fits(key, name)))
    .map((key) => ({
      kind: "invalid",
      option: `access → ${kind} → ${key}`,
      fix: `there is none of that name; there are: ${names.join(", ") || "none"}`,
    }));
}

function fits(key: string, name: string): boolean {
  const prefix = prefixOf(key);
  if (key === name) return true;
  if (prefix === undefined) return templatePattern(name)?.test(normalised(key)) ?? false;
  return name.startsWith(prefix) || (prefixOf(name) !== undefined && prefix.startsWith(prefixOf(name) ?? ""));
}

function scopesOf(access: Access): readonly string[] {
  return typeof access === "string" ? [] : [...(access.scopes ?? []), ...(access.anyScope ?? [])];
}

/** An API key may have scopes that Clerk's sign-in knows nothing of. */
function userScopes(access: Access): readonly string[] {
  const callers = typeof access === "string" ? undefined : access.callers;
  return callers === undefined || callers.some((kind) => CALLERS[kind].signsIn) ? scopesOf(access) : [];
}
