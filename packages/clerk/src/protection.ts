import { createAuthenticator, type Decision, type Host } from "./authenticator.js";
import { ClerkConfigError } from "./errors/config-error.js";
import { silent } from "./events/event-log.js";
import type { ClerkProviderOptions } from "./options/options.js";
import { readSettings, type Settings } from "./options/settings.js";
import type { AuthRequest } from "./request/request.js";
import { misconfiguredAnswer } from "./response/refusal-response.js";
import { isServerless, processEnvironment } from "./runtime/platform.js";

/** The interface for adapters: decides about every request, and records calls. */
export interface Protection {
  decide(request: AuthRequest): Promise<Decision>;
  readonly recording: Pick<Settings, "onEvent" | "recordArguments">;
  /**
   * Checks the access rules, which requires that the server's tools are loaded. A mistake is printed; if it counts as
   * an error, the process ends or, on a serverless platform, every request is answered 500.
   */
  check(): Promise<void>;
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

/**
 * Reads the configuration and sets everything up.
 *
 * @param host facts about the server that only the framework can provide.
 * @param endsProcess whether an unusable configuration ends the process. If false, because the platform would hide the
 * error, every request gets a 500 and `check` prints the message.
 * @throws {ClerkConfigError} if `endsProcess`.
 */
export function protection(
  options: ClerkProviderOptions,
  host: Host,
  endsProcess = !isServerless(processEnvironment()),
): Protection {
  try {
    return protectionBy(readSettings(options, processEnvironment(), host.endpoint), host, endsProcess);
  } catch (error) {
    if (endsProcess || !(error instanceof ClerkConfigError)) throw error;
    return closed(error.message);
  }
}

function protectionBy(settings: Settings, host: Host, endsProcess: boolean): Protection {
  const authenticator = createAuthenticator(settings, host);
  let { decide } = authenticator;
  return {
    decide: (request) => decide(request),
    recording: settings,
    async check() {
      const problems = await authenticator.check();
      if (problems.length === 0) return;
      const { message } = new ClerkConfigError(problems);
      if (!isError(settings.access.unknownNames)) return console.warn(message);
      console.error(message);
      if (endsProcess) process.exit(1);
      decide = refuseAll;
    },
  };
}

/** In development a warning is enough, since rules and tools are being edited. The bundler inserts `NODE_ENV`. */
function isError(unknownNames: "error" | "warn" | "ignore" | undefined): boolean {
  return unknownNames === undefined ? process.env.NODE_ENV === "production" : unknownNames === "error";
}

function closed(message: string): Protection {
  return {
    decide: refuseAll,
    recording: { onEvent: silent, recordArguments: undefined },
    check: async () => console.error(message),
  };
}

async function refuseAll(): Promise<Decision> {
  return { outcome: "answered", response: misconfiguredAnswer() };
}
