import { createAuthenticator, type Decision, type Host } from "./authenticator.js";
import { ClerkConfigError, type ConfigProblem, warning } from "./errors/config-error.js";
import type { ClerkProviderOptions } from "./options/options.js";
import { readSettings, type Settings } from "./options/settings.js";
import type { AuthRequest, PlainResponse } from "./request/request.js";
import { misconfiguredAnswer } from "./response/refusal-response.js";
import { isDevelopment, isServerless, isWorker, processEnvironment } from "./runtime/platform.js";

/** The interface for adapters: decides about every request. */
export interface Protection {
  /** Waits until the rules are checked. */
  decide(request: AuthRequest): Promise<Decision>;
  /**
   * Loads the server's tools and checks the rules for them, without calling Clerk. A mistake is printed; if it counts as an
   * error, the process ends or, on a serverless platform, every request is answered 500.
   */
  ready(): Promise<void>;
  /** Checks the scopes in the rules with Clerk, as `ready` does the names. */
  checkScopes(): Promise<void>;
}

const PROTECTION = Symbol.for("@xmcp-dev/clerk/protection");

/** A middleware from which an entry can get the protection. */
export interface Protected {
  readonly [PROTECTION]: Protection;
}

export function protectedBy<T extends object>(protection: Protection, middleware: T): T & Protected {
  return Object.assign(middleware, { [PROTECTION]: protection });
}

export function protectionOf(middleware: unknown): Protection | undefined {
  return (middleware as Partial<Protected> | null | undefined)?.[PROTECTION];
}

/** Several middlewares, each with rules of its own, of which only one would count. */
export const TWICE =
  "More than one clerkProvider() protects the same requests. Only one set of rules would apply, so every request is refused. Put all " +
  "rules into one clerkProvider().";

let isTwicePrinted = false;

/** The answer to a request that another protection has already let in. Prints the reason once. */
export function refusedTwice(): PlainResponse {
  if (!isTwicePrinted) console.error(`[Clerk] ${TWICE}`);
  isTwicePrinted = true;
  return misconfiguredAnswer();
}

const FACTORY = Symbol.for("@xmcp-dev/clerk/factory");

/** Marks a function that makes a middleware, but is none. */
export function factory<T extends object>(create: T): T {
  return Object.defineProperty(create, FACTORY, { value: true });
}

export const NOT_CALLED =
  "src/middleware.ts exports clerkProvider itself, so every request is refused. Call it: export default clerkProvider();";

export function isFactory(middleware: unknown): boolean {
  return (middleware as { [FACTORY]?: boolean } | null | undefined)?.[FACTORY] === true;
}

/**
 * Reads the configuration and sets everything up.
 *
 * @param host facts about the server that only the framework can provide.
 * @param endsProcess whether an unusable configuration ends the process. If false, because the platform would hide the
 * error, every request gets a 500 and the message is printed.
 * @throws {ClerkConfigError} if `endsProcess`.
 */
export function protection(
  options: ClerkProviderOptions,
  host: Host,
  endsProcess = !isServerless(processEnvironment()),
): Protection {
  try {
    return protectionBy(readSettings(options, processEnvironment(), host), host, endsProcess);
  } catch (error) {
    if (endsProcess || !(error instanceof ClerkConfigError)) throw error;
    return unusable(error.message);
  }
}

function protectionBy(settings: Settings, host: Host, endsProcess: boolean): Protection {
  const authenticator = createAuthenticator(settings, host);
  let isReady: Promise<void> | undefined;
  let areScopesChecked = false;
  const untilReady = async (request: AuthRequest): Promise<Decision> => {
    await ready();
    return decide(request);
  };
  let decide = untilReady;
  /** An app may load xmcp's build after its first request, and with it the rules in files. */
  const untilDeclared = async (request: AuthRequest): Promise<Decision> => {
    if (!authenticator.isOutdated()) return authenticator.decide(request);
    isReady = undefined;
    decide = untilReady;
    return decide(request);
  };

  function ready(): Promise<void> {
    isReady ??= checkRules();
    return isReady;
  }

  async function checkRules(): Promise<void> {
    const compiled = await authenticator.compiled().catch((error: unknown) => {
      console.error(
        "[Clerk] The server refuses every request, because one of its files cannot be loaded.",
        error,
      );
    });
    if (compiled === undefined) {
      decide = refuseAll;
      return;
    }
    const { fault, known, clashes } = compiled;
    // Names that clash are no matter of choice.
    const problems = [...(settings.access.unknownNames === "ignore" ? [] : compiled.problems), ...clashes];
    if (fault !== undefined) refuseToServe(new ClerkConfigError([fault, ...problems]).message);
    // With the scopes, so that one message lists every problem.
    else if (problems.length > 0) {
      areScopesChecked = true;
      report([...problems, ...(await authenticator.checkScopes())]);
    }
    if (decide === untilReady) decide = known === undefined ? untilDeclared : authenticator.decide;
  }

  function report(problems: readonly ConfigProblem[]): void {
    if (problems.length === 0) return;
    const { unknownNames } = settings.access;
    if (isError(unknownNames === "ignore" ? undefined : unknownNames))
      refuseToServe(new ClerkConfigError(problems).message);
    else console.warn(warning(problems, isDevelopment()));
  }

  function refuseToServe(message: string): void {
    console.error(message);
    if (endsProcess) process.exit(1);
    decide = refuseAll;
  }

  return {
    decide: (request) => decide(request),
    ready,
    async checkScopes() {
      if (areScopesChecked || decide === refuseAll) return;
      areScopesChecked = true;
      report(await authenticator.checkScopes());
    },
  };
}

/** In development a warning is enough, since rules and tools are being edited. */
function isError(unknownNames: "error" | "warn" | "ignore" | undefined): boolean {
  return unknownNames === undefined ? !isDevelopment() : unknownNames === "error";
}

/** Prints why the server cannot serve, and answers every request with 500. */
export function unusable(message: string): Protection {
  let isPrinted = false;
  const print = (): void => {
    if (!isPrinted) console.error(message);
    isPrinted = true;
  };
  // A Worker cannot log before its first request.
  if (!isWorker()) print();
  return {
    async decide() {
      print();
      return refuseAll();
    },
    ready: async () => print(),
    checkScopes: async () => {},
  };
}

async function refuseAll(): Promise<Decision> {
  return { outcome: "answered", response: misconfiguredAnswer() };
}
