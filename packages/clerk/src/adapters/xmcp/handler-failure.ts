/** Receives what the handler of a file throws. */
type Listener = (path: string, error: unknown) => void;

const KEY = Symbol.for("@xmcp-dev/clerk/handler-failure");
const shared = globalThis as typeof globalThis & { [KEY]?: Listener };

/**
 * Sets what happens with errors of handlers, which xmcp reduces to their message. On `globalThis`, since a bundle may contain
 * this module twice.
 */
export function onHandlerFailure(listener: Listener): void {
  shared[KEY] = listener;
}

export function reportFailure(path: string, error: unknown): void {
  shared[KEY]?.(path, error);
}
