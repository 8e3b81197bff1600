import type { JsonRpcMessage } from "./operations.js";

/** Members of `_meta` that requests of MCP 2026-07-28 and later have. */
const PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";
const CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

/** A page that the user has to open, and the reason as one sentence. */
export interface PageToOpen {
  /** Identifies the question, so that an answer to it can be told from answers to others. */
  readonly name: string;
  readonly url: string;
  readonly message: string;
}

/**
 * How a client is asked to open a page. `input`: a result that asks (MCP 2026-07-28). `error`: the error -32042 (MCP
 * 2025-11-25). `undefined`: the client can do neither, so a text has the link.
 */
export type Question =
  | { readonly input: object }
  | { readonly error: { readonly code: number; readonly message: string; readonly data: object } }
  | undefined;

/** The methods whose result may ask for input (MCP 2026-07-28). */
const MAY_ASK: ReadonlySet<unknown> = new Set(["tools/call", "prompts/get", "resources/read"]);
/** The methods whose handlers may ask: xmcp converts the results of the others. */
const HANDLERS_MAY_ASK: ReadonlySet<unknown> = new Set(["tools/call"]);

/** The request that a question is about. */
export interface Asker {
  /** The body of the request. */
  readonly body: object | undefined;
  /** Whether the client announced it when it connected; later requests before MCP 2026-07-28 do not say it. */
  readonly hasAnnounced: () => boolean;
  /** Whether a handler asks, and not the door in front of it. */
  readonly isHandler: boolean;
}

/**
 * The question that the client of a request understands. A request that has an answer to this question is not asked again,
 * so that no client repeats it forever.
 */
export function questionFor(page: PageToOpen, { body, hasAnnounced, isHandler }: Asker): Question {
  if (body === undefined || Array.isArray(body)) return undefined;
  const { method, params } = body as JsonRpcMessage;
  if (!MAY_ASK.has(method)) return undefined;
  const meta = objectOf(params?._meta);
  if (meta[PROTOCOL_VERSION] === undefined)
    return hasAnnounced() ? { error: elicitationError(page) } : undefined;
  if (isHandler && !HANDLERS_MAY_ASK.has(method)) return undefined;
  const isAnswered = Object.hasOwn(objectOf(params?.inputResponses), page.name);
  if (isAnswered || !opensUrls(meta[CLIENT_CAPABILITIES])) return undefined;
  return { input: inputRequired(page, params?.requestState) };
}

/** What an `initialize` request says. @returns `undefined` for any other body. */
export function announcedBy(body: object | undefined): boolean | undefined {
  const { method, params } = (body ?? {}) as JsonRpcMessage;
  return method === "initialize" ? opensUrls(params?.capabilities) : undefined;
}

function opensUrls(capabilities: unknown): boolean {
  const { url } = objectOf(objectOf(capabilities).elicitation);
  return typeof url === "object" && url !== null;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/**
 * `InputRequiredResult` (MCP 2026-07-28). It needs no state of its own: each request checks the account again. State of
 * the tool's is passed on.
 */
function inputRequired({ name, url, message }: PageToOpen, requestState: unknown): object {
  return {
    resultType: "input_required",
    inputRequests: { [name]: { method: "elicitation/create", params: { mode: "url", url, message } } },
    ...(typeof requestState === "string" && { requestState }),
  };
}

/** `URLElicitationRequiredError` (MCP 2025-11-25). Some clients show its message only, so that has the link, too. */
function elicitationError(page: PageToOpen) {
  const { url, message } = page;
  const elicitationId = crypto.randomUUID();
  const data = { elicitations: [{ mode: "url", elicitationId, url, message }] };
  return { code: -32042, message: asText(page), data };
}

/** For a person, who sees it as the answer of the tool. */
export function asText({ url, message }: Pick<PageToOpen, "url" | "message">): string {
  return `${message} Open ${url}, then ask again.`;
}
