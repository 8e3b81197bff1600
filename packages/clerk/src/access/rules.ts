import { CALLERS, ORGANIZATION_SCOPE } from "../identity.js";
import type { Access } from "../options/access-rules.js";
import { listOf, type Requirement, requirementsOf } from "./requirements.js";
import { type RuleTable, templatePattern } from "./rule-table.js";

/** A rule as requests are judged by it. */
export interface CompiledRule {
  readonly access: Access;
  readonly requirements: readonly Requirement[];
  /** Whether a rule `"public"` opens this name. Other rules hold for whatever begins like their URI template. */
  opens(name: string): boolean;
}

/** Rules of one kind, by name. */
export type Rules = RuleTable<CompiledRule>;

/** @param key the name or pattern that the rule is for. `undefined`: the rule is not of the options. */
export function compiledRule(access: Access, key?: string): CompiledRule {
  const pattern = key === undefined ? undefined : templatePattern(key);
  return {
    access,
    requirements: requirementsOf(access),
    // Another template may answer the same URIs, so a template is opened by its own name only.
    opens: (name) =>
      access === "public" &&
      (pattern === undefined || name === key || (!name.includes("{") && pattern.test(name))),
  };
}

/** Whether a tool, prompt or resource needs no credential: every rule for it is `"public"`. */
export function isPublic(rules: Rules, name: string): boolean {
  return rules.rulesFor(name).every((rule) => rule.opens(name));
}

/** Whether a person may get in by signing in, or without. Roles and the like are only known then. */
export function maySignInOpen(rules: Rules, name: string): boolean {
  return rules.rulesFor(name).every(({ access }) => access !== "deny" && isForUsers(access));
}

/** Whether the rule is met by users, and not only by API keys or machines. */
export function isForUsers(access: Access): boolean {
  const callers = typeof access === "string" ? undefined : access.callers;
  return callers === undefined || callers.some((kind) => CALLERS[kind].signsIn);
}

/** The scopes that a sign-in needs for the rule: of alternatives the first, as in a challenge. */
export function scopesToRequest(access: Access): readonly string[] {
  if (typeof access === "string") return [];
  const { scopes = [], anyScope = [], organization, organizations, role, permission } = access;
  const needsOrganization = [organization, organizations, role, permission].some(
    (needed) => needed !== undefined,
  );
  return [...scopes, ...listOf(anyScope).slice(0, 1), ...(needsOrganization ? [ORGANIZATION_SCOPE] : [])];
}
