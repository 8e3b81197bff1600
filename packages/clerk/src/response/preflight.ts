import type { AuthRequest, PlainResponse } from "../request/request.js";

/**
 * The response to a CORS preflight, which has no credential by design. It grants nothing: the request that follows is
 * checked for its own `Origin` and token.
 */
const ANSWER: PlainResponse = {
  status: 204,
  headers: {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, POST, DELETE",
    "access-control-allow-headers":
      "Authorization, Content-Type, Accept, Last-Event-ID, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, Mcp-Session-Id",
    "access-control-max-age": "600",
  },
  body: "",
};

export function preflightAnswer({ isPreflight }: AuthRequest): PlainResponse | undefined {
  return isPreflight ? ANSWER : undefined;
}
