import { clerkProvider } from "@xmcp-dev/clerk";
import Fastify from "fastify";
import adapter from "./.xmcp/adapter/index.js";

const { HOST = "127.0.0.1", PORT = "3001" } = process.env;
const clerk = clerkProvider();
const app = Fastify({ bodyLimit: 256 * 1024 });

// To add public routes, register this hook, the not-found handler and /mcp in their own plugin.
app.addHook("preHandler", ({ raw, body }, { raw: response }, next) => {
  clerk(Object.assign(raw, { body }), response, next);
});
app.setNotFoundHandler();
app.all("/mcp", adapter.xmcpHandler);

await app.listen({ port: Number(PORT), host: HOST });
console.log(`MCP Server running on http://${HOST}:${PORT}/mcp`);
