import { SdkHttpError } from "@modelcontextprotocol/client";

/** @import { CallToolResult } from "@modelcontextprotocol/client" */

/**
 * The outcome of a tool call in one line for a person: `ok`, `tool error`, or the HTTP status of a refusal.
 *
 * @param {Promise<CallToolResult>} call
 * @param {(result: CallToolResult) => string} [describe] returns the text for a successful call
 */
export async function outcomeOf(call, describe = firstText) {
  try {
    const result = await call;
    return result.isError ? `tool error: ${firstText(result)}` : `ok: ${describe(result)}`;
  } catch (error) {
    if (!(error instanceof SdkHttpError)) throw error;
    const { status, text } = error.data;
    return `${status}: ${JSON.parse(String(text)).error_description}`;
  }
}

/** @param {CallToolResult} result */
function firstText({ content }) {
  const [first] = content;
  return first?.type === "text" ? first.text : "";
}
