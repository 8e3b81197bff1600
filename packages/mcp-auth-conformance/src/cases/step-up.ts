/** Scopes: a refusal names the missing ones, so that a client can request them. */
import type { Case, Expect, Level, Request } from "../case.js";
import type { Json, TokenRecipe } from "../tokens/recipe.js";
import { ACCEPTED, UNAUTHORIZED } from "./expectations.js";

const INSUFFICIENT = "MCP 2025-11-25 Authorization, Scope Challenge Handling; RFC 6750 §3.1";
const SCOPES = "RFC 6749 §3.3";
const FORBIDDEN: Expect = { outcome: "denied", status: 403 };

const withScope = (name: string, scope: Json): TokenRecipe => ({
  kind: `step-up.${name}`,
  claims: { scope },
});
const EMPTY = withScope("empty", "");

function one(id: string, title: string, spec: string, level: Level, send: Request, expect: Expect): Case {
  return { id: `step-up.${id}`, title, spec, level, needs: ["required-scopes"], send, expect };
}

const missing: readonly (readonly [name: string, what: string, recipe: TokenRecipe])[] = [
  ["empty", "an empty scope", EMPTY],
  ["absent", "no scope", { kind: "step-up.absent", omit: ["scope"] }],
  ["other", "another scope", withScope("other", "other:scope")],
  ["longer", "a scope that only starts like the right one", withScope("longer", "{required}x")],
  ["shorter", "a scope that the right one only starts like", withScope("shorter", "{required-cut}")],
  ["upper-case", "the right scope in capitals", withScope("upper-case", "{required-upper}")],
  ["commas", "scopes with commas between", withScope("commas", "other,{required},x")],
  ["wildcard", "an asterisk", withScope("wildcard", "*")],
  ["in-word", "a scope with the right one in it", withScope("in-word", "no-{required}")],
  [
    "roles",
    "the right scope as a role",
    { kind: "step-up.roles", claims: { scope: "", roles: ["{required}"] } },
  ],
  [
    "permissions",
    "the right scope as a permission",
    { kind: "step-up.permissions", claims: { scope: "", permissions: ["{required}"] } },
  ],
];

const message = (method: string, params: Json = {}): Json => ({ jsonrpc: "2.0", id: 1, method, params });

export const stepUp: readonly Case[] = [
  ...missing.map(([name, what, token]) =>
    one(name, `a token with ${what} does not suffice`, INSUFFICIENT, "must", { token }, FORBIDDEN),
  ),
  one(
    "error",
    "the challenge says insufficient_scope",
    INSUFFICIENT,
    "should",
    { token: EMPTY },
    { status: 403, challenge: { parameters: { error: { equals: "insufficient_scope" } } } },
  ),
  one(
    "scope",
    "the challenge names the scopes that are needed",
    INSUFFICIENT,
    "should",
    { token: EMPTY },
    { status: 403, challenge: { parameters: { scope: { has: "{scope}" } } } },
  ),
  one(
    "metadata",
    "the challenge names the metadata",
    INSUFFICIENT,
    "should",
    { token: EMPTY },
    { status: 403, challenge: { parameters: { resource_metadata: { present: true } } } },
  ),
  one(
    "readable",
    "a page may read the challenge",
    "Fetch §3.3.4",
    "should",
    { token: EMPTY, headers: [["Origin", "{origin}"]] },
    { status: 403, headers: { "access-control-expose-headers": { matches: "www-authenticate" } } },
  ),
  one(
    "not-cached",
    "403 is not stored by caches",
    "RFC 6750 §5.3",
    "should",
    { token: EMPTY },
    { status: 403, headers: { "cache-control": { matches: "no-store" } } },
  ),
  one(
    "header-claims-ping",
    "a header that claims a harmless method changes nothing",
    INSUFFICIENT,
    "must",
    { token: EMPTY, headers: [["Mcp-Method", "ping"]] },
    FORBIDDEN,
  ),
  one(
    "tools-call",
    "a tool call with too little scope does not suffice",
    INSUFFICIENT,
    "must",
    { token: EMPTY, body: message("tools/call", { name: "x", arguments: {} }) },
    FORBIDDEN,
  ),
  one(
    "wider",
    "a token with more scopes suffices",
    SCOPES,
    "must",
    { token: withScope("wider", "other:a {required} other:b") },
    ACCEPTED,
  ),
  one(
    "reordered",
    "the order of scopes does not matter",
    SCOPES,
    "must",
    { token: withScope("reordered", "{required-reversed}") },
    ACCEPTED,
  ),
  one(
    "repeated",
    "a duplicate scope is enough",
    SCOPES,
    "must",
    { token: withScope("repeated", "{required} {required}") },
    ACCEPTED,
  ),
  one(
    "expired-first",
    "an expired token with too little scope is expired",
    "RFC 6750 §3.1",
    "must",
    { token: { kind: "step-up.expired-first", claims: { scope: "", exp: { now: -3600 } } } },
    UNAUTHORIZED,
  ),
  one(
    "forged-first",
    "a forged token with too little scope is forged",
    "RFC 6750 §3.1",
    "must",
    { token: { kind: "step-up.forged-first", claims: { scope: "" }, key: "stranger" } },
    UNAUTHORIZED,
  ),
  one(
    "other-audience-first",
    "a token for another resource with every scope is for another resource",
    "RFC 6750 §3.1",
    "must",
    { token: { kind: "step-up.other-audience-first", claims: { aud: "https://other.example/mcp" } } },
    UNAUTHORIZED,
  ),
];
