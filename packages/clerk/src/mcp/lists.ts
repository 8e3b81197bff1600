import type { OperationKind } from "./operations.js";

/** Whether the caller sees this tool, prompt or resource in a list. */
export type IsShown = (kind: OperationKind, name: string) => boolean;

interface ListMethod {
  readonly method: string;
  readonly kind: OperationKind;
  /** The member of the result that is the list. */
  readonly list: string;
}

export const LIST_METHODS: readonly ListMethod[] = [
  { method: "tools/list", kind: "tools", list: "tools" },
  { method: "prompts/list", kind: "prompts", list: "prompts" },
  { method: "resources/list", kind: "resources", list: "resources" },
  { method: "resources/templates/list", kind: "resources", list: "resourceTemplates" },
];

/** The kinds that the methods list. */
export function listedKinds(methods: readonly unknown[]): readonly OperationKind[] {
  return LIST_METHODS.filter(({ method }) => methods.includes(method)).map(({ kind }) => kind);
}
