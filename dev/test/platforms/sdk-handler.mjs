// withClerk in front of the MCP SDK's own Web transport. Its files are guarded as xmcp's are, and read within each request.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { withClerk } from "@xmcp-dev/clerk/fetch";
import { z } from "zod";
import { guarded } from "../../../packages/clerk/dist/adapters/xmcp/guard.js";

const closed = () => {
  console.log("CLOSED RAN");
  return { content: [{ type: "text", text: "CLOSED RAN" }] };
};
/** @param {{ mark: string }} input */
const marked = ({ mark }) => {
  console.log("RAN tool", mark);
  return { content: [{ type: "text", text: `RAN ${mark}` }] };
};
const tools = guarded("tools", {
  "src/tools/closed.ts": async () => ({ metadata: { name: "closed" }, access: "deny", default: closed }),
  "src/tools/marked.ts": async () => ({ metadata: { name: "marked" }, default: marked }),
});

export const handler = withClerk(async (request) => {
  const server = new McpServer({ name: "sdk", version: "1" });
  for (const load of Object.values(tools)) {
    const { metadata, default: run } = await load();
    const description = `${metadata?.name}`;
    server.registerTool(
      description,
      { description, inputSchema: { mark: z.string().optional() } },
      /** @type {any} */ (run),
    );
  }
  const transport = new WebStandardStreamableHTTPServerTransport();
  await server.connect(transport);
  return transport.handleRequest(request);
});
