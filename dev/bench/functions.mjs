// Measures the CPU time of the plugin's functions, in a loop in this process, and of `jose` with the same checks beside
// them. They take turns: a few hundred calls of A, of B, of C, then again.
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { decodeProtectedHeader, importSPKI } from "jose";
import { createAuthenticator } from "../../packages/clerk/dist/authenticator.js";
import { clerkBackend } from "../../packages/clerk/dist/clerk/backend.js";
import { clerkFrontend } from "../../packages/clerk/dist/clerk/frontend.js";
import { clerkHealth } from "../../packages/clerk/dist/clerk/health.js";
import { readSettings } from "../../packages/clerk/dist/options/settings.js";
import { credentialVerifier } from "../../packages/clerk/dist/verification/verifier.js";
import { joseVerifier } from "./jose-verifier.mjs";

/** @import { World } from "./world.mjs" */

const WARM_UPS = 8;
const RESOURCE = "http://127.0.0.1:3001/mcp";
const BODY = {
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "greet", arguments: { name: "World" } },
};

export const STEPS = /** @type {const} */ ({
  signature: "the RSA signature alone (WebCrypto)",
  jose: "`jose.jwtVerify`, with the same checks",
  joseTwin: "the same once more",
  verifyNew: "verification, a new token",
  verifySeen: "verification, a token seen before",
  allSeen: "all of it, a token seen before",
  allSeenTwin: "the same once more",
  allNew: "all of it, a new token",
});

/** @typedef {Record<keyof typeof STEPS, number[]>} Functions CPU time in microseconds, one value per round */

/**
 * @param {World} world
 * @param {{ rounds: number, calls: number }} options
 * @returns {Promise<Functions>}
 */
export async function measureFunctions(world, { rounds, calls }) {
  const { clerk } = world;
  const settings = readSettings(
    { baseURL: new URL(RESOURCE).origin, onEvent: false },
    /** @type {NodeJS.ProcessEnv} */ ({ ...world.env }),
  );
  const health = clerkHealth(() => {});
  const verify = credentialVerifier(
    settings,
    clerkBackend(settings, health),
    clerkFrontend(settings, health),
  );
  const { decide } = createAuthenticator(settings);
  const key = await importSPKI(clerk.jwtKey, "RS256");
  const { tokens: seen } = await clerk.mint({ user: "ada", resource: RESOURCE, count: 64 });
  const [first = ""] = seen;
  const { kid = "" } = decodeProtectedHeader(first);
  const byJose = joseVerifier({ key, keyId: kid, issuer: clerk.issuer, resource: RESOURCE });
  const [content, signature] = signedParts(first);

  // Each subject gets the same new tokens: none of them knows what another has seen.
  const fresh = linesOf(await world.tokens.distinct(RESOURCE, (rounds + WARM_UPS) * calls));
  const token = (/** @type {number} */ index) => fresh[index] ?? "";
  const known = (/** @type {number} */ index) => seen[index % seen.length] ?? "";

  /** @type {Record<keyof typeof STEPS, (index: number) => unknown>} */
  const subjects = {
    signature: () => webcrypto.subtle.verify("RSASSA-PKCS1-v1_5", key, signature, content),
    jose: (index) => byJose(token(index)),
    verifyNew: (index) => verify(token(index)),
    joseTwin: (index) => byJose(token(index)),
    verifySeen: (index) => verify(known(index)),
    allSeen: (index) => decide(requestWith(known(index))),
    allSeenTwin: (index) => decide(requestWith(known(index))),
    allNew: (index) => decide(requestWith(token(index))),
  };
  const names = /** @type {(keyof typeof STEPS)[]} */ (Object.keys(subjects));
  const micros = /** @type {Functions} */ (
    Object.fromEntries(names.map((name) => [name, /** @type {number[]} */ ([])]))
  );
  for (let round = -WARM_UPS; round < rounds; round += 1) {
    const from = (round + WARM_UPS) * calls;
    for (const name of names) {
      const taken = await timed(subjects[name], from, calls);
      // They share code, so all of them are warm before one counts.
      if (round >= 0) micros[name].push(taken);
    }
  }
  await checkAllowed(decide(requestWith(first)));
  return micros;
}

/**
 * Makes the calls one after the other, as on one connection.
 *
 * @param {(index: number) => unknown} subject
 * @param {number} from
 * @param {number} calls
 */
async function timed(subject, from, calls) {
  const before = process.cpuUsage();
  for (let index = from; index < from + calls; index += 1) {
    const result = subject(index);
    // Awaiting a value that is not a promise would cost more than the call itself.
    if (result instanceof Promise) await result;
  }
  // Of all threads: signatures are verified on others.
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/** A refusal would be fast, too. @param {Promise<{ outcome: string }>} decided */
async function checkAllowed(decided) {
  const { outcome } = await decided;
  if (outcome !== "authenticated") throw new Error(`The measured request was ${outcome}.`);
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
    userAgent: undefined,
    authorization: [`Bearer ${token}`],
    ifNoneMatch: undefined,
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
