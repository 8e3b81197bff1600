// The load process: sends requests to a server with autocannon, on eight connections, and checks every answer.
import { readFileSync } from "node:fs";
import autocannon from "autocannon";

/** @import { Job, Result } from "./load-process.mjs" */

const CONNECTIONS = 8;

const BODIES = {
  call: message("tools/call", { name: "greet", arguments: { name: "World" } }),
  list: message("tools/list", {}),
  authenticate: undefined,
};

const HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2025-11-25",
};

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
async function run({ url, tokens: file, once, requests, expect, status = 200, kind }) {
  const tokens = readFileSync(file, "utf8").trimEnd().split("\n");
  if (once && tokens.length < requests) throw new Error("There are too few tokens.");
  let next = 0;
  let answers = 0;
  let wrong = 0;
  /** @type {string | undefined} */
  let example;

  /** @param {{ headers: object }} request */
  const setupRequest = (request) => {
    const token = tokens[next % tokens.length];
    next += 1;
    return { ...request, headers: { ...HEADERS, authorization: `Bearer ${token}` } };
  };
  const started = performance.now();
  let last = started;
  /**
   * @param {number} actual
   * @param {string} text
   */
  const onResponse = (actual, text) => {
    answers += 1;
    last = performance.now();
    if (actual === status && (expect === undefined || text.includes(expect))) return;
    wrong += 1;
    example ??= `HTTP ${actual} ${text}`;
  };

  const body = BODIES[kind];
  const { errors, timeouts } = await autocannon({
    url,
    connections: CONNECTIONS,
    amount: requests,
    // autocannon sees only at these times that it is done.
    sampleInt: 10,
    requests: [{ ...(body ? { method: "POST", body } : { method: "GET" }), setupRequest, onResponse }],
  });
  return {
    wrong: wrong + errors + timeouts + (requests - answers),
    ...(example !== undefined && { example }),
    perSecond: (answers / (last - started)) * 1000,
  };
}

/**
 * @param {string} method
 * @param {object} params
 */
function message(method, params) {
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
}
