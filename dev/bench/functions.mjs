// Measures the cost of each step of the plugin in microseconds, compared with bare `jose` and a bare RSA verification.
// The measurements are interleaved: several thousand calls of A, of B, of C, then again.
import { webcrypto } from "node:crypto";
import { openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { importSPKI, jwtVerify } from "jose";
import { compile } from "../../packages/clerk/dist/access/compile.js";
import { authorize } from "../../packages/clerk/dist/access/policy.js";
import { createAuthenticator } from "../../packages/clerk/dist/authenticator.js";
import { clerkBackend } from "../../packages/clerk/dist/clerk/backend.js";
import { clerkFrontend } from "../../packages/clerk/dist/clerk/frontend.js";
import { clerkHealth } from "../../packages/clerk/dist/clerk/health.js";
import { operationsOf } from "../../packages/clerk/dist/mcp/operations.js";
import { readSettings } from "../../packages/clerk/dist/options/settings.js";
import { admit } from "../../packages/clerk/dist/request/admission.js";
import { sessionOf } from "../../packages/clerk/dist/session/caller-session.js";
import { credentialVerifier } from "../../packages/clerk/dist/verification/verifier.js";

/** @import { World } from "./world.mjs" */

const WARM_UPS = 2;
const RESOURCE = "http://127.0.0.1:3001/mcp";
const BODY = {
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "greet", arguments: { name: "World" } },
};

/** @typedef {{ name: string, micros: number[] }} Cost one value per round */

/**
 * @param {World} world
 * @param {{ rounds: number, calls: number }} options
 * @returns {Promise<Cost[]>}
 */
export async function measureFunctions(world, { rounds, calls }) {
  const { clerk, env } = world;
  const settings = settingsWith(env, {});
  const verifierOf = (/** @type {ReturnType<typeof settingsWith>} */ chosen) => {
    const health = clerkHealth(() => {});
    return credentialVerifier(chosen, clerkBackend(chosen, health), clerkFrontend(chosen, health));
  };
  const verify = verifierOf(settings);
  const key = await importSPKI(clerk.jwtKey, "RS256");
  const options = {
    algorithms: ["RS256"],
    issuer: clerk.issuer,
    audience: RESOURCE,
    typ: "at+jwt",
    clockTolerance: 5,
  };
  const { tokens: seen } = await clerk.mint({ user: "ada", resource: RESOURCE, count: 64 });
  const { tokens: opaque } = await clerk.mint({
    user: "ada",
    resource: RESOURCE,
    count: 64,
    format: "opaque",
  });
  const fresh = linesOf(await world.tokens.distinct(RESOURCE, (rounds + WARM_UPS) * calls * 3)).values();
  const next = () => /** @type {string} */ (fresh.next().value);
  const [protectedPart, signature] = signedParts(seen[0] ?? "");
  const request = (/** @type {string} */ token) => requestWith(token);
  const { decide } = createAuthenticator(settings);
  const plain = requestWith(seen[0] ?? "");
  const policies = Object.fromEntries([0, 10, 1_000].map((count) => [count, policyWith(env, count)]));
  const facts = factsOf(await verify(seen[0] ?? ""));

  /** @type {Record<string, (index: number) => unknown>} */
  const subjects = {
    "RSA verification alone (WebCrypto)": () =>
      webcrypto.subtle.verify("RSASSA-PKCS1-v1_5", key, signature, protectedPart),
    "bare jose.jwtVerify, local key": () => jwtVerify(next(), key, options),
    "verify, token seen before": (index) => verify(seen[index % 64] ?? ""),
    "verify, token new": () => verify(next()),
    "verify, opaque token seen before": (index) => verify(opaque[index % 64] ?? ""),
    admission: () => admit(plain, settings),
    "policy, no rules": () => judge(policies[0]),
    "policy, 10 rules": () => judge(policies[10]),
    "policy, 1,000 rules": () => judge(policies[1_000]),
    "all of it (decide), token seen before": (index) => decide(request(seen[index % 64] ?? "")),
    "all of it (decide), token new": () => decide(request(next())),
    "an event, as text and written": eventWriter(world.folder),
  };

  /** @param {ReturnType<typeof policyWith> | undefined} compiled */
  function judge(compiled) {
    if (compiled === undefined) return;
    authorize(
      operationsOf(BODY, () => undefined),
      facts,
      compiled.policy,
      compiled.settings,
    );
  }

  const costs = Object.entries(subjects).map(([name, subject]) => ({
    name,
    subject,
    micros: /** @type {number[]} */ ([]),
  }));
  // Warm up all of them first: they share code, and the first one measured would include its compilation.
  for (let pass = 0; pass < WARM_UPS; pass += 1) for (const { subject } of costs) await timed(subject, calls);
  for (let round = 0; round < rounds; round += 1)
    for (const { subject, micros } of costs) micros.push(await timed(subject, calls));
  return costs.map(({ name, micros }) => ({ name, micros }));
}

const EVENTS_AT_ONCE = 80;

/** Works like the default sink at 800 calls per second, but writes to a file. @param {string} folder */
function eventWriter(folder) {
  const file = openSync(join(folder, "events.log"), "w");
  const event = {
    type: "tool",
    time: new Date(),
    name: "greet",
    caller: "user",
    userId: "user_0123456789abcdefghijklmnopq",
    clientId: "client_0123456789abcdef",
    durationMs: 1,
    outcome: "ok",
  };
  /** @type {object[]} */
  let waiting = [];
  return () => {
    waiting.push({ ...event, time: new Date() });
    if (waiting.length < EVENTS_AT_ONCE) return;
    writeSync(file, `${waiting.map((each) => JSON.stringify(each)).join("\n")}\n`);
    waiting = [];
  };
}

/**
 * Makes the calls one after the other, as on one connection.
 *
 * @param {(index: number) => unknown} subject
 * @param {number} calls
 */
async function timed(subject, calls) {
  const started = performance.now();
  for (let index = 0; index < calls; index += 1) {
    const result = subject(index);
    // Awaiting a value that is not a promise would cost more than the call itself.
    if (result instanceof Promise) await result;
  }
  return ((performance.now() - started) / calls) * 1_000;
}

/**
 * @param {object} env
 * @param {object} options
 */
function settingsWith(env, options) {
  const given = { baseURL: new URL(RESOURCE).origin, onEvent: /** @type {const} */ (false), ...options };
  return readSettings(given, { ...env });
}

/**
 * @param {object} env
 * @param {number} count
 */
function policyWith(env, count) {
  const numbered = Array.from({ length: count }, (_, index) => [
    `tool-${index}${index % 2 ? "*" : ""}`,
    { scopes: ["email"] },
  ]);
  const tools = { ...Object.fromEntries(numbered), ...(count > 0 && { greet: { scopes: ["profile"] } }) };
  const settings = settingsWith(env, { access: { tools, unknownNames: "ignore" } });
  return { settings, policy: compile(settings, undefined).policy };
}

/** @param {import("../../packages/clerk/dist/verification/access-token.js").AccessToken} token */
function factsOf(token) {
  const scopes = new Set(token.scopes);
  return {
    session: sessionOf({ token, membership: null, scopes }),
    membership: null,
    scopes,
    metadata: null,
  };
}

/** @param {string} token */
function requestWith(token) {
  return {
    method: "POST",
    path: "/mcp",
    query: "",
    host: "127.0.0.1:3001",
    origin: undefined,
    remoteAddress: "127.0.0.1",
    forwardedFor: undefined,
    authorization: [`Bearer ${token}`],
    isPreflight: false,
    requestedHeaders: undefined,
    body: async () => BODY,
  };
}

/** @param {string} token */
function signedParts(token) {
  const end = token.lastIndexOf(".");
  return /** @type {const} */ ([
    Buffer.from(token.slice(0, end)),
    Buffer.from(token.slice(end + 1), "base64url"),
  ]);
}

/** @param {string} path */
function linesOf(path) {
  return readFileSync(path, "utf8").trimEnd().split("\n");
}
