// The variants that are compared. All serve the same four tools; they differ in how they authenticate the caller.
import { existsSync } from "node:fs";
import { join } from "node:path";

/** A newer Node than the one that runs the benchmark, for servers that require it. */
const NEWER_NODE = join(import.meta.dirname, "node_modules/node/bin/node");

/** @import { App } from "./apps.mjs" */

/**
 * @typedef {object} Variant
 * @property {string} id a number, with a letter if several variants share it
 * @property {string} name
 * @property {App} [app] an xmcp app; or `program`
 * @property {string} [program] a server program in `variants/`
 * @property {string} [node] another Node than this one
 * @property {"few" | "distinct" | "opaque"} tokens a few JWTs, used repeatedly; a new JWT for each request; or a few
 * opaque tokens, used repeatedly
 * @property {(jwtKey: string) => object} [env]
 * @property {boolean} [events] whether it writes an event for each call to stderr, as a JSON line
 * @property {number} [distanceMs] round-trip time to Clerk's Backend API
 */

/** xmcp by default, without the plugin. @type {App} */
export const PLAIN = { caller: "fixed" };
/** The plugin's server entry without authentication. @type {App} */
const OPEN = { middleware: "open", caller: "fixed" };
/** @type {App} */
export const OURS = { middleware: "ours", caller: "ours" };
const remote = /** @type {const} */ ({
  app: { middleware: "remote", caller: "clerk-sdk" },
  tokens: "opaque",
});
const clerkBackend = /** @type {const} */ ({
  app: { middleware: "clerk-backend", caller: "clerk-sdk" },
  tokens: "few",
});

const mcpUse = /** @type {const} */ ({ program: "mcp-use.mjs", tokens: "few", node: NEWER_NODE });
const mcpSdk = /** @type {const} */ ({ program: "mcp-sdk.mjs", tokens: "few" });

/** @type {readonly Variant[]} */
export const VARIANTS = [
  { id: "1", name: "xmcp, no authentication", app: PLAIN, tokens: "few" },
  { id: "1b", name: "xmcp in our server entry, no authentication", app: OPEN, tokens: "few" },
  { id: "2", name: "ours, token seen before", app: OURS, tokens: "few" },
  { id: "2b", name: "ours, token seen before, on the Node of 7", app: OURS, tokens: "few", node: NEWER_NODE },
  { id: "3", name: "ours, every token new", app: OURS, tokens: "distinct" },
  { id: "4", name: "ours, opaque token seen before", app: OURS, tokens: "opaque" },
  {
    id: "5",
    name: "ours, access rules and events on",
    app: { middleware: "rules", caller: "ours" },
    tokens: "few",
    events: true,
  },
  {
    id: "5b",
    name: "ours, access rules on",
    app: { middleware: "rules", caller: "ours" },
    tokens: "few",
    env: () => ({ BENCH_EVENTS: "off" }),
  },
  { id: "6a", name: "a remote verification per request, 0 ms away", ...remote, distanceMs: 0 },
  { id: "6b", name: "a remote verification per request, 20 ms away", ...remote, distanceMs: 20 },
  { id: "6c", name: "a remote verification per request, 80 ms away", ...remote, distanceMs: 80 },
  { id: "7", name: "mcp-use with its Clerk provider", ...mcpUse },
  { id: "7b", name: "mcp-use, no authentication", ...mcpUse, env: () => ({ BENCH_OPEN: "1" }) },
  { id: "8", name: "@modelcontextprotocol/server, requireBearerAuth, jose", ...mcpSdk },
  {
    id: "8b",
    name: "@modelcontextprotocol/server, no authentication",
    ...mcpSdk,
    env: () => ({ BENCH_OPEN: "1" }),
  },
  { id: "9a", name: "@clerk/backend's authenticateRequest", ...clerkBackend },
  {
    id: "9b",
    name: "@clerk/backend's authenticateRequest, with jwtKey",
    ...clerkBackend,
    env: (jwtKey) => ({ BENCH_JWT_KEY: jwtKey }),
  },
];

/**
 * The variants whose number or id is in the list, and 1, the base of all comparisons.
 *
 * @param {string | undefined} only e.g. `1,2,6b`
 */
export function chosenVariants(only) {
  if (!existsSync(NEWER_NODE))
    throw new Error(`${NEWER_NODE} is not there. Delete dev/bench/node_modules and run this again.`);
  if (only === undefined) return VARIANTS;
  const wanted = new Set(["1", ...only.split(",").map((id) => id.trim())]);
  const chosen = VARIANTS.filter(({ id }) => wanted.has(id) || wanted.has(id.replace(/\D/g, "")));
  const unknown = [...wanted].filter(
    (id) => !VARIANTS.some((v) => v.id === id || v.id.replace(/\D/g, "") === id),
  );
  if (unknown.length > 0) {
    throw new Error(
      `--only: there is no ${unknown.join(", ")}; there are ${VARIANTS.map(({ id }) => id).join(", ")}`,
    );
  }
  return chosen;
}
