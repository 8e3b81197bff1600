// Serves the built Next.js app of the working directory on HOST:PORT, as `next start` does.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const { HOST = "127.0.0.1", PORT = "0" } = process.env;
const next = createRequire(join(process.cwd(), "package.json"))("next");
const app = next({ dev: false, hostname: HOST, port: Number(PORT) });

await app.prepare();
createServer(app.getRequestHandler()).listen(Number(PORT), HOST, () =>
  console.log(`MCP Server running on http://${HOST}:${PORT}/mcp`),
);
process.once("SIGTERM", () => process.exit(0));
