import type { PageToOpen, Question } from "../../mcp/url-elicitation.js";
import { isConnectionRequired, pageFor } from "../../session/connection-required.js";

/** By this the MCP SDK knows its own errors, whose code it sends. It sends any other error as a text. */
const SDK_BRANDS = Symbol.for("mcp.sdk.errorBrands");
const PROTOCOL_ERROR = "mcp.ProtocolError";

/**
 * What a handler answers after an error. If the user has to connect an account, and the client can open pages, the answer
 * asks for that.
 *
 * @returns the result that asks (MCP 2026-07-28).
 * @throws the error that asks (MCP 2025-11-25), or else the given one.
 */
export function askedInstead(error: unknown, questionFor: (page: PageToOpen) => Question): unknown {
  if (!isConnectionRequired(error)) throw error;
  const question = questionFor(pageFor(error, error.url));
  if (question === undefined) throw error;
  if ("input" in question) return question.input;
  const { code, message, data } = question.error;
  throw Object.assign(new Error(message), { code, data, [SDK_BRANDS]: new Set([PROTOCOL_ERROR]) });
}
