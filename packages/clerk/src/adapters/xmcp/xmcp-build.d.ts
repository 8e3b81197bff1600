/** What xmcp's compiler puts in the place of these names; see bundler.ts for the module. */

declare module "xmcp-request-handler" {
  import type { IncomingMessage, ServerResponse } from "http";

  const handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  export default handler;
}

declare module "xmcp-worker" {
  const worker: { fetch(request: Request, environment: unknown, context: unknown): Promise<Response> };
  export default worker;
}
