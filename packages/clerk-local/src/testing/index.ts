/** `@xmcp-dev/clerk-local/testing`: functions for tests of a built MCP server. */
export { freePort } from "./free-port.js";
export { HeadlessSignIn, type HeadlessSignInOptions } from "./headless-sign-in.js";
export { type McpServer, startServer } from "./mcp-server.js";
export { type SignedInClient, type SignedInOptions, signedIn } from "./signed-in.js";
export { type TestServer, type TestServerOptions, testServer } from "./test-server.js";
