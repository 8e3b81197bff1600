// Serves the built Vercel function (`.vercel/output` of the working directory) on HOST:PORT, as Vercel's launcher does:
// loaded at the first request, and called as a request handler of node:http.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const { HOST = "127.0.0.1", PORT = "0" } = process.env;
const FUNCTION = join(process.cwd(), ".vercel/output/functions/api/index.func");
const { handler } = JSON.parse(readFileSync(join(FUNCTION, ".vc-config.json"), "utf8"));
const require = createRequire(import.meta.url);

const server = createServer((request, response) => void require(join(FUNCTION, handler))(request, response));
server.listen(Number(PORT), HOST, () => console.log(`✔ MCP Server running on http://${HOST}:${PORT}/mcp`));
process.once("SIGTERM", () => process.exit(0));
