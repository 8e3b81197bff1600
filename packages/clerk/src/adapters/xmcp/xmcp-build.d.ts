/** Modules that an alias of the build provides: see bundler.ts. */

declare module "xmcp-handler" {
  /** Serves the message of `json()` to the caller in `auth`, whatever the path. */
  export function xmcpHandler(request: Request & { readonly auth?: object | undefined }): Promise<Response>;
}

declare module "xmcp-worker" {
  const worker: { fetch(request: Request, environment: unknown, context: unknown): Promise<Response> };
  export default worker;
}
