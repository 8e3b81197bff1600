import { clerkProvider } from "@xmcp-dev/clerk";
import express from "express";
import adapter from "./.xmcp/adapter/index.js";

const { HOST = "127.0.0.1", PORT = "3001" } = process.env;
const app = express();

// Routes above this line are public. Routes below it require a token. The provider reads and checks the body itself, so no
// body parser is needed.
app.use(clerkProvider());
app.all("/mcp", adapter.xmcpHandler);

const server = app.listen(Number(PORT), HOST, () =>
  console.log(`MCP Server running on http://${HOST}:${PORT}/mcp`),
);
// Longer than the proxy in front keeps an idle connection (nginx and AWS: 60 s), or requests are lost. Node's default is 5 s.
server.keepAliveTimeout = 75_000;
