// The servers that are compared. All of them serve the template's four tools, and fillers up to the number wanted.
import { existsSync } from "node:fs";
import { join } from "node:path";

/** A newer Node than the one that runs the benchmark, for mcp-use, which needs it. */
const NEWER_NODE = join(import.meta.dirname, "node_modules/node/bin/node");

export const TOOLS = /** @type {const} */ ([4, 20, 100]);

/**
 * @typedef {object} Variant
 * @property {"xmcp" | "ours"} [app] an app that xmcp builds; or `program`
 * @property {string} [program] a server program in `variants/`
 * @property {string} [node] another Node than this one
 */

/** @satisfies {Record<string, Variant>} */
export const VARIANTS = {
  /** xmcp as it comes: no plugin, no authentication. */
  xmcp: { app: "xmcp" },
  ours: { app: "ours" },
  /** The MCP project's own server package, with `requireBearerAuth` and `jose`. */
  sdk: { program: "mcp-sdk.mjs" },
  "ours, newer Node": { app: "ours", node: NEWER_NODE },
  "mcp-use": { program: "mcp-use.mjs", node: NEWER_NODE },
};

/** @typedef {keyof typeof VARIANTS} Name */

/**
 * @typedef {object} Subject a server, and what it is asked
 * @property {string} id unique
 * @property {Name} name
 * @property {number} tools
 * @property {"call" | "list"} kind
 * @property {boolean} isTwin whether it is the second of two equal servers
 */

/**
 * In the order in which they take turns: what is compared with each other is measured close together.
 *
 * @returns {Subject[]}
 */
export function subjects() {
  const names = /** @type {Name[]} */ (Object.keys(VARIANTS));
  const calls = TOOLS.flatMap((tools) => names.map((name) => subject(name, tools)));
  const twins = [subject("ours", 4, { isTwin: true }), subject("ours, newer Node", 4, { isTwin: true })];
  const lists = [subject("xmcp", 100, { kind: "list" }), subject("ours", 100, { kind: "list" })];
  return [...calls.slice(0, names.length), ...twins, ...calls.slice(names.length), ...lists];
}

/**
 * @param {Name} name
 * @param {number} tools
 * @param {Partial<Pick<Subject, "kind" | "isTwin">>} [more]
 * @returns {Subject}
 */
function subject(name, tools, { kind = "call", isTwin = false } = {}) {
  return { id: idOf(name, tools, { kind, isTwin }), name, tools, kind, isTwin };
}

/**
 * @param {Name} name
 * @param {number} tools
 * @param {Partial<Pick<Subject, "kind" | "isTwin">>} [more]
 */
export function idOf(name, tools, { kind = "call", isTwin = false } = {}) {
  return `${name}, ${tools} tools, ${kind}${isTwin ? ", twin" : ""}`;
}

/** Fails before anything is measured. */
export function checkNewerNode() {
  if (!existsSync(NEWER_NODE))
    throw new Error(`${NEWER_NODE} is not there. Delete dev/bench/node_modules and run this again.`);
}
