/** Browsers: CORS, `Origin` and `Host` (DNS rebinding). */
import type { Case, Expect, Level, Need, Request } from "../case.js";
import { ACCEPTED, DENIED } from "./expectations.js";

const REBINDING = "MCP 2025-11-25 Transports, Security Warning";
const CORS = "Fetch §3.3";
const FORBIDDEN: Expect = { outcome: "denied", status: 403 };
const OWN = ["Origin", "{origin}"] as const;

const preflight = (method: string, ...fields: readonly string[]): Request => ({
  method: "OPTIONS",
  authorization: null,
  headers: [
    OWN,
    ["Access-Control-Request-Method", method],
    ["Access-Control-Request-Headers", ["authorization", ...fields].join(",")],
  ],
});
const PREFLIGHT = preflight("POST", "content-type", "mcp-protocol-version");

function one(
  id: string,
  title: string,
  spec: string,
  level: Level,
  send: Request,
  expect: Expect,
  needs: readonly Need[] = [],
): Case {
  return { id: `origin.${id}`, title, spec, level, needs, send, expect };
}

const foreign: readonly (readonly [name: string, what: string, origin: string])[] = [
  ["foreign", "a page of another site", "https://evil.example"],
  ["foreign-http", "a page of another site over http", "http://evil.example"],
  ["same-port", "a page of another site on the same port", "http://evil.example:{port}"],
  ["suffix", "a site whose name starts like this one", "{origin}.evil.example"],
  ["loopback-suffix", "a site whose name starts like loopback", "http://127.0.0.1.evil.example"],
  ["localhost-suffix", "a site whose name starts like localhost", "http://localhost.evil.example"],
  ["localhost-prefix", "a site whose name ends like localhost", "http://evil-localhost"],
  ["userinfo", "a site with this one as user name", "http://{host}@evil.example"],
  ["fragment", "a site with this one in the fragment", "http://evil.example#{origin}"],
  ["path", "a site with this one in the path", "http://evil.example/{origin}"],
  ["nip", "a name that leads to loopback", "http://127.0.0.1.nip.io:{port}"],
];

const odd: readonly (readonly [name: string, what: string, origin: string])[] = [
  ["null", "a page without an origin", "null"],
  ["file", "a file", "file://"],
  ["two", "two origins", "{origin} https://evil.example"],
  ["list", "a list of origins", "{origin}, https://evil.example"],
  ["wildcard", "an asterisk", "*"],
  ["not-a-url", "a word", "evil"],
  ["data", "a data URL", "data:text/html,x"],
  ["javascript", "a script URL", "javascript:alert(1)"],
];

const hosts: readonly (readonly [name: string, what: string, host: string])[] = [
  ["foreign", "another name", "evil.example"],
  ["foreign-port", "another name and this port", "evil.example:{port}"],
  ["loopback-suffix", "a name that starts like loopback", "127.0.0.1.evil.example:{port}"],
  ["localhost-suffix", "a name that starts like localhost", "localhost.evil.example:{port}"],
  ["userinfo", "this name as user name of another", "{host}@evil.example"],
];

export const origin: readonly Case[] = [
  ...foreign.map(([name, what, value]) =>
    one(
      name,
      `${what} may not call, not even with a valid token`,
      REBINDING,
      "must",
      { headers: [["Origin", value]] },
      FORBIDDEN,
    ),
  ),
  ...odd.map(([name, what, value]) =>
    one(
      name,
      `${what} as Origin may not call`,
      REBINDING,
      "should",
      { headers: [["Origin", value]] },
      FORBIDDEN,
    ),
  ),
  ...foreign
    .slice(0, 3)
    .map(([name, what, value]) =>
      one(
        `${name}-no-token`,
        `${what} learns nothing without a token`,
        REBINDING,
        "must",
        { authorization: null, headers: [["Origin", value]] },
        { outcome: "denied", status: [401, 403] },
      ),
    ),
  one(
    "get-foreign",
    "a page of another site may not GET",
    REBINDING,
    "must",
    { method: "GET", headers: [["Origin", "https://evil.example"]] },
    DENIED,
  ),
  one(
    "delete-foreign",
    "a page of another site may not DELETE",
    REBINDING,
    "must",
    { method: "DELETE", headers: [["Origin", "https://evil.example"]] },
    DENIED,
  ),
  one(
    "referer",
    "Referer does not stand for Origin",
    REBINDING,
    "should",
    {
      headers: [
        ["Origin", "https://evil.example"],
        ["Referer", "{origin}/"],
      ],
    },
    FORBIDDEN,
  ),
  one(
    "x-forwarded-host",
    "X-Forwarded-Host does not make an origin this one",
    REBINDING,
    "must",
    {
      headers: [
        ["Origin", "http://evil.example"],
        ["X-Forwarded-Host", "evil.example"],
      ],
    },
    FORBIDDEN,
  ),
  one("own", "a page of this origin may call", REBINDING, "should", { headers: [OWN] }, ACCEPTED),
  one(
    "absent",
    "a client that is not a browser sends no Origin and may call",
    REBINDING,
    "must",
    {},
    ACCEPTED,
  ),
  one(
    "own-no-token",
    "a page of this origin needs a token",
    "MCP 2025-11-25 Authorization, Access Token Usage",
    "must",
    { authorization: null, headers: [OWN] },
    { outcome: "denied", status: 401 },
  ),

  one("preflight", "a preflight is answered without a token", CORS, "should", PREFLIGHT, {
    status: [200, 204],
  }),
  one("preflight-origin", "a preflight allows this origin", CORS, "should", PREFLIGHT, {
    headers: { "access-control-allow-origin": { oneOf: ["*", "{origin}"] } },
  }),
  one(
    "preflight-authorization",
    "a preflight allows Authorization by its name, as an asterisk does not mean it",
    "Fetch §4.8, CORS non-wildcard request-header name",
    "should",
    PREFLIGHT,
    { headers: { "access-control-allow-headers": { matches: "\\bauthorization\\b" } } },
  ),
  one("preflight-content-type", "a preflight allows Content-Type", CORS, "should", PREFLIGHT, {
    headers: { "access-control-allow-headers": { matches: "\\bcontent-type\\b|^\\*$" } },
  }),
  one(
    "preflight-protocol-version",
    "a preflight allows MCP-Protocol-Version",
    "MCP 2025-11-25 Transports, Protocol Version Header",
    "should",
    PREFLIGHT,
    { headers: { "access-control-allow-headers": { matches: "\\bmcp-protocol-version\\b|\\*" } } },
  ),
  one("preflight-post", "a preflight allows POST", CORS, "should", PREFLIGHT, {
    headers: { "access-control-allow-methods": { matches: "\\bPOST\\b|^\\*$" } },
  }),
  one("preflight-get", "a preflight for GET is answered", CORS, "should", preflight("GET", "last-event-id"), {
    status: [200, 204],
    headers: { "access-control-allow-origin": { oneOf: ["*", "{origin}"] } },
  }),
  one(
    "preflight-delete",
    "a preflight allows DELETE, which ends a session",
    "MCP 2025-11-25 Transports, Session Management",
    "should",
    preflight("DELETE", "mcp-session-id"),
    { headers: { "access-control-allow-methods": { matches: "\\bDELETE\\b|^\\*$" } } },
  ),
  ...[
    ["Mcp-Session-Id", "DELETE", "MCP 2025-11-25 Transports, Session Management"],
    ["Last-Event-ID", "GET", "MCP 2025-11-25 Transports, Resumability and Redelivery"],
    ["Mcp-Method", "POST", "MCP 2026-07-28 Transports (SEP-2243, standard headers)"],
    ["Mcp-Name", "POST", "MCP 2026-07-28 Transports (SEP-2243, standard headers)"],
  ].map(([name = "", method = "", spec = ""]) =>
    one(
      `preflight-${name.toLowerCase()}`,
      `a preflight allows ${name}`,
      spec,
      "should",
      preflight(method, name.toLowerCase()),
      { headers: { "access-control-allow-headers": { matches: `\\b${name}\\b|\\*` } } },
    ),
  ),
  one("preflight-no-challenge", "a preflight has no challenge", CORS, "should", PREFLIGHT, {
    challenge: "none",
  }),
  one(
    "no-wildcard-credentials",
    "an asterisk and credentials are not allowed together",
    "Fetch §3.3.3",
    "must",
    { headers: [OWN] },
    {
      anyOf: [
        { headers: { "access-control-allow-origin": { matchesNot: "\\*" } } },
        { headers: { "access-control-allow-credentials": { matchesNot: "^true$" } } },
      ],
    },
  ),
  one(
    "no-reflected-credentials",
    "a foreign origin is not reflected with credentials",
    "Fetch §3.3.3",
    "must",
    {
      method: "OPTIONS",
      authorization: null,
      headers: [
        ["Origin", "https://evil.example"],
        ["Access-Control-Request-Method", "POST"],
      ],
    },
    {
      anyOf: [
        { headers: { "access-control-allow-origin": { matchesNot: "evil" } } },
        { headers: { "access-control-allow-credentials": { matchesNot: "^true$" } } },
      ],
    },
  ),
  one(
    "challenge-readable",
    "a page may read the challenge",
    "Fetch §3.3.4",
    "should",
    { authorization: null, headers: [OWN] },
    { status: 401, headers: { "access-control-expose-headers": { matches: "\\bwww-authenticate\\b" } } },
  ),
  one(
    "unauthorized-readable",
    "a page may read the 401",
    "Fetch §3.3",
    "should",
    { authorization: null, headers: [OWN] },
    { status: 401, headers: { "access-control-allow-origin": { oneOf: ["*", "{origin}"] } } },
  ),
  one(
    "exposed-once",
    "the challenge is exposed once, not twice",
    "Fetch §3.3.4",
    "should",
    { authorization: null, headers: [OWN] },
    {
      status: 401,
      headers: { "access-control-expose-headers": { matchesNot: "www-authenticate.*www-authenticate" } },
    },
  ),

  ...hosts.map(([name, what, host]) =>
    one(
      `host-${name}`,
      `Host with ${what} is refused on loopback`,
      REBINDING,
      "should",
      { host },
      { outcome: "denied", status: [400, 401, 403, 404, 421] },
      ["loopback"],
    ),
  ),
  one(
    "host-and-origin-foreign",
    "a page that has rebound its name may not call",
    REBINDING,
    "must",
    { host: "evil.example:{port}", headers: [["Origin", "http://evil.example:{port}"]] },
    { outcome: "denied", status: [400, 403, 404, 421] },
    ["loopback"],
  ),
  one(
    "host-missing",
    "a request without Host is bad",
    "RFC 9112 §3.2",
    "must",
    { host: null },
    { outcome: "denied", status: 400 },
  ),
  one(
    "host-twice",
    "a request with two different Host fields is not served",
    "RFC 9112 §3.2",
    "should",
    { headers: [["Host", "evil.example"]] },
    { outcome: "denied", status: [400, 403, 421] },
  ),
  one(
    "host-empty",
    "an empty Host is not this server's",
    "RFC 9110 §7.2",
    "should",
    { host: "" },
    { outcome: "denied", status: [400, 403, 404, 421] },
    ["loopback"],
  ),
];
