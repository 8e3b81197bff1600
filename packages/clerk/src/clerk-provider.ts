import { createAuthenticator } from "./authenticator.js";
import { ClerkConfigError, type ConfigProblem } from "./configuration/config-error.js";
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
    const authenticator = createAuthenticator(settings);
    const protect = expressMiddleware(authenticator, settings);
    let handle = protect;
    void authenticator.problems.then((problems) => {
      if (problems.length === 0) return;
      if (!isError(settings.access.unknownNames)) return console.warn(new ClerkConfigError(problems).message);
      handle = answerMisconfigured;
      stop(problems, isServerless(environment));
    });
    return (request, response, next) => handle(request, response, next);
  } catch (error) {
    if (!(error instanceof ClerkConfigError)) throw error;
    if (!isServerless(environment)) throw printedAlone(error);
    console.error(error.message);
    return answerMisconfigured;
  }
}

/** In development a warning is enough: a name may be about to be corrected. The bundler writes the mode in. */
function isError(unknownNames: "error" | "warn" | "ignore" | undefined): boolean {
  return unknownNames === undefined ? process.env.NODE_ENV === "production" : unknownNames === "error";
}

/** What is only known once the server's tools are loaded, when nobody is there any more to catch an error. */
function stop(problems: readonly ConfigProblem[], goesOn: boolean): void {
  console.error(new ClerkConfigError(problems).message);
  if (!goesOn) process.exit(1);
}

/** Node prints the source line of an uncaught error, which in a bundle is nearly all of it: print the message only. */
function printedAlone(error: ClerkConfigError): ClerkConfigError {
  process.once("uncaughtException", (uncaught) => {
    console.error(uncaught === error ? error.message : uncaught);
    process.exit(1);
  });
  return error;
}
