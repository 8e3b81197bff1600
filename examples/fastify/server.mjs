import { clerkProvider } from "@xmcp-dev/clerk";
import Fastify from "fastify";
import adapter from "./.xmcp/adapter/index.js";

const { HOST = "127.0.0.1", PORT = "3001" } = process.env;
const clerk = clerkProvider();
const app = Fastify();

// To add public routes, register all of this in its own plugin. The provider reads and checks the body itself.
app.addHook("onRequest", ({ raw }, { raw: response }, next) => clerk(raw, response, next));
app.removeAllContentTypeParsers();
app.addContentTypeParser("*", ({ raw }, _payload, done) => done(null, raw.body));
app.setNotFoundHandler();
app.all("/mcp", adapter.xmcpHandler);

await app.listen({ port: Number(PORT), host: HOST });
console.log(`MCP Server running on http://${HOST}:${PORT}/mcp`);
