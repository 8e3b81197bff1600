/** Which requests are protected: no variant of the path and no header may bypass the check. */
import type { Case, Expect, Request } from "../case.js";
import type { Json } from "../tokens/recipe.js";
import { ACCEPTED, DENIED, UNAUTHORIZED } from "./expectations.js";

const EVERY_REQUEST = "MCP 2025-11-25 Authorization, Access Token Usage";
const TARGET = "RFC 9112 §3.2";

type Row = readonly [name: string, what: string, target: string];

/** None of these may bypass the check: 401, or any response that serves nothing. */
const targets: readonly Row[] = [
  ["upper-case", "the path in capitals", "{path-upper}"],
  ["mixed-case", "the path with one capital", "{path-mixed}"],
  ["trailing-slash", "the path with a slash behind it", "{path}/"],
  ["trailing-slashes", "the path with two slashes behind it", "{path}//"],
  ["leading-slashes", "two slashes before the path", "/{path}"],
  ["below", "a path below", "{path}/anything"],
  ["below-deep", "a path far below", "{path}/a/b/c"],
  ["dot", "the path with a dot segment", "/.{path}"],
  ["dot-behind", "the path with a dot segment behind it", "{path}/."],
  ["dot-dot", "the path behind another and back", "/x/..{path}"],
  ["dot-dot-below", "a path below and back", "{path}/x/.."],
  ["dot-dot-encoded", "the path behind an encoded way back", "/x/%2e%2e{path}"],
  ["encoded-letter", "the path with an encoded letter", "{path-encoded}"],
  ["twice-encoded-letter", "the path with a letter encoded twice", "{path-twice-encoded}"],
  ["encoded-slash", "the path with an encoded slash behind it", "{path}%2f"],
  ["encoded-leading-slash", "an encoded slash before the path", "/%2f{path}"],
  ["backslash", "the path behind a backslash", "/\\..{path}"],
  ["encoded-nul", "the path with an encoded NUL", "{path}%00"],
  ["encoded-line-break", "the path with an encoded line break", "{path}%0d%0a"],
  ["encoded-blank", "the path with an encoded blank", "{path}%20"],
  ["overlong-slash", "the path with a slash in overlong UTF-8", "{path}%c0%af"],
  ["bad-encoding", "the path with an encoding that is none", "{path}%zz"],
  ["semicolon", "the path with a parameter", "{path};x=1"],
  ["extension", "the path with an extension", "{path}.json"],
  ["health-below", "a health check below the path", "{path}/health"],
  ["well-known-below", "a metadata path below the path", "{path}/.well-known/oauth-protected-resource"],
  [
    "well-known-back",
    "the path behind the metadata's and back",
    "/.well-known/oauth-protected-resource/..{path}",
  ],
  [
    "well-known-encoded-back",
    "the path behind the metadata's and back, encoded",
    "/.well-known/oauth-protected-resource/%2e%2e/%2e%2e{path}",
  ],
  [
    "well-known-twice-back",
    "the path behind two metadata segments and back",
    "/.well-known/oauth-protected-resource/../..{path}",
  ],
  ["well-known", "the metadata's path with an MCP message", "{inserted-metadata}"],
  ["root", "the root with an MCP message", "/"],
  ["favicon", "the path below a public file", "/favicon.ico{path}"],
];

/** These are clearly requests to the endpoint. */
const queries: readonly Row[] = [
  ["query", "a query", "{path}?x=1"],
  ["empty-query", "an empty query", "{path}?"],
  ["query-like-metadata", "a query like the metadata's path", "{path}?/.well-known/oauth-protected-resource"],
  ["query-like-health", "a query that names a public path", "{path}?path=/health"],
];

/** Headers that have led to bypasses in frameworks and proxies. */
const headers: readonly (readonly [name: string, header: readonly [string, string]])[] = [
  ["x-original-url", ["X-Original-URL", "/.well-known/oauth-protected-resource"]],
  ["x-rewrite-url", ["X-Rewrite-URL", "/health"]],
  ["x-forwarded-path", ["X-Forwarded-Path", "/health"]],
  ["x-forwarded-prefix", ["X-Forwarded-Prefix", "/health"]],
  ["x-forwarded-for", ["X-Forwarded-For", "127.0.0.1"]],
  ["x-real-ip", ["X-Real-IP", "127.0.0.1"]],
  ["x-forwarded-user", ["X-Forwarded-User", "admin"]],
  ["x-forwarded-email", ["X-Forwarded-Email", "admin@example.com"]],
  [
    "x-middleware-subrequest",
    ["X-Middleware-Subrequest", "middleware:middleware:middleware:middleware:middleware"],
  ],
  ["x-auth-status", ["X-Clerk-Auth-Status", "signed-in"]],
  ["x-user-id", ["X-User-Id", "user_000000000000000000000000000"]],
  ["mcp-method", ["Mcp-Method", "ping"]],
  ["mcp-name", ["Mcp-Name", "public"]],
  ["mcp-protocol-version", ["Mcp-Protocol-Version", "1999-01-01"]],
  ["upgrade", ["Upgrade", "websocket"]],
  ["expect", ["Expect", "100-continue"]],
  ["last-event-id", ["Last-Event-ID", "1"]],
];

const message = (method: string, params: Json = {}): Json => ({ jsonrpc: "2.0", id: 1, method, params });

const messages: readonly (readonly [name: string, what: string, body: Json])[] = [
  ["ping", "a ping", message("ping")],
  ["tools-list", "a list of tools", message("tools/list")],
  ["tools-call", "a tool call", message("tools/call", { name: "x", arguments: {} })],
  ["resources-read", "a resource", message("resources/read", { uri: "file:///x" })],
  ["discover", "the server's discovery", message("server/discover")],
  ["unknown-method", "a method that there is not", message("no/such/method")],
  ["notification", "a notification", { jsonrpc: "2.0", method: "notifications/initialized" }],
  ["response", "an answer", { jsonrpc: "2.0", id: 1, result: {} }],
  ["not-json-rpc", "an object that is no message", { hello: "world" }],
  ["other-version", "a message of another JSON-RPC version", { jsonrpc: "1.0", id: 1, method: "initialize" }],
  ["text", "a text", "initialize"],
  ["null", "null", [null]],
];

const contents: readonly (readonly [name: string, what: string, request: Request])[] = [
  ["text-plain", "as text/plain", { headers: [["Content-Type", "text/plain"]] }],
  ["form", "as a form", { headers: [["Content-Type", "application/x-www-form-urlencoded"]] }],
  ["charset", "with a character set", { headers: [["Content-Type", "application/json; charset=utf-8"]] }],
  [
    "charset-unknown",
    "with an unknown character set",
    { headers: [["Content-Type", "application/json; charset=x-none"]] },
  ],
  ["no-accept", "that accepts nothing", { headers: [["Accept", "image/png"]] }],
  ["gzip-that-is-none", "as gzip that is none", { headers: [["Content-Encoding", "gzip"]] }],
  ["bad-json", "that breaks off", { text: '{"jsonrpc":"2.0",' }],
  ["empty-body", "that is empty", { text: "" }],
  ["large-body", "of two million letters", { text: `{"x":"${"a".repeat(2_000_000)}"}` }],
  ["chunked", "in chunks", { trailers: [["X-End", "1"]] }],
];

function one(id: string, title: string, spec: string, request: Request, expect: Expect): Case {
  return {
    id: `routing.${id}`,
    title,
    spec,
    level: "must",
    send: { authorization: null, ...request },
    expect,
  };
}

export const routing: readonly Case[] = [
  ...targets.map(([name, what, target]) =>
    one(name, `${what} serves nothing without a token`, EVERY_REQUEST, { target }, DENIED),
  ),
  ...targets
    .filter(([name]) =>
      ["upper-case", "trailing-slash", "below", "encoded-letter", "leading-slashes", "dot"].includes(name),
    )
    .map(([name, what, target]) =>
      one(
        `${name}-wrong-token`,
        `${what} serves nothing for a token of a stranger`,
        EVERY_REQUEST,
        { target, authorization: "Bearer {token}", token: { kind: "jose.wrong-key", key: "stranger" } },
        DENIED,
      ),
    ),
  ...queries.map(([name, what, target]) =>
    one(name, `the endpoint with ${what} needs a token`, EVERY_REQUEST, { target }, UNAUTHORIZED),
  ),
  ...headers.map(([name, header]) =>
    one(
      `header-${name}`,
      `${header[0]} does not open the endpoint`,
      EVERY_REQUEST,
      { headers: [header] },
      UNAUTHORIZED,
    ),
  ),
  ...messages.map(([name, what, body]) =>
    one(
      `message-${name}`,
      `${what} needs a token`,
      EVERY_REQUEST,
      { body },
      name === "text" ? DENIED : UNAUTHORIZED,
    ),
  ),
  ...contents.map(([name, what, request]) =>
    one(
      `content-${name}`,
      `a message ${what} serves nothing without a token`,
      EVERY_REQUEST,
      request,
      DENIED,
    ),
  ),
  one(
    "absolute-form",
    "the absolute form of the target is understood",
    "RFC 9112 §3.2.2",
    { target: "{origin}{path}", authorization: "Bearer {token}" },
    ACCEPTED,
  ),
  one(
    "absolute-form-no-token",
    "the absolute form of the target needs a token",
    "RFC 9112 §3.2.2",
    { target: "{origin}{path}" },
    DENIED,
  ),
  one(
    "absolute-form-other-host",
    "the absolute form with another host serves nothing without a token",
    TARGET,
    { target: "http://other.example{path}" },
    DENIED,
  ),
  one("asterisk", "the target * serves nothing", TARGET, { target: "*" }, DENIED),
  one("authority-form", "a target that is a host serves nothing", TARGET, { target: "{host}" }, DENIED),
  one("no-slash", "a target without a slash serves nothing", TARGET, { target: "mcp" }, DENIED),
  one(
    "fragment",
    "a target with a fragment serves nothing without a token",
    TARGET,
    { target: "{path}#x" },
    DENIED,
  ),
  one(
    "long-target",
    "a target of 20,000 letters is refused, not a crash",
    "RFC 9110 §15.5.15",
    { target: `{path}?${"a".repeat(20_000)}` },
    DENIED,
  ),
  one("http-1-0", "HTTP/1.0 serves nothing without a token", EVERY_REQUEST, { version: "HTTP/1.0" }, DENIED),
  one("http-0-9", "an unknown HTTP version serves nothing", "RFC 9112 §2.3", { version: "HTTP/3.0" }, DENIED),
];
