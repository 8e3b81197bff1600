/** Member of `_meta` that requests of MCP 2026-07-28 and later have. */
const PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";

/** The parts of a request with one JSON-RPC message that determine the form of the response. */
export interface Asked {
  readonly id: string | number;
  readonly method: unknown;
  /** Whether the request is of MCP 2026-07-28 or later, whose results have a type. */
  readonly isModern: boolean;
}

/** @returns `undefined` for a batch, a notification, or a message without a valid id. */
export function askedBy(body: object | undefined): Asked | undefined {
  if (body === undefined || Array.isArray(body)) return undefined;
  const { id, method, params } = body as {
    id?: unknown;
    method?: unknown;
    params?: { _meta?: Record<string, unknown> | null } | null;
  };
  if (typeof id !== "string" && typeof id !== "number") return undefined;
  return { id, method, isModern: params?._meta?.[PROTOCOL_VERSION] !== undefined };
}
