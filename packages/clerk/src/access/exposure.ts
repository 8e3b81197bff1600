import { type IsShown, LIST_METHODS } from "../mcp/lists.js";
import { methodsOf, type Operation, type OperationKind } from "../mcp/operations.js";
import { type Catalogue, type Declaration, isNamedBy, resourcesFor } from "./catalogue.js";

/** A request after its judgement. */
export interface Judged {
  readonly body: object | undefined;
  /** The operations of the body, all of them allowed. */
  readonly operations: readonly Operation[];
  /** Which entries of lists the caller sees. `undefined`: all. */
  readonly isShown: IsShown | undefined;
}

/** Whether the request was judged for this tool, prompt or resource. */
export function wasJudged(operations: readonly Operation[], kind: OperationKind, name: string): boolean {
  return operations.some(
    (operation) =>
      operation.kind === kind &&
      (kind === "resources" ? isNamedBy(name, operation.name) : operation.name === name),
  );
}

/**
 * The files that exist for one request: those that it uses or lists, or the witness of a kind. Whatever else the server has
 * does not exist for this request, and costs it nothing.
 */
export function exposure(
  { body, operations, isShown = () => true }: Judged,
  known: Catalogue,
): (kind: OperationKind) => readonly string[] {
  const methods = methodsOf(body);
  const lists = LIST_METHODS.filter(({ method }) => methods.includes(method));
  const listsTools = lists.some(({ kind }) => kind === "tools");
  const listsResources = lists.some(({ kind }) => kind === "resources");

  function used(kind: OperationKind): readonly Declaration[] {
    return operations.flatMap((operation) => {
      if (operation.kind !== kind) return [];
      if (kind === "resources") return resourcesFor(known, operation.name);
      return known[kind].get(operation.name) ?? [];
    });
  }

  /** A tool with a page is an entry of both lists, so in a batch of both it must be shown in both. */
  function isToolListed({ name, page }: Declaration): boolean {
    if (page === undefined) return listsTools && isShown("tools", name);
    return (listsTools || listsResources) && isShown("tools", name) && isPageShown(page);
  }

  function isPageShown(page: string): boolean {
    return !listsResources || isShown("resources", page);
  }

  function listed(kind: OperationKind): readonly Declaration[] {
    if (kind === "tools") return known.declared.tools.filter(isToolListed);
    if (!lists.some((list) => list.kind === kind)) return [];
    return known.declared[kind].filter(({ name }) => isShown(kind, name));
  }

  const isList = lists.length > 0;
  /** The first answer of a server names its capabilities, some of which depend on single prompts and resources. */
  const isGreeting = operations.length === 0 && !isList;
  /** The MCP SDK completes for none if it knows none that has completions. */
  const completes = methods.includes("completion/complete") && !isList;
  const readsResource = operations.some(({ kind }) => kind === "resources") && !isList;

  return (kind) => {
    if ((isGreeting || completes) && kind !== "tools") return pathsOf(known.declared[kind]);
    const paths = pathsOf([...used(kind), ...listed(kind)]);
    if (paths.length > 0) return paths;
    // A page may be the server's only resource.
    if ((isGreeting || readsResource) && known.declared.resources.length === 0) return withPage(known);
    // A witness would be an entry of the list.
    return lists.some((list) => list.kind === kind) ? [] : known.witness[kind];
  };
}

/** The witness, and a tool with a page, which makes resources a capability. */
function withPage({ witness, pages }: Catalogue): readonly string[] {
  const [tool] = pages.values();
  return tool === undefined ? witness.tools : [...witness.tools, tool.path];
}

function pathsOf(declarations: readonly Declaration[]): readonly string[] {
  return [...new Set(declarations.map(({ path }) => path))];
}
