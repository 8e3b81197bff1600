import type * as injected from "./injected.js";

type Injected = Pick<typeof injected, "tools" | "prompts" | "resources">;

const KEY = Symbol.for("@xmcp-dev/clerk/declared");
const shared = globalThis as typeof globalThis & { [KEY]?: Injected };

/** In an app of another framework, what xmcp has built and what protects it have each their copy of this package. */
export function declareGlobally(declared: Injected): void {
  shared[KEY] = declared;
}

/** What an xmcp build has declared in this process, if there is one. */
export function declaredGlobally(): Injected | undefined {
  return shared[KEY];
}
