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

/** `src/middleware.ts`, if there is one. */
declare const INJECTED_MIDDLEWARE: (() => Promise<{ readonly default?: unknown }>) | undefined;

/** `http` of `xmcp.config.ts`. */
declare const HTTP_CONFIG:
  | {
      readonly port?: number;
      readonly host?: string;
      readonly endpoint?: string;
      readonly bodySizeLimit?: number;
    }
  | undefined;

/** `template` of `xmcp.config.ts`; `homePage` is the HTML of a page of the application's own. */
declare const TEMPLATE_CONFIG:
  | { readonly name?: string; readonly description?: string; readonly homePage?: string }
  | undefined;

/** The files of `src/tools`, `src/prompts` and `src/resources`, by path. */
declare const INJECTED_TOOLS: Readonly<Record<string, () => Promise<object>>> | undefined;
declare const INJECTED_PROMPTS: Readonly<Record<string, () => Promise<object>>> | undefined;
declare const INJECTED_RESOURCES: Readonly<Record<string, () => Promise<object>>> | undefined;
