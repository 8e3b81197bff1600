import { listedKinds } from "../mcp/lists.js";
import { methodsOf, type Operation, type OperationKind, operationsOf } from "../mcp/operations.js";
import type { Catalogue } from "./catalogue.js";
import type { Policy } from "./policy.js";

/** The parts of a request that the rules depend on. */
export interface Wanted {
  readonly operations: readonly Operation[];
  /** The kinds that the request lists. Empty without rules, because then no entry is hidden. */
  readonly listed: readonly OperationKind[];
  /** Whether a rule for one of the operations needs the caller's public metadata. */
  readonly needsMetadata: boolean;
}

/** @param body a JSON-RPC message or batch. */
export function wantedBy(
  body: object | undefined,
  { hasRules, asksForMetadata }: Policy,
  known: Catalogue | undefined,
): Wanted {
  const operations = operationsOf(body, (uri) => known?.pages.get(uri)?.name);
  if (!hasRules) return { operations, listed: [], needsMetadata: false };
  const listed = listedKinds(methodsOf(body));
  const needsMetadata =
    operations.some(({ kind }) => asksForMetadata[kind]) || listed.some((kind) => asksForMetadata[kind]);
  return { operations, listed, needsMetadata };
}
