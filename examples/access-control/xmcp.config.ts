import { serveOnNode } from "@xmcp-dev/clerk/bundler";
import type { XmcpConfig } from "xmcp";

const config: XmcpConfig = {
  http: { endpoint: "/mcp", port: 3001, host: "127.0.0.1", bodySizeLimit: 256 * 1024 },
  paths: { tools: "./src/tools", prompts: false, resources: false },
  template: { name: "Access control", description: "An MCP server with access rules on its tools." },
  // `npm run build` checks types with tsc.
  typescript: { skipTypeCheck: true },
  bundler: (rspack: object) => serveOnNode(withSqlite(rspack)),
};

/**
 * sql.js checks `typeof module` after it has hidden `module`. Parsing would make the bundler replace the check by its
 * result too early.
 */
function withSqlite({ module, ...rspack }: { module?: object }) {
  return { ...rspack, module: { ...module, noParse: /sql-wasm-inline\.js$/ } };
}

export default config;
