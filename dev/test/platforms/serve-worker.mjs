// Serves the built Worker of the working directory on HOST:PORT. The environment becomes its bindings.
import { createWorker } from "./worker.mjs";

const { HOST = "127.0.0.1", PORT = "0" } = process.env;
const worker = createWorker({
  cwd: process.cwd(),
  host: HOST,
  port: Number(PORT),
  env: process.env,
  print: (text) => process.stdout.write(text),
});
const { origin } = await worker.ready;
console.log(`✔ MCP Server running on ${origin}/mcp`);
process.once("SIGTERM", () => void worker.dispose().then(() => process.exit(0)));
