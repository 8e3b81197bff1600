import { spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "./free-port.mjs";

const START_TIMEOUT_MS = 20_000;

/**
 * Starts the built server (`dist/http.js`) on a free port, and waits until it says that it runs.
 *
 * @param {object} env what to add to the environment
 * @param {{ cwd?: string, entry?: string }} [where]
 * @returns {Promise<{ url: string, origin: string, output: () => string, stop: () => Promise<number | null> }>}
 */
export async function startServer(env, { cwd = process.cwd(), entry = "dist/http.js" } = {}) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [entry], {
    cwd,
    env: { ...process.env, PORT: String(port), HOST: "127.0.0.1", BASE_URL: origin, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const exited = once(child, "exit").then(([code]) => /** @type {number | null} */ (code));
  const running = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        if (output.includes("MCP Server running on")) resolve("running");
      });
    }
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
  const first = await Promise.race([running, exited]);
  clearTimeout(timer);
  if (first !== "running") throw new Error(`The server did not start.\n${output}`);
  return {
    origin,
    url: `${origin}/mcp`,
    output: () => output,
    stop() {
      child.kill("SIGTERM");
      return exited;
    },
  };
}
