// Measures the time from starting `node dist/http.js` to the first authenticated answer, the size of the bundle, and
// whether the bundled SDK is evaluated before a tool needs it. Each is compared with the server without the plugin.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { announcedUrl } from "./server.mjs";
import { OURS, PLAIN } from "./variants.mjs";

/** @import { World } from "./world.mjs" */

/**
 * @typedef {object} Startup
 * @property {{ open: number[], ours: number[] }} firstAnswerMs one value per round
 * @property {{ open: number[], ours: number[] }} listeningMs
 * @property {{ open: Size, ours: Size }} bundle
 * @property {{ untilAsked: string[], onceAsked: string[] }} evaluated signs of SDK modules that had been evaluated:
 * `untilAsked` after a call of `greet`, `onceAsked` after a call of `get-user-info`
 *
 * @typedef {{ bytes: number, gzipped: number }} Size
 */

/**
 * @param {World} world
 * @param {{ rounds: number }} options
 * @returns {Promise<Startup>}
 */
export async function measureStartup(world, { rounds }) {
  const apps = { open: world.app(PLAIN), ours: world.app(OURS) };
  const firstAnswerMs = { open: /** @type {number[]} */ ([]), ours: /** @type {number[]} */ ([]) };
  const listeningMs = { open: /** @type {number[]} */ ([]), ours: /** @type {number[]} */ ([]) };
  for (let round = -1; round < rounds; round += 1) {
    for (const name of /** @type {const} */ (["open", "ours"])) {
      const { listening, answered } = await run(world, apps[name], "greet");
      // Discard the first run of each, which fills the file system's cache.
      if (round < 0) continue;
      listeningMs[name].push(listening);
      firstAnswerMs[name].push(answered);
    }
  }
  const evaluated = {
    untilAsked: await evaluatedParts(world, apps.ours, "greet"),
    onceAsked: await evaluatedParts(world, apps.ours, "get-user-info"),
  };
  if (evaluated.onceAsked.length === 0) {
    throw new Error("Nothing in the bundle shows that @clerk/backend was evaluated: correct SIGNS_OF_SDK.");
  }
  return {
    firstAnswerMs,
    listeningMs,
    bundle: { open: bundleSize(apps.open), ours: bundleSize(apps.ours) },
    evaluated,
  };
}

/**
 * Starts the built server, calls a tool as soon as it listens, and stops the server.
 *
 * @param {World} world
 * @param {string} app
 * @param {string} tool
 * @param {object} [env]
 */
async function run(world, app, tool, env = {}) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const { access_token } = await world.clerk.mint({ user: "ada", resource: `${origin}/mcp` });
  const started = performance.now();
  const child = spawn(process.execPath, ["dist/http.js"], {
    cwd: app,
    env: {
      ...process.env,
      ...world.env,
      NODE_ENV: "production",
      PORT: String(port),
      BASE_URL: origin,
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  try {
    const [said] = await Promise.race([once(child.stdout, "data"), exited]);
    const listening = performance.now() - started;
    child.stdout.resume();
    // xmcp without the plugin prints its port.
    const response = await call(announcedUrl(String(said)) ?? `${origin}/mcp`, access_token, tool);
    const text = await response.text();
    const answered = performance.now() - started;
    if (!response.ok || text.includes('"isError":true'))
      throw new Error(`${app}: HTTP ${response.status} ${text}`);
    return { listening, answered };
  } finally {
    child.kill("SIGTERM");
    await exited;
    process.off("exit", kill);
  }
}

/**
 * @param {string} url
 * @param {string} token
 * @param {string} name
 */
function call(url, token, name) {
  return fetch(url, {
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
      params: { name, arguments: name === "greet" ? { name: "World" } : {} },
    }),
  });
}

/** @param {string} app @returns {Size} */
function bundleSize(app) {
  const dist = join(app, "dist");
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.[cm]?js$/.test(name),
  );
  const contents = files.map((name) => readFileSync(join(dist, name)));
  const sum = (/** @type {number[]} */ sizes) => sizes.reduce((total, size) => total + size, 0);
  return {
    bytes: sum(contents.map(({ length }) => length)),
    gzipped: sum(contents.map((content) => gzipSync(content).length)),
  };
}

/** Texts that modules of the SDK contain: each assigns the path of a part of the Backend API when it is evaluated. */
const SIGNS_OF_SDK = ['="/users"', '="/organizations"', '="/invitations"', '="/allowlist_identifiers"'];

/**
 * Finds out which parts of the SDK have run, with V8's coverage: a text counts if every function around it has been
 * called.
 *
 * @param {World} world
 * @param {string} app
 * @param {string} tool
 */
async function evaluatedParts(world, app, tool) {
  const folder = mkdtempSync(join(world.folder, "coverage-"));
  await run(world, app, tool, { NODE_V8_COVERAGE: folder });
  const source = readFileSync(join(app, "dist/http.js"), "utf8");
  const [report = ""] = readdirSync(folder);
  const { result } = JSON.parse(readFileSync(join(folder, report), "utf8"));
  const bundle = result.find((/** @type {{ url: string }} */ { url }) => url.endsWith("/dist/http.js"));
  const ranges = bundle.functions.flatMap((/** @type {{ ranges: object[] }} */ { ranges }) => ranges);
  return SIGNS_OF_SDK.filter((sign) => source.includes(sign) && hasRun(source.indexOf(sign), ranges));
}

/**
 * @param {number} offset
 * @param {readonly { startOffset: number, endOffset: number, count: number }[]} ranges
 */
function hasRun(offset, ranges) {
  return ranges
    .filter(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset)
    .every(({ count }) => count > 0);
}
