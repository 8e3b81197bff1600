/** What a rule can be about; each is a member of `AccessOptions`. */
export type OperationKind = "tools" | "prompts" | "resources";

/** Something that a JSON-RPC request wants to use. */
export interface Operation {
  readonly kind: OperationKind;
  /** Name of the tool or prompt, URI of the resource; empty if the request names none. */
  readonly name: string;
  /** The request's JSON-RPC id; a request without one is not answered. */
  readonly id: unknown;
  /** `params.arguments`, as sent. */
  readonly arguments: unknown;
}

/** The members of a JSON-RPC request that are looked at; any of them may be anything. */
interface Message {
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
 * What a JSON-RPC body wants to use, every element of a batch included. Only the body is read: headers that name a
 * method or a tool (`Mcp-Method`, `Mcp-Name`) are the caller's word.
 */
export function operationsOf(body: unknown): readonly Operation[] {
  const operations: Operation[] = [];
  for (const message of messagesOf(body)) {
    const { method, id, params } = (message ?? {}) as Message;
    const named = METHODS.get(method)?.(params ?? {}) ?? [];
    for (const [kind, name] of named)
      operations.push({ kind, name: text(name), id, arguments: params?.arguments });
  }
  return operations;
}

/** The methods of the body, for what is not about a single thing. */
export function methodsOf(body: unknown): readonly unknown[] {
  return messagesOf(body).map((message) => ((message ?? {}) as Message).method);
}

/** The name of the one tool that the body calls, for a record. */
export function onlyTool(operations: readonly Operation[]): string | undefined {
  const [first, second] = operations.filter(({ kind }) => kind === "tools");
  return first !== undefined && second === undefined && isToolName(first.name) ? first.name : undefined;
}

/** Names are recorded, and a caller may send any: only what can be a tool's name is believed. */
export function isToolName(name: string): boolean {
  return /^[\w./-]{1,128}$/.test(name);
}

function messagesOf(body: unknown): readonly unknown[] {
  return Array.isArray(body) ? body : [body];
}

function completed(ref: unknown): Named {
  const { type, name, uri } = (ref ?? {}) as { type?: unknown; name?: unknown; uri?: unknown };
  if (type === "ref/prompt") return [["prompts", name]];
  if (type !== "ref/resource") return [];
  // A template is looked up as it is written; some schemes would have its braces escaped.
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

/** A resource is looked up by the serialized URL, so that is what is judged: `DOCS://a` is `docs://a`. */
export function normalised(uri: unknown): string {
  const written = text(uri);
  return URL.canParse(written) ? new URL(written).href : written;
}
