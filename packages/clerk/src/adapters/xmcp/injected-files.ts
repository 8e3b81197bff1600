import { ClerkFailure } from "../../errors/clerk-failure.js";
import { AccessDenied } from "../../session/access-denied.js";
import { readableError } from "./readable-error.js";

/** The files of one folder, by path. xmcp looks them up in this object for every request. */
type Files = Record<string, () => Promise<object>>;

/** Errors that are meant for the caller, and are not logged. */
const FOR_THE_CALLER = [AccessDenied, ClerkFailure];

/**
 * Loads all tools, prompts and resources. If one cannot be loaded, xmcp would answer every request with 500, without a
 * reason.
 *
 * @returns the problem, for the operator; `undefined` if everything is loaded.
 */
export async function loadInjectedFiles(): Promise<string | undefined> {
  const { tools, prompts, resources } = await import("./injected.js");
  for (const files of [tools, prompts, resources].map((given = {}): Files => given)) {
    for (const [path, load] of Object.entries(files)) {
      try {
        const module = reporting(path, await load());
        files[path] = () => Promise.resolve(module);
      } catch (error) {
        return `${path} cannot be loaded. ${readableError(error)}`;
      }
    }
  }
}

/** The module, with a default export that logs errors before xmcp reduces them to their message. */
function reporting(path: string, module: { readonly default?: unknown }): object {
  if (typeof module.default !== "function") return module;
  const rethrow = (error: unknown): never => {
    const isExpected = FOR_THE_CALLER.some((type) => error instanceof type);
    if (!isExpected) console.error(`${path} failed. ${readableError(error)}`);
    throw error;
  };
  const apply = (handler: () => unknown, self: unknown, args: unknown[]): unknown => {
    try {
      const result: unknown = Reflect.apply(handler, self, args);
      return result instanceof Promise ? result.catch(rethrow) : result;
    } catch (error) {
      return rethrow(error);
    }
  };
  return { ...module, default: new Proxy(module.default, { apply }) };
}
