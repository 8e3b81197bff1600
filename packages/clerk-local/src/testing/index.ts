/** `@xmcp-dev/clerk-local/testing`: what a test of a built MCP server needs besides the stand-in. */
export { freePort } from "./free-port.js";
export { HeadlessSignIn, type HeadlessSignInOptions } from "./headless-sign-in.js";
export { type McpServer, startServer } from "./mcp-server.js";
