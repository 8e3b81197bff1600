// Runs a server under measurement in its own process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { conversation } from "./conversation.mjs";

const PROBE = join(import.meta.dirname, "probe.mjs");
const START_TIMEOUT_MS = 30_000;

/**
 * @typedef {object} Usage
 * @property {{ user: number, system: number }} cpu in microseconds, of all threads
 * @property {{ rss: number, heapUsed: number, external: number }} memory in bytes
 */

/**
 * @typedef {object} Server
 * @property {string} url of its MCP endpoint
 * @property {(question?: { collect?: boolean }) => Promise<Usage>} usage so far. `collect`: after a garbage
 * collection
 * @property {() => string} log its output on stderr
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a server and waits until it is ready.
 *
 * @param {{ entry: string, log: string, env?: object, node?: string, flags?: readonly string[], cwd?: string }} options `log`: file for stderr, so
 * that no process has to read it during the measurement. `node`: another Node than this one. `flags`: for V8
 * @returns {Promise<Server>}
 */
export async function startServer({ entry, log, env = {}, node = process.execPath, flags = [], cwd }) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const errors = openSync(log, "w");
  const child = spawn(node, [...flags, "--expose-gc", "--import", PROBE, entry], {
    cwd,
    env: {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(port),
      HOST: "127.0.0.1",
      BASE_URL: origin,
      ...env,
    },
    stdio: ["ignore", "pipe", errors, "ipc"],
  });
  closeSync(errors);
  const exited = once(child, "exit");
  const written = () => readFileSync(log, "utf8");
  const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
  /** @type {Promise<string>} */
  const running = new Promise((done) => {
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      output += text;
      const url = announcedUrl(output);
      if (url !== undefined) done(url);
    });
  });
  const url = await Promise.race([running, exited]);
  if (typeof url !== "string") throw new Error(`${entry} did not start. It says:\n${written()}`);
  clearTimeout(timer);
  const ask = conversation(child, () => `${entry} ended. It says:\n${written()}`);
  return {
    url,
    usage: (question = {}) => ask(question),
    log: written,
    async stop() {
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await exited;
      clearTimeout(patience);
    },
  };
}

/**
 * xmcp without the plugin ignores `PORT`, so its output is the only source of the URL. @param {string} output @returns
 * {string | undefined}
 */
export function announcedUrl(output) {
  return /MCP Server running on (http\S+)\s/.exec(output)?.[1];
}
