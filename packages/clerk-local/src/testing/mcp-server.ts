import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { freePort } from "./free-port.js";

const START_TIMEOUT_MS = 20_000;

/** Ends the server when this process has ended, however it ended. */
const END_WITH_PARENT = `data:text/javascript,${encodeURIComponent(
  'process.on("disconnect", () => process.exit()); process.channel?.unref();',
)}`;

export interface McpServer {
  /** URL of the MCP endpoint: `http://127.0.0.1:<port>/mcp`. */
  readonly url: string;
  readonly origin: string;
  /** Everything that the server has printed so far. */
  output(): string;
  /** The exit code, when the server has ended; `null` if a signal ended it. */
  readonly exited: Promise<number | null>;
  /** @returns the exit code; `null` if a signal ended the server. */
  stop(): Promise<number | null>;
}

/**
 * Starts the built server on a free port and waits until it is ready. The server ends with this process, and does not keep
 * it running.
 *
 * @param env variables to add to the environment, such as `env` of the local Clerk
 * @param where `cwd`: by default the working directory; `entry`: by default `dist/http.js`
 * @throws {Error} with the server's output, if it does not start within 20 seconds
 */
export async function startServer(
  env: object,
  { cwd = process.cwd(), entry = "dist/http.js" }: { cwd?: string; entry?: string } = {},
): Promise<McpServer> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ["--import", END_WITH_PARENT, entry], {
    cwd,
    env: { ...process.env, PORT: String(port), HOST: "127.0.0.1", BASE_URL: origin, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  // Pipes, by `stdio`.
  const streams = [child.stdout, child.stderr] as Socket[];
  let output = "";
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const running = new Promise<"running">((resolve) => {
    for (const stream of streams) {
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
  child.unref();
  child.channel?.unref();
  for (const stream of streams) stream.unref();
  return {
    origin,
    url: `${origin}/mcp`,
    output: () => output,
    exited,
    stop() {
      child.ref();
      child.kill("SIGTERM");
      return exited;
    },
  };
}
