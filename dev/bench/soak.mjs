// npm run --prefix dev soak [-- --minutes 10 --tokens 200000]: puts load on one server for minutes, with distinct
// tokens of both formats, each sent several times, and with invalid tokens. Checks the answers and samples the server's
// memory. Writes dev/bench/soak.md. Exits with 1 if an answer was wrong or memory kept growing after the warm-up.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { createClerkLocal } from "@xmcp-dev/clerk-local";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { buildIfNeeded } from "../scripts/build-if-needed.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    tokens: { type: "string", default: "200000" },
  },
});
const MINUTES = Number(values.minutes);
const DISTINCT_TOKENS = Number(values.tokens);
const BATCH = 1_000;
const CONCURRENCY = 16;
/** Of ten requests: the number with an invalid token, and the number with an opaque token. The rest have a JWT. */
const GARBAGE_IN_TEN = 2;
const OPAQUE_IN_TEN = 3;
/** Allowed growth of memory between the first and the last third of the time after the warm-up. */
const FLAT_WITHIN = 1.1;

buildIfNeeded();
const clerk = await createClerkLocal({ port: 0 });
const server = await startQuietly();
const started = performance.now();
const endsAt = started + MINUTES * 60_000;
/** @type {{ second: number, megabytes: number }[]} */
const samples = [];
const counts = { requests: 0, accepted: 0, refused: 0, wrong: 0, tokens: 0 };

/** @type {{ token: string, good: boolean }[] | undefined} */
let lastBatch;

const sampler = setInterval(sample, 5_000);
while (!isOver()) {
  const remaining = Math.max(0, (endsAt - performance.now()) / (MINUTES * 60_000));
  const due = DISTINCT_TOKENS * (1 - remaining) - counts.tokens;
  await load(await batch(due > 0));
}
clearInterval(sampler);
sample();
server.child.kill("SIGTERM");
await clerk.close();
report();

/**
 * @param {boolean} fresh whether to mint new tokens
 * @returns {Promise<{ token: string, good: boolean }[]>}
 */
async function batch(fresh) {
  if (!fresh && lastBatch) return lastBatch;
  const opaque = Math.round((BATCH * OPAQUE_IN_TEN) / 10);
  const garbage = Math.round((BATCH * GARBAGE_IN_TEN) / 10);
  const [jwts, oats] = await Promise.all([
    clerk.mint({ resource: server.url, count: BATCH - opaque - garbage }),
    clerk.mint({ resource: server.url, count: opaque, format: "opaque" }),
  ]);
  const good = [...jwts.tokens, ...oats.tokens].map((token) => ({ token, good: true }));
  counts.tokens += good.length;
  const bad = jwts.tokens
    .slice(0, garbage)
    .map((token, index) => ({ token: spoiled(token, index), good: false }));
  lastBatch = [...good, ...bad].sort(() => Math.random() - 0.5);
  return lastBatch;
}

/**
 * @param {string} token
 * @param {number} index
 */
function spoiled(token, index) {
  const [header, payload, signature] = token.split(".");
  if (index % 3 === 0) return `${header}.${payload}.${[...(signature ?? "")].reverse().join("")}`;
  if (index % 3 === 1) return `oat_${index.toString(16).padStart(32, "0")}`;
  return `garbage-${index}-${"x".repeat(index)}`;
}

/** @param {{ token: string, good: boolean }[]} requests */
async function load(requests) {
  const queue = requests.values();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const { token, good } of queue) await call(token, good);
    }),
  );
}

/**
 * @param {string} token
 * @param {boolean} good
 */
async function call(token, good) {
  const response = await fetch(server.url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "whoami", arguments: {} },
    }),
  });
  await response.text();
  counts.requests += 1;
  if (response.status === 200) counts.accepted += 1;
  if (response.status === 401) counts.refused += 1;
  if (response.status !== (good ? 200 : 401)) counts.wrong += 1;
}

/** Runs for the given minutes, and until all tokens have been used: a slow machine takes longer. */
function isOver() {
  return performance.now() >= endsAt && counts.tokens >= DISTINCT_TOKENS;
}

/** Starts the server and discards its events at once, so that this process does not grow. */
async function startQuietly() {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ["dist/http.js"], {
    env: { ...process.env, ...clerk.env, PORT: String(port), BASE_URL: origin },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) if (line.includes("MCP Server running on")) break;
  child.stdout.resume();
  if (child.exitCode !== null) throw new Error("The server did not start; run npm run demo to see why.");
  void once(child, "exit").then(([code]) => {
    if (!isOver()) throw new Error(`The server ended with code ${code} in the middle of the soak.`);
  });
  return { child, url: `${origin}/mcp` };
}

function sample() {
  const status = readFileSync(`/proc/${server.child.pid}/status`, "utf8");
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  samples.push({
    second: Math.round((performance.now() - started) / 1000),
    megabytes: Math.round(kilobytes / 1024),
  });
}

function report() {
  // After a third of the time the caches are full: 10,000 opaque tokens, and as many grants.
  const measured = samples.slice(Math.ceil(samples.length / 3));
  const third = Math.ceil(measured.length / 3);
  const early = median(measured.slice(0, third));
  const late = median(measured.slice(-third));
  const isFlat = late <= early * FLAT_WITHIN;
  const rows = samples.filter((_, index) => index % Math.ceil(samples.length / 20) === 0);
  writeFileSync(
    "dev/bench/soak.md",
    `# Soak

${Math.round((performance.now() - started) / 60_000)} minutes, ${counts.requests.toLocaleString("en")} requests, ${counts.tokens.toLocaleString("en")} distinct good tokens (three in eight opaque),
one request in five with garbage. Node ${process.version}, ${cpus().length} cores. Made by \`npm run --prefix dev soak\`.

| | |
|---|---|
| wrong answers | ${counts.wrong} |
| accepted, refused | ${counts.accepted.toLocaleString("en")}, ${counts.refused.toLocaleString("en")} |
| memory (RSS, median) after the warm-up | ${early} MB |
| memory (RSS, median) at the end | ${late} MB, ${(late / early).toFixed(2)} of that |

| second | RSS in MB |
|---|---|
${rows.map(({ second, megabytes }) => `| ${second} | ${megabytes} |`).join("\n")}
`,
  );
  console.log(`${JSON.stringify(counts)} RSS ${early} → ${late} MB`);
  if (counts.wrong > 0 || !isFlat) process.exitCode = 1;
}

/** @param {{ megabytes: number }[]} values */
function median(values) {
  const sorted = values.map(({ megabytes }) => megabytes).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
