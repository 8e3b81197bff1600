// Measures the time from starting a server to its first answer to a call, and the size of the bundles.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { announcedUrl } from "./server.mjs";

/** @import { Name } from "./variants.mjs" */
/** @import { World } from "./world.mjs" */

const TOOLS = 4;
/** In turns. Ours twice: two equal servers. */
const STARTED = /** @type {const} */ ([
  ["xmcp", "xmcp"],
  ["ours", "ours"],
  ["ours, twin", "ours"],
  ["sdk", "sdk"],
  ["mcp-use", "mcp-use"],
]);

/**
 * @typedef {object} Startup
 * @property {Record<typeof STARTED[number][0], number[]>} firstAnswerMs one value per round
 * @property {{ xmcp: Size, ours: Size }} bundle
 *
 * @typedef {{ bytes: number, gzipped: number }} Size
 */

/**
 * @param {World} world
 * @param {{ rounds: number }} options
 * @returns {Promise<Startup>}
 */
export async function measureStartup(world, { rounds }) {
  /** @type {Startup["firstAnswerMs"]} */
  const firstAnswerMs = { xmcp: [], ours: [], "ours, twin": [], sdk: [], "mcp-use": [] };
  for (let round = -1; round < rounds; round += 1) {
    for (const [id, name] of STARTED) {
      const taken = await firstAnswer(world, name);
      // Discard the first start of each, which fills the file system's cache.
      if (round >= 0) firstAnswerMs[id].push(taken);
    }
  }
  return { firstAnswerMs, bundle: { xmcp: bundleSize(world, "xmcp"), ours: bundleSize(world, "ours") } };
}

/**
 * Starts a server, calls a tool as soon as it listens, and stops the server.
 *
 * @param {World} world
 * @param {Name} name
 * @returns {Promise<number>} in milliseconds
 */
async function firstAnswer(world, name) {
  const { entry, cwd, node, env } = world.program(name, TOOLS);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const { access_token } = await world.clerk.mint({ user: "ada", resource: `${origin}/mcp` });
  const started = performance.now();
  const child = spawn(node, [entry], {
    cwd,
    env: {
      ...process.env,
      ...env,
      NODE_ENV: "production",
      PORT: String(port),
      HOST: "127.0.0.1",
      BASE_URL: origin,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  try {
    const [said] = await Promise.race([once(child.stdout, "data"), exited]);
    child.stdout.resume();
    // xmcp without the plugin prints its port.
    const text = await call(announcedUrl(String(said)) ?? `${origin}/mcp`, access_token);
    const taken = performance.now() - started;
    if (!text.includes(world.greeting)) throw new Error(`${name} answered ${text}`);
    return taken;
  } finally {
    child.kill("SIGTERM");
    await exited;
    process.off("exit", kill);
  }
}

/**
 * @param {string} url
 * @param {string} token
 */
async function call(url, token) {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      connection: "close",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "greet", arguments: { name: "World" } },
    }),
  });
  return response.text();
}

/**
 * @param {World} world
 * @param {Name} name
 * @returns {Size}
 */
function bundleSize(world, name) {
  const content = readFileSync(join(world.program(name, TOOLS).cwd, "dist/http.js"));
  return { bytes: content.length, gzipped: gzipSync(content).length };
}
