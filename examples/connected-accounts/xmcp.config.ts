import { serveOnNode, serveOnWorkers } from "@xmcp-dev/clerk/bundler";
import type { XmcpConfig } from "xmcp";

const config: XmcpConfig = {
  http: { endpoint: "/mcp", port: 3001, host: "127.0.0.1", bodySizeLimit: 256 * 1024 },
  paths: { tools: "./src/tools", prompts: false, resources: false },
  template: {
    name: "Connected accounts",
    description: "An MCP server whose tools act at GitHub for their user.",
  },
  // `npm run build` checks types with tsc.
  typescript: { skipTypeCheck: true },
  bundler: (rspack: object) => serveOnWorkers(serveOnNode(rspack)),
};

export default config;
