/** HTTP methods: each must require authentication or not be served at all. */
import type { Case, Expect, Level, Request, Step } from "../case.js";
import { INITIALIZE } from "../http/request-bytes.js";
import { DENIED, HANDLED, UNAUTHORIZED } from "./expectations.js";

const EVERY_REQUEST = "MCP 2025-11-25 Authorization, Access Token Usage";

const METHODS = [
  "GET",
  "HEAD",
  "PUT",
  "PATCH",
  "DELETE",
  "TRACE",
  "CONNECT",
  "PROPFIND",
  "SEARCH",
  "QUERY",
  "FOO",
  "post",
  "Post",
];

function one(id: string, title: string, spec: string, level: Level, send: Request, expect: Expect): Case {
  return { id: `methods.${id}`, title, spec, level, send, expect };
}

/** `OPTIONS` without the preflight fields is not a preflight, but answering it is harmless if nothing is served. */
const NOTHING_SERVED: Expect = {
  anyOf: [
    DENIED,
    { status: [200, 204], json: { result: { present: false } } },
    { status: [200, 204], headers: { "content-type": { present: false } } },
  ],
};

/** Gateways from HTTP/2 announce a body that there is not. */
function emptyChunks(method: string, credential: Request, title: string, id: string, expect: Expect): Case {
  const request: Request = { method, ...credential, body: null };
  const send: readonly Step[] = [{ request, expect }, { request: { ...request, text: "", chunked: true } }];
  const spec = "RFC 9112 §7.1; RFC 9110 §9.3.1";
  return { id: `methods.${id}`, title, spec, level: "must", send, expect: { ...expect, sameStatusAs: 1 } };
}

export const methods: readonly Case[] = [
  ...METHODS.map((method) =>
    one(
      /^[A-Z]+$/.test(method) ? method.toLowerCase() : `spelled-${method === "post" ? "small" : "mixed"}`,
      `${method} serves nothing without a token`,
      EVERY_REQUEST,
      "must",
      { method, authorization: null, ...(method === "CONNECT" && { target: "{host}" }) },
      DENIED,
    ),
  ),
  ...["PUT", "PATCH", "DELETE", "SEARCH"].map((method) =>
    one(
      `${method.toLowerCase()}-with-message`,
      `${method} with a message serves nothing without a token`,
      EVERY_REQUEST,
      "must",
      { method, authorization: null, body: INITIALIZE },
      DENIED,
    ),
  ),
  ...["GET", "HEAD", "DELETE"].map((method) =>
    one(
      `${method.toLowerCase()}-challenged`,
      `${method} without a token is answered 401, so that a client learns where to sign in`,
      "RFC 9110 §15.5.2",
      "should",
      { method, authorization: null },
      UNAUTHORIZED,
    ),
  ),
  ...["GET", "DELETE", "PUT"].map((method) =>
    one(
      `${method.toLowerCase()}-wrong-token`,
      `${method} with a stranger's token serves nothing`,
      EVERY_REQUEST,
      "must",
      { method, token: { kind: "jose.wrong-key", key: "stranger" } },
      DENIED,
    ),
  ),
  ...["PUT", "PATCH", "DELETE", "HEAD"].map((method) =>
    one(
      `${method.toLowerCase()}-valid`,
      `${method} with a valid token is handled`,
      "RFC 9110 §15.5.6",
      "robustness",
      { method, body: null },
      HANDLED,
    ),
  ),
  one(
    "get-stream",
    "a stream of events is not opened without a token",
    EVERY_REQUEST,
    "must",
    { method: "GET", authorization: null, headers: [["Accept", "text/event-stream"]] },
    DENIED,
  ),
  one(
    "get-with-message",
    "GET with a message serves nothing without a token",
    EVERY_REQUEST,
    "must",
    { method: "GET", authorization: null, body: INITIALIZE },
    DENIED,
  ),
  one(
    "get-query-message",
    "GET with a message in the query serves nothing without a token",
    EVERY_REQUEST,
    "must",
    { method: "GET", authorization: null, target: "{path}?method=initialize&id=1&jsonrpc=2.0" },
    DENIED,
  ),
  one(
    "options",
    "OPTIONS serves nothing without a token",
    EVERY_REQUEST,
    "must",
    { method: "OPTIONS", authorization: null },
    NOTHING_SERVED,
  ),
  one(
    "options-with-message",
    "a preflight with a message serves nothing",
    "Fetch §4.8",
    "must",
    {
      method: "OPTIONS",
      authorization: null,
      headers: [
        ["Origin", "{origin}"],
        ["Access-Control-Request-Method", "POST"],
      ],
      body: INITIALIZE,
    },
    NOTHING_SERVED,
  ),
  one(
    "post-like-preflight",
    "a POST with the fields of a preflight needs a token",
    EVERY_REQUEST,
    "must",
    { authorization: null, headers: [["Access-Control-Request-Method", "POST"]] },
    UNAUTHORIZED,
  ),
  ...[
    ["X-HTTP-Method-Override", "OPTIONS"],
    ["X-HTTP-Method", "OPTIONS"],
    ["X-Method-Override", "GET"],
  ].map(([name = "", value = ""]) =>
    one(
      `override-${name.toLowerCase()}`,
      `${name} does not open the endpoint`,
      EVERY_REQUEST,
      "must",
      { authorization: null, headers: [[name, value]] },
      UNAUTHORIZED,
    ),
  ),
  one(
    "override-query",
    "a method in the query does not open the endpoint",
    EVERY_REQUEST,
    "must",
    { authorization: null, target: "{path}?_method=OPTIONS" },
    UNAUTHORIZED,
  ),
  one(
    "override-get-to-post",
    "a GET that claims to be a POST serves nothing",
    EVERY_REQUEST,
    "must",
    { method: "GET", authorization: null, headers: [["X-HTTP-Method-Override", "POST"]], body: INITIALIZE },
    DENIED,
  ),
  ...["GET", "HEAD", "DELETE"].flatMap((method) => [
    emptyChunks(
      method,
      {},
      `${method} with an empty body in chunks is answered as without one`,
      `${method.toLowerCase()}-empty-chunks`,
      { outcome: "handled", challenge: "none" },
    ),
    emptyChunks(
      method,
      { authorization: null },
      `${method} with an empty body in chunks and no token is refused as without one`,
      `${method.toLowerCase()}-empty-chunks-no-token`,
      { outcome: "denied", status: [400, 401, 403, 404, 405, 501] },
    ),
  ]),
  one(
    "trace-valid",
    "TRACE does not send the token back",
    "RFC 9110 §9.3.8",
    "must",
    { method: "TRACE" },
    { leaks: { none: [] } },
  ),
];
