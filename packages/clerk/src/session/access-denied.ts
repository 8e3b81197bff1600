import { currentContext } from "./context.js";

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
    currentContext()?.denials.push(message);
  }
}
