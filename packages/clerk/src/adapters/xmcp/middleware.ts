import { isFactory, NOT_CALLED, type Protection, protectionOf, TWICE } from "../../protection.js";

/** What `src/middleware.ts` exports: the protection, or why the server cannot serve. */
export type InjectedProtection = { readonly protection: Protection } | { readonly problem: string };

/** Loads `src/middleware.ts`. Its default export is one middleware, or a list. */
export async function injectedProtection(): Promise<InjectedProtection> {
  const { middleware } = await import("./injected.js");
  const module = await middleware?.();
  const found: readonly unknown[] = [module?.default].flat().filter(Boolean);
  const [protection, ...others] = found.flatMap((one) => protectionOf(one) ?? []);
  if (found.some(isFactory)) return { problem: NOT_CALLED };
  if (protection === undefined) return { problem: module?.mcp === undefined ? UNPROTECTED : ONLY_MCP };
  if (others.length > 0) return { problem: TWICE };
  if (found.length > 1) return { problem: NOT_RUN };
  return { protection };
}

const UNPROTECTED =
  "There is no middleware, so the server would accept every request. src/middleware.ts needs a default export: " +
  "export default clerkProvider();";

/** xmcp 1.2 and later. */
const ONLY_MCP =
  "src/middleware.ts exports mcp, but no middleware for HTTP, so the server would accept every request. Add a default export: " +
  "export default clerkProvider();";

const NOT_RUN =
  "src/middleware.ts exports more than clerkProvider(). No other middleware or router would run, since this build has no Express " +
  "server. Mount the server in an Express app of your own, with the middleware in front.";
