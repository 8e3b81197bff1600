/**
 * What xmcp's compiler puts in the place of these names; `undefined` outside a server that it has built. To be loaded
 * by `import()` only, when everything else is: in a Worker the middleware and what is injected load each other.
 */
export const middleware = typeof INJECTED_MIDDLEWARE === "undefined" ? undefined : INJECTED_MIDDLEWARE;
export const tools = typeof INJECTED_TOOLS === "undefined" ? undefined : INJECTED_TOOLS;
export const prompts = typeof INJECTED_PROMPTS === "undefined" ? undefined : INJECTED_PROMPTS;
export const resources = typeof INJECTED_RESOURCES === "undefined" ? undefined : INJECTED_RESOURCES;
