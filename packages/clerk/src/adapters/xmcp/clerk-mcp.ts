import { currentContext } from "../../session/context.js";
import type { Session } from "../../session/session.js";

/** The part of xmcp's context of an MCP message that this module uses (xmcp 1.2 and later). */
export interface McpContext {
  set(key: string, value: unknown): void;
}

/** A function of the export `mcp` in `src/middleware.ts` (xmcp 1.2 and later). */
export type McpMiddleware = (context: McpContext, next: () => Promise<unknown>) => Promise<unknown>;

export interface ClerkMcpOptions {
  /** The customer that a caller counts as. Default: the active organization, otherwise the user, otherwise the credential's subject. */
  readonly customer?: (session: Session) => string;
}

/** The keys that xmcp's plugins for rate limits and for billing read. */
const KEYS = ["customerId", "billingCustomerId"] as const;

/**
 * Tells other plugins of xmcp who is calling: `export const mcp = [clerkMcp(), …]` in `src/middleware.ts`, before them. It protects
 * nothing; `clerkProvider()` as the default export does. A caller without a credential gets no customer. xmcp runs the export
 * since version 1.2; older ones ignore it.
 */
export function clerkMcp({ customer = customerOf }: ClerkMcpOptions = {}): McpMiddleware {
  return (context, next) => {
    const session = currentContext()?.session;
    if (session !== undefined) for (const key of KEYS) context.set(key, customer(session));
    return next();
  };
}

function customerOf({ organizationId, subject }: Session): string {
  return organizationId ?? subject;
}
