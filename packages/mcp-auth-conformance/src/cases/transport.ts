/** A token counts only in the `Authorization` field of each request. */
import type { Case, Request } from "../case.js";
import { INITIALIZE } from "../http/request-bytes.js";
import { ACCEPTED, DENIED, UNAUTHORIZED } from "./expectations.js";

const QUERY = "MCP 2025-11-25 Authorization, Token Requirements";
const ONE_METHOD = "RFC 6750 §2";
const EACH_REQUEST = "MCP 2025-11-25 Authorization, Access Token Usage";

type Row = readonly [name: string, title: string, request: Request];

const elsewhere: readonly Row[] = [
  ["query", "in the query", { target: "{path}?access_token={token}" }],
  ["query-token", "in the query as token", { target: "{path}?token={token}" }],
  [
    "query-authorization",
    "in the query as authorization",
    { target: "{path}?authorization=Bearer%20{token}" },
  ],
  ["query-get", "in the query of a GET", { method: "GET", target: "{path}?access_token={token}" }],
  ["matrix-parameter", "in a parameter of the path", { target: "{path};access_token={token}" }],
  ["userinfo", "in the authority of the request target", { target: "http://user:{token}@{host}{path}" }],
  ["cookie", "in a cookie", { headers: [["Cookie", "access_token={token}"]] }],
  ["cookie-session", "in a session cookie", { headers: [["Cookie", "__session={token}"]] }],
  [
    "cookie-authorization",
    "in a cookie named like the field",
    { headers: [["Cookie", "Authorization=Bearer {token}"]] },
  ],
  ["x-access-token", "in X-Access-Token", { headers: [["X-Access-Token", "{token}"]] }],
  ["x-api-key", "in X-API-Key", { headers: [["X-API-Key", "{token}"]] }],
  ["x-auth-token", "in X-Auth-Token", { headers: [["X-Auth-Token", "{token}"]] }],
  ["x-authorization", "in X-Authorization", { headers: [["X-Authorization", "Bearer {token}"]] }],
  ["underscore", "in a field with an underscore", { headers: [["HTTP_AUTHORIZATION", "Bearer {token}"]] }],
  [
    "forwarded",
    "in X-Forwarded-Authorization",
    { headers: [["X-Forwarded-Authorization", "Bearer {token}"]] },
  ],
  ["proxy-authorization", "in Proxy-Authorization", { headers: [["Proxy-Authorization", "Bearer {token}"]] }],
  ["mcp-session-id", "in Mcp-Session-Id", { headers: [["Mcp-Session-Id", "{token}"]] }],
  [
    "websocket-protocol",
    "in Sec-WebSocket-Protocol",
    { headers: [["Sec-WebSocket-Protocol", "bearer, {token}"]] },
  ],
  ["referer", "in Referer", { headers: [["Referer", "{origin}/?access_token={token}"]] }],
  ["trailer", "in a trailer", { trailers: [["Authorization", "Bearer {token}"]] }],
  [
    "json-meta",
    "in _meta of the message",
    { body: { ...(INITIALIZE as object), params: { _meta: { authorization: "Bearer {token}" } } } },
  ],
  [
    "json-member",
    "in a member of the message",
    { body: { ...(INITIALIZE as object), access_token: "{token}", authorization: "Bearer {token}" } },
  ],
];

export const transport: readonly Case[] = [
  ...elsewhere.map(
    ([name, where, request]): Case => ({
      id: `transport.${name}`,
      title: `a token ${where} does not count`,
      spec: name.startsWith("query") ? QUERY : ONE_METHOD,
      level: "must",
      send: { authorization: null, ...request },
      // Some of these change the request target, and the method may not be supported.
      expect: /^(query-get|matrix|userinfo)/.test(name) ? DENIED : UNAUTHORIZED,
    }),
  ),
  {
    id: "transport.form-body",
    title: "a token in a form body does not count",
    spec: ONE_METHOD,
    level: "must",
    send: {
      authorization: null,
      headers: [["Content-Type", "application/x-www-form-urlencoded"]],
      text: "access_token={token}",
    },
    expect: DENIED,
  },
  {
    id: "transport.header-and-query",
    title: "a token in the field and another in the query is an invalid request",
    spec: "RFC 6750 §3.1",
    level: "should",
    send: { target: "{path}?access_token={token}" },
    expect: { outcome: "denied", status: 400 },
  },
  {
    id: "transport.wrong-header-right-query",
    title: "a right token in the query does not fix a wrong one in the field",
    spec: QUERY,
    level: "must",
    send: { authorization: "Bearer wrong.wrong.wrong", target: "{path}?access_token={token}" },
    expect: { outcome: "denied", status: [400, 401] },
  },
  {
    id: "transport.two-fields-same",
    title: "the same token in two Authorization fields is an invalid request",
    spec: "RFC 6750 §3.1",
    level: "should",
    send: { headers: [["Authorization", "Bearer {token}"]] },
    expect: { outcome: "denied", status: [400, 401] },
  },
  {
    id: "transport.two-fields-right-first",
    title: "a wrong token in a second Authorization field is an invalid request",
    spec: "RFC 6750 §3.1",
    level: "should",
    send: { headers: [["Authorization", "Bearer wrong.wrong.wrong"]] },
    expect: { outcome: "denied", status: [400, 401] },
  },
  {
    id: "transport.two-fields-wrong-first",
    title: "a right token in a second Authorization field does not fix a wrong first one",
    spec: "RFC 6750 §3.1",
    level: "should",
    send: { authorization: "Bearer wrong.wrong.wrong", headers: [["Authorization", "Bearer {token}"]] },
    expect: { outcome: "denied", status: [400, 401] },
  },
  {
    id: "transport.two-fields-basic-first",
    title: "a bearer token beside Basic credentials is an invalid request",
    spec: "RFC 6750 §3.1",
    level: "should",
    send: { authorization: "Basic dTpw", headers: [["Authorization", "Bearer {token}"]] },
    expect: { outcome: "denied", status: [400, 401] },
  },
  {
    id: "transport.same-connection",
    title: "a token does not count for the next request on the same connection",
    spec: EACH_REQUEST,
    level: "must",
    send: [
      { request: {}, expect: { outcome: "accepted" } },
      { request: { authorization: null }, sameConnection: true },
    ],
    expect: UNAUTHORIZED,
  },
  {
    id: "transport.same-connection-wrong",
    title: "a wrong token after a right one on the same connection is refused",
    spec: EACH_REQUEST,
    level: "must",
    send: [
      { request: {}, expect: { outcome: "accepted" } },
      { request: { authorization: "Bearer wrong.wrong.wrong" }, sameConnection: true },
    ],
    expect: UNAUTHORIZED,
  },
  {
    id: "transport.keep-alive",
    title: "a server that tells how long it keeps an idle connection keeps it longer than proxies do: 60 s",
    spec: "RFC 9112 §9.5",
    level: "should",
    // Judged by a refusal: only what the server itself writes tells.
    send: [{ request: {}, expect: ACCEPTED }, { request: { authorization: null } }],
    expect: {
      anyOf: [
        { headers: { "keep-alive": { present: false } } },
        { headers: { "keep-alive": { matches: "timeout=(6[1-9]|[7-9]\\d|\\d{3,})" } } },
      ],
    },
  },
  {
    id: "transport.recovers",
    title: "a right token after a wrong one on the same connection is accepted",
    spec: EACH_REQUEST,
    level: "should",
    send: [{ request: { authorization: "Bearer wrong.wrong.wrong" } }, { request: {}, sameConnection: true }],
    expect: { outcome: "accepted" },
  },
  {
    id: "transport.session-id-alone",
    title: "a session id does not stand for a token",
    spec: "MCP Security Best Practices, Session Hijacking",
    level: "must",
    send: [
      { request: {}, expect: { outcome: "accepted" } },
      {
        request: {
          authorization: null,
          headers: [["Mcp-Session-Id", "00000000-0000-4000-8000-000000000000"]],
        },
      },
    ],
    expect: UNAUTHORIZED,
  },
];
