/** The kinds of operation that a rule can cover. Each is a member of `AccessOptions`. */
export type OperationKind = "tools" | "prompts" | "resources";

/** A tool, prompt or resource that a JSON-RPC request uses. */
export interface Operation {
  readonly kind: OperationKind;
  /** Name of the tool or prompt, URI of the resource; empty if the request names none. */
  readonly name: string;
  /** The request's JSON-RPC id. A request without an id gets no response. */
  readonly id: unknown;
  /** `params.arguments`, as sent. */
  readonly arguments: unknown;
  /** Whether a tool runs, instead of only being named by its page. */
  readonly isCall: boolean;
}

/** The members of a JSON-RPC request that this module reads, unchecked. */
export interface JsonRpcMessage {
  readonly method?: unknown;
  readonly id?: unknown;
  readonly params?: Readonly<Record<string, unknown>> | null;
}

type Named = readonly (readonly [OperationKind, unknown])[];
type Names = (params: Readonly<Record<string, unknown>>) => Named;

/** Every method of MCP (all revisions up to 2026-07-28) that uses a tool, a prompt or a resource. */
const METHODS: ReadonlyMap<unknown, Names> = new Map<unknown, Names>([
  ["tools/call", ({ name }) => [["tools", name]]],
  ["prompts/get", ({ name }) => [["prompts", name]]],
  ["resources/read", ({ uri }) => [["resources", normalised(uri)]]],
  ["resources/subscribe", ({ uri }) => [["resources", normalised(uri)]]],
  ["resources/unsubscribe", ({ uri }) => [["resources", normalised(uri)]]],
  ["completion/complete", ({ ref }) => completed(ref)],
  ["subscriptions/listen", ({ notifications }) => subscribed(notifications)],
]);

/**
 * The operations of a JSON-RPC body, every element of a batch included. Only the body counts: headers that name a
 * method or a tool (`Mcp-Method`, `Mcp-Name`) are unverified.
 *
 * @param toolOfPage the tool of a page's URI: reading the page runs the tool.
 */
export function operationsOf(
  body: unknown,
  toolOfPage: (uri: string) => string | undefined,
): readonly Operation[] {
  const operations: Operation[] = [];
  for (const message of messagesOf(body)) {
    const { method, id, params } = (message ?? {}) as JsonRpcMessage;
    const named = METHODS.get(method)?.(params ?? {}) ?? [];
    for (const [kind, given] of named) {
      const name = text(given);
      operations.push({ kind, name, id, arguments: params?.arguments, isCall: kind === "tools" });
      const tool = kind === "resources" ? toolOfPage(name) : undefined;
      const isCall = method === "resources/read";
      if (tool !== undefined) operations.push({ kind: "tools", name: tool, id, arguments: {}, isCall });
    }
  }
  return operations;
}

/** The methods of the body, for requests that do not concern a single tool, prompt or resource. */
export function methodsOf(body: unknown): readonly unknown[] {
  return messagesOf(body).map((message) => ((message ?? {}) as JsonRpcMessage).method);
}

/** The name of the tool that the body calls, if it calls exactly one; for events. */
export function onlyTool(operations: readonly Operation[]): string | undefined {
  const [first, second] = operations.filter(({ kind }) => kind === "tools");
  return first !== undefined && second === undefined && isToolName(first.name) ? first.name : undefined;
}

/** Whether a name can be a tool's. Names go into events, and a caller may send any text. */
export function isToolName(name: string): boolean {
  return /^[\w./-]{1,128}$/.test(name);
}

/** The messages of a body, which is one or a batch. */
export function messagesOf(body: unknown): readonly unknown[] {
  if (body === undefined) return [];
  return Array.isArray(body) ? body : [body];
}

function completed(ref: unknown): Named {
  const { type, name, uri } = (ref ?? {}) as { type?: unknown; name?: unknown; uri?: unknown };
  if (type === "ref/prompt") return [["prompts", name]];
  if (type !== "ref/resource") return [];
  // A template is looked up as written: `URL` would escape its braces for some schemes.
  return [["resources", text(uri).includes("{") ? uri : normalised(uri)]];
}

function subscribed(notifications: unknown): Named {
  const { resourceSubscriptions } = (notifications ?? {}) as { resourceSubscriptions?: unknown };
  return Array.isArray(resourceSubscriptions)
    ? resourceSubscriptions.map((uri) => ["resources", normalised(uri)] as const)
    : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The serialized URL, by which the MCP SDK looks up resources: `DOCS://a` becomes `docs://a`. */
export function normalised(uri: unknown): string {
  const written = text(uri);
  return URL.canParse(written) ? new URL(written).href : written;
}
