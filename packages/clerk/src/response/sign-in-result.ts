import type { Asked } from "../mcp/asked.js";

/** The hosts of OpenAI's Apps SDK, by their `User-Agent`. */
const APPS_SDK_HOST = /chatgpt|openai/i;

/** Whether a client offers a sign-in only when the result of a tool call asks for it, and not for an HTTP status. */
export function readsOnlyResults(userAgent: string | undefined): boolean {
  return userAgent !== undefined && APPS_SDK_HOST.test(userAgent);
}

/**
 * A refusal as the result of a tool call, with the challenge in `_meta["mcp/www_authenticate"]` (OpenAI's Apps SDK). The tool
 * does not run, as with the status.
 */
export function signInResult({ id, isModern }: Asked, challenge: string, description: string): object {
  const hasError = challenge.includes("error=");
  const error = hasError ? "" : 'error="invalid_token", ';
  const result = {
    content: [{ type: "text", text: hasError ? description : "Sign in to use this tool." }],
    isError: true,
    _meta: {
      "mcp/www_authenticate": [
        `${challenge.replace("Bearer ", `Bearer ${error}`)}, error_description="${description}"`,
      ],
    },
    ...(isModern && { resultType: "complete" }),
  };
  return { jsonrpc: "2.0", id, result };
}
