import { serveOnNode, serveOnWorkers } from "@xmcp-dev/clerk/bundler";
import type { XmcpConfig } from "xmcp";

const config: XmcpConfig = {
  http: { endpoint: "/mcp", port: 3001, host: "127.0.0.1", bodySizeLimit: 256 * 1024 },
  paths: { tools: "./src/tools", prompts: false, resources: "./src/resources" },
  template: { name: "Widgets", description: "An MCP server with a card for the signed-in user." },
  // `npm run build` checks types with tsc.
  typescript: { skipTypeCheck: true },
  bundler: (rspack: object) => serveOnWorkers(serveOnNode(withText(rspack))),
};

/** `import text from "./file?text"` is the content of the file. */
function withText({ module, ...rspack }: { module?: { rules?: object[] } }) {
  const rules = [...(module?.rules ?? []), { resourceQuery: /text/, type: "asset/source" }];
  return { ...rspack, module: { ...module, rules } };
}

export default config;
