/** A request as an adapter hands it to the pipeline, for tests that need no server. */
import type { AuthRequest } from "../src/request/request.js";

/** A POST to the endpoint of a server on loopback. */
export function authRequest(credentials: readonly string[], message?: object): AuthRequest {
  return {
    method: "POST",
    path: "/mcp",
    query: "",
    host: "127.0.0.1",
    origin: undefined,
    remoteAddress: "127.0.0.1",
    forwardedFor: undefined,
    userAgent: undefined,
    authorization: credentials,
    ifNoneMatch: undefined,
    isPreflight: false,
    requestedHeaders: undefined,
    body: async () => message,
  };
}
