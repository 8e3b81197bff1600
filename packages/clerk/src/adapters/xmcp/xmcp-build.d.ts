/** Modules that an alias of the build provides: see bundler.ts. */

declare module "xmcp-request-handler" {
  import type { IncomingMessage, ServerResponse } from "http";

  const handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  export default handler;
}

declare module "xmcp-worker" {
  const worker: { fetch(request: Request, environment: unknown, context: unknown): Promise<Response> };
  export default worker;
}
