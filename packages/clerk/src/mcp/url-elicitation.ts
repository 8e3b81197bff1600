import type { JsonRpcMessage } from "./operations.js";

/** Members of `_meta` that requests of MCP 2026-07-28 and later have. */
const PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";
const CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

/** A page that the user has to open, and the reason as one sentence. */
export interface PageToOpen {
  readonly url: string;
  readonly message: string;
}

/**
 * How a client learns that its user has to open a page. `input`: the result asks for it (MCP 2026-07-28); `error`: the error
 * -32042 does (MCP 2025-11-25); `text`: the client can do neither, so a text has the link.
 */
export type Asking = "input" | "error" | "text";

/** The methods whose result may ask for input (MCP 2026-07-28). */
const MAY_ASK: ReadonlySet<unknown> = new Set(["tools/call", "prompts/get", "resources/read"]);

/**
 * How the client that sent this body can be asked. A request that has the answer to an earlier question is not asked again,
 * so that no client repeats it forever.
 *
 * @param hasAnnounced whether the client said so when it connected; later requests before MCP 2026-07-28 do not say it
 */
export function askingOf(body: object | undefined, hasAnnounced: () => boolean): Asking {
  if (body === undefined || Array.isArray(body)) return "text";
  const { method, params } = body as JsonRpcMessage;
  if (!MAY_ASK.has(method)) return "text";
  const meta = objectOf(params?._meta);
  if (meta[PROTOCOL_VERSION] === undefined) return hasAnnounced() ? "error" : "text";
  return params?.inputResponses === undefined && opensUrls(meta[CLIENT_CAPABILITIES]) ? "input" : "text";
}

/** Whether an `initialize` request announces that the client opens URLs. @returns `undefined` for any other body. */
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

/** `InputRequiredResult` (MCP 2026-07-28). It needs no `requestState`: the next call checks again whether the page did its work. */
export function inputRequired({ url, message }: PageToOpen): object {
  return {
    resultType: "input_required",
    inputRequests: { connect: { method: "elicitation/create", params: { mode: "url", url, message } } },
  };
}

/** `URLElicitationRequiredError` (MCP 2025-11-25). */
export function elicitationError({ url, message }: PageToOpen): {
  readonly code: number;
  readonly message: string;
  readonly data: object;
} {
  const elicitationId = crypto.randomUUID();
  return { code: -32042, message, data: { elicitations: [{ mode: "url", elicitationId, url, message }] } };
}

/** For a person, who sees it as the answer of the tool. */
export function asText({ url, message }: PageToOpen): string {
  return `${message} Open ${url}, then ask again.`;
}
