/** Protected resource metadata (RFC 9728), and the authorization server metadata that a server may relay (RFC 8414). */
import type { Case, Expect, Level, Request } from "../case.js";

const RFC9728 = "RFC 9728";
const GET: Request = { method: "GET", target: "{metadata}", authorization: null };
const SAME: Expect = { status: 200, json: { resource: { equals: "{resource}" } } };

/** A server that checks `Host` may refuse. If it answers, it must not derive its identity from the request. */
const NOT_DERIVED: Expect = {
  anyOf: [
    {
      ...SAME,
      json: { resource: { equals: "{resource}" }, "authorization_servers.0": { equals: "{issuer}" } },
    },
    { outcome: "denied", status: [400, 403, 404, 421] },
  ],
};

const AS_PATHS = [
  ["oauth-authorization-server", "/.well-known/oauth-authorization-server"],
  ["oauth-authorization-server-inserted", "/.well-known/oauth-authorization-server{path}"],
  ["openid-configuration", "/.well-known/openid-configuration"],
] as const;

function one(id: string, title: string, spec: string, level: Level, send: Request, expect: Expect): Case {
  return { id: `metadata.${id}`, title, spec, level, send: { ...GET, ...send }, expect };
}

const SERVER_CARD = "/.well-known/mcp/server-card.json";
const NO_CARD: Expect = { outcome: "denied", status: [400, 401, 403, 404, 405, 421] };

export const metadata: readonly Case[] = [
  one(
    "found",
    "the metadata is found without a token",
    `${RFC9728} §3`,
    "must",
    {},
    { status: 200, json: {} },
  ),
  one(
    "path-inserted",
    "it is at the well-known path with the endpoint's path inserted",
    `${RFC9728} §3.1`,
    "should",
    { target: "{inserted-metadata}" },
    SAME,
  ),
  one(
    "root",
    "it is at the well-known path of the root as well, where older clients look",
    "MCP 2025-11-25 Authorization, Protected Resource Metadata Discovery",
    "should",
    { target: "/.well-known/oauth-protected-resource" },
    SAME,
  ),
  one(
    "resource",
    "resource is the URL of the endpoint, character for character",
    `${RFC9728} §3.3`,
    "must",
    {},
    SAME,
  ),
  one(
    "resource-no-fragment",
    "resource is an absolute URL without a fragment",
    `${RFC9728} §1.2`,
    "must",
    {},
    { json: { resource: { matches: "^https?://[^#]+$" } } },
  ),
  one(
    "authorization-servers",
    "it lists at least one authorization server",
    "MCP 2025-11-25 Authorization, Authorization Server Location",
    "must",
    {},
    { json: { "authorization_servers.0": { matches: "^https?://" } } },
  ),
  one(
    "issuer",
    "the authorization server is named as its own metadata names it",
    "RFC 8414 §3.3",
    "must",
    {},
    { json: { authorization_servers: { has: "{issuer}" } } },
  ),
  one(
    "issuer-no-slash",
    "the authorization server has no slash that its issuer has not",
    "RFC 8414 §3.3",
    "must",
    {},
    { json: { authorization_servers: { hasNot: "{issuer}/" } } },
  ),
  one(
    "scopes",
    "scopes_supported, if present, is a list of words",
    `${RFC9728} §2`,
    "must",
    {},
    {
      anyOf: [
        { json: { scopes_supported: { present: false } } },
        { json: { scopes_supported: { matches: '^\\[("[^"\\s]+",?)*\\]$' } } },
      ],
    },
  ),
  one(
    "scopes-no-offline-access",
    "it does not request offline_access",
    "MCP 2026-07-28 Authorization, Scope Selection",
    "should",
    {},
    { json: { scopes_supported: { hasNot: "offline_access" } } },
  ),
  one(
    "scopes-no-openid",
    "it requests no ID token, which a resource server does not use",
    "MCP 2025-11-25 Authorization, Scope Minimization",
    "should",
    {},
    { json: { scopes_supported: { hasNot: "openid" } } },
  ),
  one(
    "bearer-methods",
    "bearer_methods_supported, if present, is the header alone",
    `${RFC9728} §2`,
    "must",
    {},
    {
      anyOf: [
        { json: { bearer_methods_supported: { present: false } } },
        { json: { bearer_methods_supported: { equals: ["header"] } } },
      ],
    },
  ),
  one(
    "no-null-members",
    "no member is null or an empty list",
    `${RFC9728} §3.2`,
    "must",
    {},
    {
      status: 200,
      headers: {},
      json: {
        jwks_uri: { matchesNot: "^null$" },
        authorization_servers: { matchesNot: "^\\[\\]$|^null$" },
        scopes_supported: { matchesNot: "^\\[\\]$|^null$" },
        resource_documentation: { matchesNot: "^null$" },
      },
    },
  ),
  one(
    "no-as-endpoints",
    "it is not the authorization server's metadata",
    `${RFC9728} §2`,
    "must",
    {},
    { json: { token_endpoint: { present: false }, issuer: { present: false } } },
  ),
  one(
    "content-type",
    "it is application/json",
    `${RFC9728} §3.2`,
    "must",
    {},
    { headers: { "content-type": { matches: "^application/json\\s*(;|$)" } } },
  ),
  one(
    "cors",
    "pages of any origin may read it",
    "Fetch §3.3.3",
    "should",
    { headers: [["Origin", "https://client.example"]] },
    { status: 200, headers: { "access-control-allow-origin": { oneOf: ["*", "https://client.example"] } } },
  ),
  one(
    "cors-no-credentials",
    "with any origin, credentials are not allowed as well",
    "Fetch §3.3.3",
    "must",
    { headers: [["Origin", "https://client.example"]] },
    { headers: { "access-control-allow-credentials": { matchesNot: "true" } } },
  ),
  one(
    "preflight",
    "a preflight for it is answered",
    "Fetch §4.8",
    "should",
    {
      method: "OPTIONS",
      headers: [
        ["Origin", "https://client.example"],
        ["Access-Control-Request-Method", "GET"],
        ["Access-Control-Request-Headers", "mcp-protocol-version"],
      ],
    },
    {
      status: [200, 204],
      headers: { "access-control-allow-origin": { oneOf: ["*", "https://client.example"] } },
    },
  ),
  one(
    "preflight-protocol-version",
    "a preflight allows MCP-Protocol-Version",
    "MCP 2025-11-25 Transports, Protocol Version Header",
    "should",
    {
      method: "OPTIONS",
      headers: [
        ["Origin", "https://client.example"],
        ["Access-Control-Request-Method", "GET"],
        ["Access-Control-Request-Headers", "mcp-protocol-version"],
      ],
    },
    { headers: { "access-control-allow-headers": { matches: "mcp-protocol-version|^\\*$" } } },
  ),
  one(
    "cacheable",
    "it may be cached for a while",
    `${RFC9728} §3.2`,
    "should",
    {},
    { headers: { "cache-control": { matches: "max-age=[1-9]" } } },
  ),
  one(
    "no-cookie",
    "it sets no cookie",
    "RFC 9111 §7.3",
    "should",
    {},
    { headers: { "set-cookie": { present: false } } },
  ),
  one(
    "head",
    "HEAD is answered as GET is, without a body",
    "RFC 9110 §9.3.2",
    "must",
    { method: "HEAD" },
    { status: 200, headers: { "content-type": { matches: "^application/json" } } },
  ),
  one("post", "POST is not served", "RFC 9110 §15.5.6", "should", { method: "POST" }, { outcome: "denied" }),
  one("query", "a query does not matter", `${RFC9728} §3.1`, "should", { target: "{metadata}?x=1" }, SAME),
  one(
    "protocol-version-header",
    "MCP-Protocol-Version does not matter",
    "MCP 2025-11-25 Transports, Protocol Version Header",
    "must",
    { headers: [["MCP-Protocol-Version", "2025-06-18"]] },
    SAME,
  ),
  one(
    "accept-anything",
    "any Accept is answered with JSON",
    "RFC 9110 §12.5.1",
    "should",
    { headers: [["Accept", "*/*"]] },
    SAME,
  ),
  one(
    "with-token",
    "a valid token does not matter",
    `${RFC9728} §3`,
    "must",
    { authorization: "Bearer {token}" },
    SAME,
  ),
  one(
    "with-wrong-token",
    "a wrong token does not matter",
    `${RFC9728} §3`,
    "must",
    { authorization: "Bearer wrong.wrong.wrong" },
    SAME,
  ),
  one(
    "with-basic",
    "other credentials do not matter",
    `${RFC9728} §3`,
    "must",
    { authorization: "Basic dTpw" },
    SAME,
  ),
  one(
    "host",
    "it is not derived from Host",
    `${RFC9728} §7.3`,
    "must",
    { host: "evil.example" },
    NOT_DERIVED,
  ),
  one(
    "host-port",
    "it is not derived from a port in Host",
    `${RFC9728} §7.3`,
    "must",
    { host: "{hostname}:1" },
    NOT_DERIVED,
  ),
  ...[
    ["x-forwarded-host", "X-Forwarded-Host", "evil.example"],
    ["x-forwarded-proto", "X-Forwarded-Proto", "ftp"],
    ["x-forwarded-port", "X-Forwarded-Port", "1"],
    ["x-forwarded-server", "X-Forwarded-Server", "evil.example"],
    ["x-original-host", "X-Original-Host", "evil.example"],
    ["forwarded", "Forwarded", "host=evil.example;proto=https"],
  ].map(([name = "", field = "", value = ""]) =>
    one(
      name,
      `it is not derived from ${field}`,
      `${RFC9728} §7.3`,
      "must",
      { headers: [[field, value]] },
      NOT_DERIVED,
    ),
  ),
  one(
    "absolute-form",
    "it is not derived from an absolute target",
    `${RFC9728} §7.3`,
    "must",
    { target: "http://evil.example{metadata}" },
    NOT_DERIVED,
  ),
  one(
    "other-path",
    "a path that is not a resource has none",
    `${RFC9728} §3.3`,
    "should",
    { target: "/.well-known/oauth-protected-resource/no-such-resource" },
    { anyOf: [{ outcome: "denied" }, { status: 200, headers: { "content-type": { matchesNot: "json" } } }] },
  ),
  ...AS_PATHS.map(([name, target]) =>
    one(
      `${name}-issuer`,
      `${target.replace("{path}", "/…")}, if present, is the authorization server's own`,
      "RFC 8414 §3.3",
      "must",
      { target },
      {
        anyOf: [
          { outcome: "denied" },
          { status: 200, json: { issuer: { equals: "{issuer}" } } },
          { status: 200, headers: { "content-type": { matchesNot: "json" } } },
        ],
      },
    ),
  ),
  ...[
    ["host", "Host", "evil.example"],
    ["x-forwarded-host", "X-Forwarded-Host", "evil.example"],
    ["forwarded", "Forwarded", "host=evil.example;proto=https"],
    ["x-original-host", "X-Original-Host", "evil.example"],
  ].map(([name = "", field = "", value = ""]) =>
    one(
      `server-card-${name}`,
      `the server card, if present, has no address from ${field}`,
      "MCP SEP-1649 Server Cards; RFC 9728 §7.3",
      "must",
      { target: SERVER_CARD, ...(field === "Host" ? { host: value } : { headers: [[field, value]] }) },
      { anyOf: [NO_CARD, { status: 200, leaks: { none: ["evil.example"] } }] },
    ),
  ),
  one(
    "oauth-authorization-server-host",
    "the authorization server's metadata is not derived from X-Forwarded-Host",
    "RFC 8414 §6.2",
    "must",
    { target: "/.well-known/oauth-authorization-server", headers: [["X-Forwarded-Host", "evil.example"]] },
    {
      anyOf: [
        { outcome: "denied" },
        { status: 200, json: { issuer: { equals: "{issuer}" }, token_endpoint: { matchesNot: "evil" } } },
      ],
    },
  ),
];
