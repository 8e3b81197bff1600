// Serves a handler of the Fetch API, the `handler` export of the file HANDLER, on HOST:PORT.
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";

const { HOST = "127.0.0.1", PORT = "0", HANDLER = "" } = process.env;
const { handler } = await import(HANDLER);

createServer(getRequestListener(handler, { overrideGlobalObjects: false })).listen(Number(PORT), HOST, () =>
  console.log(`MCP Server running on http://${HOST}:${PORT}/mcp`),
);
process.once("SIGTERM", () => process.exit(0));
