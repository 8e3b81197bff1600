import { Refusal } from "../errors/refusal.js";
import { CALLERS } from "../identity.js";
import type { IsShown } from "../mcp/lists.js";
import type { Operation, OperationKind } from "../mcp/operations.js";
import { asText } from "../mcp/url-elicitation.js";
import type { Access, ListPolicy } from "../options/access-rules.js";
import type { Settings } from "../options/settings.js";
import { pageFor } from "../session/connection-required.js";
import type { Denial, Facts, Requirement } from "./requirements.js";
import type { Rules } from "./rules.js";

/** The compiled rules. */
export interface Policy {
  readonly tables: Readonly<Record<OperationKind, Rules>>;
  /** `requiredScopes`; not applied to machines, whose scopes are machine ids. */
  readonly requiredOfUsers: readonly Requirement[];
  /** Whether any response depends on the caller. */
  readonly hasRules: boolean;
  /** Whether a rule opens anything to callers without a credential. */
  readonly hasPublicRules: boolean;
  /** Whether a rule of the kind uses public metadata, which costs a look-up. */
  readonly asksForMetadata: Readonly<Record<OperationKind, boolean>>;
  /** The providers whose accounts rules of the kind need. Each costs a look-up. */
  readonly providers: Readonly<Record<OperationKind, readonly string[]>>;
  /** The scopes that rules require of users: a sign-in can only grant them if Clerk advertises them. */
  readonly scopesToAdvertise: readonly string[];
  /** Every scope that a rule or an option names. A challenge names only these. */
  readonly knownScopes: ReadonlySet<string>;
}

/**
 * Refuses unless the caller may perform every operation of the request. A batch passes or fails as a whole.
 *
 * @throws {Refusal} in this order: needs that no sign-in can meet, needs that Clerk could not confirm, a step-up, an
 * account to connect. A step-up names every scope needed, so that one new sign-in is enough.
 */
export function authorize(
  operations: readonly Operation[],
  facts: Facts,
  policy: Policy,
  settings: Settings,
): void {
  const denials: Denial[] = [];
  if (CALLERS[facts.session.caller].hasScopes) addDenials(denials, policy.requiredOfUsers, facts);
  for (const { kind, name } of operations) addDenialsFor(denials, kind, name, facts, policy);
  if (denials.length === 0) return;
  const closed = denials.filter((denial) => denial.kind === "denied");
  const [first] = closed;
  if (first !== undefined) throw new Refusal(first.reason, { needs: unique(closed.map(({ need }) => need)) });
  const unknown = denials.find((denial) => denial.kind === "unknown");
  if (unknown !== undefined) throw unknown.failure;
  if (denials.some((denial) => denial.kind === "scopes")) throw stepUp(denials, facts, policy, settings);
  const unconnected = denials.find((denial) => denial.kind === "connection");
  if (unconnected === undefined) return;
  const page = pageFor(unconnected.missing, settings.accountPortalURL);
  throw new Refusal("connection_missing", { page, needs: [asText(page)] });
}

/** Adds the denials for one tool, prompt or resource. */
function addDenialsFor(
  denials: Denial[],
  ...[kind, name, facts, { tables }]: [OperationKind, string, Facts, Policy]
): void {
  for (const { requirements } of tables[kind].rulesFor(name)) addDenials(denials, requirements, facts);
}

function addDenials(denials: Denial[], requirements: readonly Requirement[], facts: Facts): void {
  for (const requirement of requirements) {
    const denial = requirement(facts);
    if (denial !== undefined) denials.push(denial);
  }
}

/** Which entries of a list the caller sees. `undefined`: all. */
export function isShownTo(facts: Facts, policy: Policy, lists: ListPolicy = "allowed"): IsShown | undefined {
  if (lists === "all") return undefined;
  return (kind, name) => {
    const denials: Denial[] = [];
    addDenialsFor(denials, kind, name, facts, policy);
    return lists === "allowed"
      ? denials.length === 0
      : denials.every(({ kind: need }) => need === "scopes" || need === "connection");
  };
}

/** The providers whose accounts the rules for this name need. */
export function providersFor({ tables }: Policy, kind: OperationKind, name: string): readonly string[] {
  return tables[kind].rulesFor(name).flatMap(({ access }) => connectionsOf(access));
}

export function connectionsOf(access: Access): readonly string[] {
  return typeof access === "object" ? Object.keys(access.connection ?? {}) : [];
}

export function needsMetadata(access: Access): boolean {
  return typeof access === "object" && access.metadata !== undefined;
}

/**
 * A step-up names the advertised scopes, the missing ones, and the known ones that the token already has. A client that
 * requests exactly these keeps the scopes it has.
 */
function stepUp(
  denials: readonly Denial[],
  { session }: Facts,
  { knownScopes }: Policy,
  settings: Settings,
): Refusal {
  const steps = denials.filter((denial) => denial.kind === "scopes");
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
