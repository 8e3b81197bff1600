// Serves the built Worker (`worker.js` of the working directory) on HOST:PORT in workerd, as wrangler.jsonc says. The
// environment becomes its bindings.
import { readFileSync } from "node:fs";
import { Miniflare } from "miniflare";

const { HOST = "127.0.0.1", PORT = "0" } = process.env;
const configuration = readFileSync(new URL("../../../wrangler.jsonc", import.meta.url), "utf8");
const config = JSON.parse(configuration.replace(/^\s*\/\/.*$/gm, ""));

const worker = new Miniflare({
  host: HOST,
  port: Number(PORT),
  modules: true,
  scriptPath: config.main,
  compatibilityDate: config.compatibility_date,
  compatibilityFlags: config.compatibility_flags,
  bindings: /** @type {Record<string, string>} */ ({ ...process.env }),
  telemetry: { enabled: false },
  handleRuntimeStdio: printed,
});
const { origin } = await worker.ready;
console.log(`✔ MCP Server running on ${origin}/mcp`);
process.once("SIGTERM", () => void worker.dispose().then(() => process.exit(0)));

/**
 * @param {import("node:stream").Readable} stdout
 * @param {import("node:stream").Readable} stderr
 */
function printed(stdout, stderr) {
  stdout.pipe(process.stdout);
  stderr.pipe(process.stderr);
}
