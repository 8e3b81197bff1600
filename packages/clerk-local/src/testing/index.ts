/** `@xmcp-dev/clerk-local/testing`: functions for tests of a built MCP server. */
export { freePort } from "./free-port.js";
export { HeadlessSignIn, type HeadlessSignInOptions } from "./headless-sign-in.js";
export { type McpServer, startServer } from "./mcp-server.js";
