import { currentContext } from "./context.js";

/**
 * For a tool to throw when the decision needs data that no rule can see, e.g. whose document it is. The caller gets
 * the message as a tool error; the record of the call says `denied`.
 *
 * @example throw new AccessDenied("You can delete only your own documents.");
 */
export class AccessDenied extends Error {
  override readonly name = "AccessDenied";

  /** @param message for the caller, who sees it as it is. */
  constructor(message = "You may not do this.") {
    super(message);
    currentContext()?.denials.push(message);
  }
}
