import type { Visit } from "./messages.js";
import type { OperationKind } from "./operations.js";

/** Whether the caller sees this tool, prompt or resource in a list. */
export type IsShown = (kind: OperationKind, name: string) => boolean;

interface ListMethod {
  readonly kind: OperationKind;
  /** The member of the result that is the list. */
  readonly list: string;
  /** The member that names an entry. */
  readonly name: string;
}

const LISTS: ReadonlyMap<unknown, ListMethod> = new Map<unknown, ListMethod>([
  ["tools/list", { kind: "tools", list: "tools", name: "name" }],
  ["prompts/list", { kind: "prompts", list: "prompts", name: "name" }],
  ["resources/list", { kind: "resources", list: "resources", name: "uri" }],
  ["resources/templates/list", { kind: "resources", list: "resourceTemplates", name: "uriTemplate" }],
]);

/** The kinds that the methods list. */
export function listedKinds(methods: readonly unknown[]): readonly OperationKind[] {
  return methods.flatMap((method) => LISTS.get(method)?.kind ?? []);
}

/**
 * Removes from the lists in a response the entries that the caller may not see, and marks the result as private
 * (`cacheScope`, MCP 2026-07-28; older clients ignore it).
 */
export function withoutHidden(isShown: IsShown): Visit {
  return (message) => {
    const { result } = message;
    if (typeof result !== "object" || result === null) return message;
    const lists = [...LISTS.values()].filter(({ list }) => Array.isArray((result as Entry)[list]));
    if (lists.length === 0) return message;
    const shown = lists.map(({ kind, list, name }) => [
      list,
      ((result as Entry)[list] as readonly Entry[]).filter((entry) => isShown(kind, String(entry?.[name]))),
    ]);
    return { ...message, result: { ...result, ...Object.fromEntries(shown), ...privately(result) } };
  };
}

type Entry = Readonly<Record<string, unknown>>;

function privately(result: object): object {
  return "cacheScope" in result ? { cacheScope: "private" } : {};
}
