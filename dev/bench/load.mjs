// The load process: sends requests to a server with autocannon, checks every answer, and measures the latencies.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import autocannon from "autocannon";

/** @import { Job, Result } from "./load-process.mjs" */

const CALL = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "greet", arguments: { name: "World" } },
});

const HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2025-11-25",
};

/** @type {Map<string, Promise<string[]>>} files that are used repeatedly */
const known = new Map();

process.on("message", (/** @type {Job} */ job) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (error) => process.send?.({ error: String(error?.stack ?? error) }),
  );
});
process.on("disconnect", () => process.exit());

/**
 * @param {Job} job
 * @returns {Promise<Result>}
 */
async function run(job) {
  const { url, connections, seconds, requests, expect, status = 200, kind = "call", pipelining = 1 } = job;
  const tokens = await tokensOf(job);
  let next = 0;
  /** @type {number[]} */
  const times = [];
  let wrong = 0;
  /** @type {string | undefined} */
  let example;
  let isOver = false;

  /** @param {{ headers: object }} request */
  const setupRequest = (request) => {
    const token = tokens[job.once ? next : next % tokens.length];
    next += 1;
    // autocannon may prepare more requests than it sends, so running out of tokens is not an error here.
    const authorization = `Bearer ${token ?? tokens[0]}`;
    if (token === undefined) isOver = true;
    return { ...request, headers: { ...HEADERS, authorization } };
  };
  /**
   * @param {number} actual
   * @param {string} body
   */
  const onResponse = (actual, body) => {
    if (actual === status && (expect === undefined || body.includes(expect))) return;
    wrong += 1;
    example ??= `HTTP ${actual} ${body}`;
  };

  const instance = autocannon({
    url,
    connections,
    pipelining,
    ...(requests === undefined ? { duration: seconds } : { amount: requests }),
    requests: [
      kind === "call"
        ? { method: "POST", body: CALL, setupRequest, onResponse }
        : { method: "GET", setupRequest, onResponse },
    ],
  });
  const started = performance.now();
  let last = started;
  instance.on("response", (_client, _status, _bytes, /** @type {number} */ milliseconds) => {
    times.push(milliseconds);
    last = performance.now();
    if (isOver) instance.stop();
  });
  const { errors, timeouts } = await instance;
  if (isOver && seconds !== undefined) throw new Error("There were too few tokens for the time.");
  times.sort((a, b) => a - b);
  return {
    requests: times.length,
    wrong: wrong + errors + timeouts,
    ...(example !== undefined && { example }),
    perSecond: (times.length / (last - started)) * 1000,
    latency: { p50: quantile(times, 0.5), p90: quantile(times, 0.9), p99: quantile(times, 0.99) },
  };
}

/** @param {Job} job */
async function tokensOf({ tokens, once }) {
  if (once) return lines(tokens);
  const read = known.get(tokens) ?? lines(tokens);
  known.set(tokens, read);
  return read;
}

/** @param {string} file */
async function lines(file) {
  /** @type {string[]} */
  const all = [];
  for await (const line of createInterface({ input: createReadStream(file) })) all.push(line);
  return all;
}

/**
 * @param {readonly number[]} sorted
 * @param {number} share
 */
function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
