import { createAuthenticator } from "./authenticator.js";
import { ClerkConfigError } from "./configuration/config-error.js";
import { isServerless, processEnvironment } from "./configuration/environment.js";
import type { ClerkProviderOptions } from "./configuration/options.js";
import { readSettings } from "./configuration/settings.js";
import { answerMisconfigured, type ExpressMiddleware, expressMiddleware } from "./express.js";

/**
 * Protects an xmcp server with Clerk: make it the default export of `src/middleware.ts`. Every request needs a
 * valid access token, whatever its path, but for the metadata documents and `publicPaths`.
 *
 * @throws {ClerkConfigError} when the configuration is not usable. On Node that ends the process with the
 * message as the last thing printed. On a serverless platform, where such an error would be masked, nothing is
 * thrown: the message is logged and every request is answered 500.
 */
export function clerkProvider(options: ClerkProviderOptions = {}): ExpressMiddleware {
  const environment = processEnvironment();
  try {
    const settings = readSettings(options, environment);
    return expressMiddleware(createAuthenticator(settings), settings.onEvent);
  } catch (error) {
    if (!(error instanceof ClerkConfigError)) throw error;
    if (!isServerless(environment)) throw printedAlone(error);
    console.error(error.message);
    return answerMisconfigured;
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
