/** JSON-RPC batches: one credential for the batch, and each message checked. */
import type { Case, Expect, Level, Request } from "../case.js";
import { INITIALIZE } from "../http/request-bytes.js";
import type { Json } from "../tokens/recipe.js";
import { DENIED, HANDLED, UNAUTHORIZED } from "./expectations.js";

const SPEC = "MCP 2025-03-26 Transports, Sending Messages; MCP 2025-11-25 Authorization, Access Token Usage";

const message = (method: string, id: number, params: Json = {}): Json => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});
const CALL = message("tools/call", 2, { name: "x", arguments: {} });
const LIST = message("tools/list", 3);
const PING = message("ping", 4);
const NOTE: Json = { jsonrpc: "2.0", method: "notifications/initialized" };

const bodies: readonly (readonly [name: string, what: string, body: Json])[] = [
  ["one", "of one request", [INITIALIZE]],
  ["mixed", "of an initialize, a list and a call", [INITIALIZE, LIST, CALL]],
  ["harmless-first", "that starts with a ping", [PING, CALL]],
  ["notifications", "of notifications", [NOTE, NOTE]],
  ["notification-first", "that starts with a notification", [NOTE, INITIALIZE]],
  ["null-first", "that starts with null", [null, INITIALIZE]],
  ["nested", "within a batch", [[INITIALIZE]]],
  ["empty", "of nothing", []],
  ["hundred", "of a hundred calls", Array.from({ length: 100 }, () => CALL)],
  ["answers", "of answers", [{ jsonrpc: "2.0", id: 1, result: {} }]],
];

function one(id: string, title: string, send: Request, expect: Expect, level: Level = "must"): Case {
  return { id: `batches.${id}`, title, spec: SPEC, level, send, expect };
}

export const batches: readonly Case[] = [
  ...bodies.map(([name, what, body]) =>
    one(`${name}-no-token`, `a batch ${what} needs a token`, { authorization: null, body }, UNAUTHORIZED),
  ),
  ...bodies
    .slice(0, 5)
    .map(([name, what, body]) =>
      one(
        `${name}-expired`,
        `a batch ${what} with an expired token is refused`,
        { token: { kind: "challenges.expired", claims: { exp: { now: -3600 } } }, body },
        UNAUTHORIZED,
      ),
    ),
  ...bodies.map(([name, what, body]) =>
    one(`${name}-valid`, `a batch ${what} with a valid token is handled`, { body }, HANDLED, "robustness"),
  ),
  one(
    "object-with-numbers",
    "an object that looks like a list needs a token",
    { authorization: null, body: { "0": INITIALIZE, length: 1 } },
    DENIED,
  ),
  one(
    "lines",
    "several messages in lines want a token",
    { authorization: null, text: `${JSON.stringify(INITIALIZE)}\n${JSON.stringify(CALL)}` },
    DENIED,
  ),
  one(
    "duplicate-method",
    "a message with two methods needs a token",
    {
      authorization: null,
      text: '{"jsonrpc":"2.0","id":1,"method":"ping","method":"initialize","params":{}}',
    },
    UNAUTHORIZED,
  ),
  {
    id: "batches.missing-scope",
    title: "a batch is refused as a whole if a scope is missing",
    spec: "MCP 2025-11-25 Authorization, Scope Challenge Handling",
    level: "must",
    needs: ["required-scopes"],
    send: { token: { kind: "step-up.empty", claims: { scope: "" } }, body: [PING, INITIALIZE, CALL] },
    expect: { outcome: "denied", status: [400, 403] },
  },
  {
    id: "batches.missing-scope-harmless-first",
    title: "a harmless first element does not let the others pass",
    spec: "MCP 2025-11-25 Authorization, Scope Challenge Handling",
    level: "must",
    needs: ["required-scopes"],
    send: {
      token: { kind: "step-up.empty", claims: { scope: "" } },
      headers: [["Mcp-Method", "ping"]],
      body: [NOTE, PING, CALL],
    },
    expect: { outcome: "denied", status: [400, 403] },
  },
];
