import { clerkProvider } from "@xmcp-dev/clerk";
import express from "express";
import adapter from "./.xmcp/adapter/index.js";

const { HOST = "127.0.0.1", PORT = "3001" } = process.env;
const app = express();

app.use(express.json({ limit: "256kb" }));
// Routes above this line are public. Routes below it require a token.
app.use(clerkProvider());
app.all("/mcp", adapter.xmcpHandler);

app.listen(Number(PORT), HOST, () => console.log(`MCP Server running on http://${HOST}:${PORT}/mcp`));
