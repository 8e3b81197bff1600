import { type WebMiddleware, webMiddleware } from "./adapters/fetch.js";
import { xmcpHost } from "./adapters/xmcp/host.js";
import type { ClerkProviderOptions } from "./options/options.js";
import { protection } from "./protection.js";
import { currentContext } from "./session/context.js";

/** A handler of the Fetch API, such as a route handler of Next.js. */
export type FetchHandler = (request: Request) => Promise<Response>;

export interface WithClerkOptions extends ClerkProviderOptions {
  /** A larger body is refused with 413. Default: 262,144 bytes. */
  readonly maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 256 * 1024;

/**
 * Protects a handler with Clerk, for frameworks whose handlers are functions from `Request` to `Response`. Use the
 * result for the MCP endpoint, with every method, and for `/.well-known/*`, whose documents it serves.
 *
 * The configuration is read with the first request, since such frameworks also load handlers during a build. If it is
 * unusable, every request gets a 500, and the log states the reason.
 */
export function withClerk(
  handler: FetchHandler,
  { maxBodyBytes = MAX_BODY_BYTES, ...options }: WithClerkOptions = {},
): FetchHandler {
  let middleware: WebMiddleware | undefined;
  const start = (): WebMiddleware => {
    const protecting = protection(options, { ...xmcpHost(), isAddressKnown: false }, false);
    void protecting.ready().then(protecting.checkScopes);
    return webMiddleware(protecting, { maxBodyBytes });
  };
  // xmcp's adapter passes `auth` to the tools.
  const next: FetchHandler = (request) =>
    handler(Object.assign(request, { auth: currentContext()?.authInfo }));
  return (request) => {
    middleware ??= start();
    return middleware(request, next);
  };
}
