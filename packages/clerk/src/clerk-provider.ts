import { type ExpressMiddleware, expressMiddleware } from "./adapters/node.js";
import { xmcpHost } from "./adapters/xmcp/host.js";
import { authInfoForXmcp, type XmcpAuth } from "./adapters/xmcp/worker-middleware.js";
import { ClerkConfigError } from "./errors/config-error.js";
import type { ClerkProviderOptions } from "./options/options.js";
import {
  factory,
  NOT_CALLED,
  type Protected,
  type Protection,
  protectedBy,
  protection,
} from "./protection.js";
import { isWorker } from "./runtime/platform.js";

/** The default export of `src/middleware.ts`, for every platform that xmcp builds for. */
export type ClerkMiddleware = ExpressMiddleware & Protected;

/**
 * Protects an xmcp server with Clerk: make it the default export of `src/middleware.ts`. Every request needs a valid
 * access token, whatever its path, except for the metadata documents and `publicPaths`.
 *
 * @throws {ClerkConfigError} if the configuration is unusable. On Node that ends the process, and the message is the
 * last line printed. A serverless platform would hide such an error, so nothing is thrown there: the message is logged
 * and every request gets a 500.
 */
export function clerkProvider(options: ClerkProviderOptions = {}): ClerkMiddleware {
  if (isRequest(options)) throw new Error(NOT_CALLED);
  const protecting = started(options);
  // Later: xmcp, or the app, loads the tools after this module.
  if (!isWorker()) setImmediate(() => void checked(protecting));
  const inApp = expressMiddleware(protecting);
  const middleware: ExpressMiddleware = (request, response, next) =>
    isOfXmcp(request)
      ? authInfoForXmcp(request, response as unknown as XmcpAuth)
      : inApp(request, response, next);
  return protectedBy(protecting, middleware);
}

factory(clerkProvider);

/** xmcp's engine calls a middleware with a Fetch request; an app calls it as Express does. */
function isOfXmcp(request: unknown): request is Request {
  return request instanceof Request;
}

/** xmcp calls what `src/middleware.ts` exports with a request. */
function isRequest(options: object): boolean {
  return options instanceof Request || typeof (options as { socket?: unknown }).socket === "object";
}

async function checked(protecting: Protection): Promise<void> {
  await protecting.ready();
  await protecting.checkScopes();
}

function started(options: ClerkProviderOptions): Protection {
  try {
    return protection(options, xmcpHost());
  } catch (error) {
    throw error instanceof ClerkConfigError ? printedAlone(error) : error;
  }
}

/**
 * Prints only the message: Node would also print the source line of an uncaught error, which in a bundle is very long.
 */
function printedAlone(error: ClerkConfigError): ClerkConfigError {
  process.once("uncaughtException", (uncaught) => {
    console.error(uncaught === error ? error.message : uncaught);
    process.exit(1);
  });
  return error;
}
