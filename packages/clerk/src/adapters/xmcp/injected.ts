type Files = Readonly<Record<string, () => Promise<object>>>;

/** `src/middleware.ts`, if it exists. */
declare const INJECTED_MIDDLEWARE:
  | (() => Promise<{ readonly default?: unknown; readonly mcp?: unknown }>)
  | undefined;

/** The files of `src/tools`, `src/prompts` and `src/resources`, by path. */
declare const INJECTED_TOOLS: Files | undefined;
declare const INJECTED_PROMPTS: Files | undefined;
declare const INJECTED_RESOURCES: Files | undefined;

/**
 * xmcp's compiler replaces these names; they are `undefined` outside a server that it has built. Import dynamically
 * only: in the Workers bundle the middleware and these modules import each other.
 */
export const middleware = typeof INJECTED_MIDDLEWARE === "undefined" ? undefined : INJECTED_MIDDLEWARE;
export const tools = typeof INJECTED_TOOLS === "undefined" ? undefined : INJECTED_TOOLS;
export const prompts = typeof INJECTED_PROMPTS === "undefined" ? undefined : INJECTED_PROMPTS;
export const resources = typeof INJECTED_RESOURCES === "undefined" ? undefined : INJECTED_RESOURCES;
