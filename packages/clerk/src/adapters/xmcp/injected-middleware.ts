/** What `src/middleware.ts` exports by default: one middleware, or a list of them. */
export async function injectedMiddleware(): Promise<readonly unknown[]> {
  const { middleware } = await import("./injected.js");
  const module = await middleware?.();
  return [module?.default].flat();
}

export const UNPROTECTED =
  "There is no middleware, so the server would let everybody in. src/middleware.ts needs a default export: " +
  "export default clerkProvider();";
