import { type ExpressMiddleware, expressMiddleware } from "./adapters/express.js";
import { xmcpHost } from "./adapters/xmcp/host.js";
import { authInfoForXmcp } from "./adapters/xmcp/worker-middleware.js";
import { ClerkConfigError } from "./errors/config-error.js";
import type { ClerkProviderOptions } from "./options/options.js";
import { type Protected, type Protection, protectedBy, protection } from "./protection.js";
import { isWorker } from "./runtime/platform.js";

/** The default export of `src/middleware.ts`, whatever xmcp builds of it. */
export type ClerkMiddleware = ExpressMiddleware & Protected;

/**
 * Protects an xmcp server with Clerk: make it the default export of `src/middleware.ts`. Every request needs a
 * valid access token, whatever its path, but for the metadata documents and `publicPaths`.
 *
 * @throws {ClerkConfigError} when the configuration is not usable. On Node that ends the process with the
 * message as the last thing printed. On a serverless platform, where such an error would be masked, nothing is
 * thrown: the message is logged and every request is answered 500.
 */
export function clerkProvider(options: ClerkProviderOptions = {}): ClerkMiddleware {
  const protecting = started(options);
  // xmcp calls it in another way in a Worker, and there the entry has done all the rest before.
  if (isWorker()) return protectedBy(protecting, authInfoForXmcp as unknown as ExpressMiddleware);
  void protecting.check();
  return protectedBy(protecting, expressMiddleware(protecting));
}

function started(options: ClerkProviderOptions): Protection {
  try {
    return protection(options, xmcpHost());
  } catch (error) {
    throw error instanceof ClerkConfigError ? printedAlone(error) : error;
  }
}

/** Node prints the source line of an uncaught error, which in a bundle is nearly all of it: print the message only. */
function printedAlone(error: ClerkConfigError): ClerkConfigError {
  process.once("uncaughtException", (uncaught) => {
    console.error(uncaught === error ? error.message : uncaught);
    process.exit(1);
  });
  return error;
}
