import { listedKinds } from "../mcp/lists.js";
import { methodsOf, type Operation, type OperationKind, operationsOf } from "../mcp/operations.js";
import type { Catalogue } from "./catalogue.js";
import { type Policy, providersFor } from "./policy.js";

/** The parts of a request that the rules depend on. */
export interface Wanted {
  readonly operations: readonly Operation[];
  /** The kinds that the request lists. Empty without rules, because then no entry is hidden. */
  readonly listed: readonly OperationKind[];
  /** Whether a rule for one of the operations needs the caller's public metadata. */
  readonly needsMetadata: boolean;
  /** The providers whose connected accounts the answer depends on. */
  readonly providers: readonly string[];
}

/**
 * @param body a JSON-RPC message or batch.
 * @param connectionsInLists whether lists depend on connected accounts, too.
 */
export function wantedBy(
  body: object | undefined,
  policy: Policy,
  known: Catalogue | undefined,
  connectionsInLists: boolean,
): Wanted {
  const { hasRules, asksForMetadata } = policy;
  const operations = operationsOf(body, (uri) => known?.pages.get(uri)?.name);
  if (!hasRules) return { operations, listed: [], needsMetadata: false, providers: [] };
  const listed = listedKinds(methodsOf(body));
  const needsMetadata =
    operations.some(({ kind }) => asksForMetadata[kind]) || listed.some((kind) => asksForMetadata[kind]);
  const ofLists = connectionsInLists ? listed.flatMap((kind) => policy.providers[kind]) : [];
  const ofOperations = operations.flatMap(({ kind, name }) =>
    policy.providers[kind].length === 0 ? [] : providersFor(policy, kind, name),
  );
  return { operations, listed, needsMetadata, providers: [...ofOperations, ...ofLists] };
}
