const BRAND = Symbol.for("@xmcp-dev/clerk/access-denied");

/**
 * Throw it in a tool when the decision needs data that a rule cannot see, e.g. who owns a document. The caller
 * receives the message as a tool error; the `tool` event has the outcome `denied`.
 *
 * @example throw new AccessDenied("You can delete only your own documents.");
 */
export class AccessDenied extends Error {
  override readonly name = "AccessDenied";

  /** @param message sent to the caller unchanged. */
  constructor(message = "You may not do this.") {
    super(message);
    // Not enumerable: the brand is no part of the error's public shape.
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Also recognizes errors of another copy of this package, since a bundler may include it twice. */
export function isAccessDenied(error: unknown): boolean {
  return error instanceof Error && (error as { [BRAND]?: boolean })[BRAND] === true;
}
