import { Refusal } from "../errors/refusal.js";
import { CALLERS } from "../identity.js";
import type { IsShown } from "../mcp/lists.js";
import type { Operation, OperationKind } from "../mcp/operations.js";
import type { Access, ListPolicy } from "../options/access-rules.js";
import type { Settings } from "../options/settings.js";
import type { Facts, Requirement, Shortfall } from "./requirements.js";
import type { RuleTable } from "./rule-table.js";

/** The rules in force, compiled. */
export interface Policy {
  readonly tables: Readonly<Record<OperationKind, RuleTable<readonly Requirement[]>>>;
  /** Of every request. The scopes of a machine's token name machines, so this says nothing about it. */
  readonly requiredOfUsers: readonly Requirement[];
  /** Whether anything varies with the caller at all. */
  readonly hasRules: boolean;
  /** Whether a rule of the kind asks for public metadata, which has to be fetched. */
  readonly asksForMetadata: Readonly<Record<OperationKind, boolean>>;
  /** The scopes that rules want of users: Clerk has to know them. */
  readonly scopesToAdvertise: readonly string[];
  /** Every scope that a rule or an option names: a challenge may ask for these again. */
  readonly knownScopes: ReadonlySet<string>;
}

/**
 * Refuses unless the caller may do all that the request wants to (a batch passes or fails as a whole).
 *
 * @throws {Refusal} what no sign-in can cure comes first, then what cannot be known now, then a step-up that names
 * every scope needed, so that a client asks once.
 */
export function authorize(
  operations: readonly Operation[],
  facts: Facts,
  policy: Policy,
  settings: Settings,
): void {
  const lacks: Shortfall[] = [];
  if (CALLERS[facts.session.caller].hasScopes) addLacks(lacks, policy.requiredOfUsers, facts);
  for (const { kind, name } of operations) addLacksFor(lacks, kind, name, facts, policy);
  if (lacks.length === 0) return;
  const closed = lacks.filter((lack) => lack.kind === "denied");
  const [first] = closed;
  if (first !== undefined) throw new Refusal(first.reason, { needs: unique(closed.map(({ need }) => need)) });
  const unknown = lacks.find((lack) => lack.kind === "unknown");
  if (unknown !== undefined) throw unknown.failure;
  throw stepUp(lacks, facts, policy, settings);
}

/** Adds what the caller lacks for the thing of that name. */
function addLacksFor(
  lacks: Shortfall[],
  ...[kind, name, facts, { tables }]: [OperationKind, string, Facts, Policy]
): void {
  for (const rule of tables[kind].rulesFor(name)) addLacks(lacks, rule, facts);
}

function addLacks(lacks: Shortfall[], rule: readonly Requirement[], facts: Facts): void {
  for (const requirement of rule) {
    const lack = requirement(facts);
    if (lack !== undefined) lacks.push(lack);
  }
}

/** Which entries of a list the caller is shown. */
export function isShownTo(facts: Facts, policy: Policy, lists: ListPolicy = "allowed"): IsShown | undefined {
  if (lists === "all") return undefined;
  return (kind, name) => {
    const lacks: Shortfall[] = [];
    addLacksFor(lacks, kind, name, facts, policy);
    return lists === "allowed" ? lacks.length === 0 : lacks.every((lack) => lack.kind === "scopes");
  };
}

export function needsMetadata(access: Access): boolean {
  return typeof access === "object" && access.metadata !== undefined;
}

/**
 * Names what is advertised, what is needed, and of what the token already has whatever is known here: a client that
 * asks for exactly these does not lose a scope it will need again.
 */
function stepUp(
  lacks: readonly Shortfall[],
  { session }: Facts,
  { knownScopes }: Policy,
  settings: Settings,
): Refusal {
  const steps = lacks.filter((lack) => lack.kind === "scopes");
  const isScope = steps.some(({ reason }) => reason === "scope_insufficient");
  return new Refusal(isScope ? "scope_insufficient" : "organization_missing", {
    scopes: unique([
      ...settings.scopes,
      ...session.scopes.filter((scope) => knownScopes.has(scope)),
      ...steps.flatMap(({ scopes }) => scopes),
    ]),
    needs: isScope ? [] : ["an active organization: sign in again and choose one"],
  });
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
