/** The MCP Server Card and the AI Catalog, by which registries and clients find a server. One that has none is not judged. */
import type { Case, Expect, Level, Match, Need, Request } from "../case.js";

const CARDS = "MCP SEP-2127 Server Cards";
const CATALOG = "MCP SEP-2127 Server Cards, AI Catalog";
const CORS = "MCP SEP-2127 Server Cards, CORS Requirements";
const CACHING = "MCP SEP-2127 Server Cards, Caching";
const DISCLOSURE = "MCP SEP-2127 Server Cards, Information Disclosure";
const CONSISTENCY = "MCP SEP-2127 Server Cards, Consistency with Runtime Behavior";
const ORIGIN = "https://client.example";
const ANY_ORIGIN: Match = { oneOf: ["*", ORIGIN] };

type Row = readonly [id: string, title: string, spec: string, level: Level, send: Request, expect: Expect];

function caseOf(need: Need, kind: string): (row: Row) => Case {
  return ([id, title, spec, level, send, expect]) => ({
    id: `cards.${kind}-${id}`,
    title,
    spec,
    level,
    needs: [need],
    send: { method: "GET", target: `{${need}}`, authorization: null, body: null, ...send },
    expect,
  });
}

/** Promises that both documents keep. */
function published(what: string, type: string): readonly Row[] {
  return [
    ["public", `${what} needs no credential`, CARDS, "must", {}, { status: 200, json: {} }],
    [
      "wrong-token",
      `a wrong token does not matter to ${what}`,
      CARDS,
      "must",
      { authorization: "Bearer wrong.wrong.wrong" },
      { status: 200, json: {} },
    ],
    [
      "no-leak",
      `${what} contains no credential and no internals of the server`,
      DISCLOSURE,
      "must",
      { authorization: "Bearer {token}" },
      { status: 200, leaks: { none: [] } },
    ],
    [
      "type",
      `${what} has its own media type`,
      CARDS,
      "should",
      {},
      { status: 200, headers: { "content-type": { matches: `^application/${type}\\+json\\s*(;|$)` } } },
    ],
    [
      "cors",
      `pages of any origin may read ${what}`,
      CORS,
      "must",
      { headers: [["Origin", ORIGIN]] },
      { status: 200, headers: { "access-control-allow-origin": ANY_ORIGIN } },
    ],
    [
      "cors-etag",
      `pages may read the validator of ${what}`,
      CORS,
      "must",
      { headers: [["Origin", ORIGIN]] },
      { status: 200, headers: { "access-control-expose-headers": { matches: "\\betag\\b|^\\*$" } } },
    ],
    [
      "preflight",
      `a preflight for ${what} allows If-None-Match`,
      CORS,
      "must",
      {
        method: "OPTIONS",
        headers: [
          ["Origin", ORIGIN],
          ["Access-Control-Request-Method", "GET"],
          ["Access-Control-Request-Headers", "if-none-match"],
        ],
      },
      {
        status: [200, 204],
        headers: {
          "access-control-allow-origin": ANY_ORIGIN,
          "access-control-allow-headers": { matches: "\\bif-none-match\\b|^\\*$" },
        },
      },
    ],
    [
      "cacheable",
      `${what} may be kept by shared caches`,
      CACHING,
      "should",
      {},
      { status: 200, headers: { "cache-control": { matches: "^(?=.*public)(?=.*max-age=[1-9])" } } },
    ],
    [
      "etag",
      `${what} has a validator`,
      CACHING,
      "should",
      {},
      { status: 200, headers: { etag: { matches: '^(W/)?"[^"]*"$' } } },
    ],
    [
      "not-modified",
      `${what} is not sent to a client that has it`,
      CACHING,
      "should",
      { headers: [["If-None-Match", "*"]] },
      { status: 304 },
    ],
    [
      "no-cookie",
      `${what} sets no cookie`,
      "RFC 9111 §7.3",
      "should",
      {},
      { status: 200, headers: { "set-cookie": { present: false } } },
    ],
    [
      "head",
      `HEAD is answered for ${what}`,
      "RFC 9110 §9.3.2",
      "should",
      { method: "HEAD" },
      { status: 200 },
    ],
    [
      "post",
      `${what} cannot be posted to`,
      "RFC 9110 §15.5.6",
      "should",
      { method: "POST" },
      { status: [400, 401, 403, 404, 405, 501] },
    ],
    ...[
      ["host", "Host", "evil.example"],
      ["x-forwarded-host", "X-Forwarded-Host", "evil.example"],
      ["forwarded", "Forwarded", "host=evil.example;proto=https"],
    ].map(
      ([name = "", field = "", value = ""]): Row => [
        name,
        `${what} has no address from ${field}`,
        "RFC 9728 §7.3",
        "must",
        field === "Host" ? { host: value } : { headers: [[field, value]] },
        {
          anyOf: [{ status: [400, 403, 404, 421] }, { status: 200, leaks: { none: ["evil.example"] } }],
        },
      ],
    ),
  ];
}

const member = (path: string, match: Match): Expect => ({ status: 200, json: { [path]: match } });

const card: readonly Row[] = [
  ...published("the card", "mcp-server-card"),
  [
    "place",
    "the card is at the endpoint's address with /server-card",
    CARDS,
    "should",
    { target: "{path}/server-card" },
    member("name", { present: true }),
  ],
  [
    "schema",
    "the card names its schema",
    CARDS,
    "must",
    {},
    member("$schema", {
      matches: "^https://static\\.modelcontextprotocol\\.io/schemas/v\\d+/server-card\\.schema\\.json$",
    }),
  ],
  [
    "name",
    "the name is in reverse DNS notation, with one slash",
    CARDS,
    "must",
    {},
    member("name", { matches: "^(?=.{3,200}$)[a-z0-9.-]+/[a-z0-9._-]+$" }),
  ],
  [
    "version",
    "the version is exact",
    CARDS,
    "must",
    {},
    member("version", { matches: "^(?!latest$)(?!.*\\.[x*](\\.|$))[^\\s^~<>=*|]{1,255}$" }),
  ],
  [
    "description",
    "the description has 1 to 100 characters",
    CARDS,
    "must",
    {},
    member("description", { matches: "^[\\s\\S]{1,100}$" }),
  ],
  [
    "title",
    "the title, if present, has 1 to 100 characters",
    CARDS,
    "must",
    {},
    { anyOf: [member("title", { present: false }), member("title", { matches: "^[\\s\\S]{1,100}$" })] },
  ],
  [
    "remote",
    "the card has the address of the endpoint, character for character",
    CARDS,
    "must",
    {},
    {
      status: 200,
      json: {
        "remotes.*.url": { has: "{resource}" },
        "remotes.0.type": { oneOf: ["streamable-http", "sse"] },
      },
    },
  ],
  [
    "no-primitives",
    "the card lists no tools, prompts, resources or packages",
    CARDS,
    "must",
    {},
    {
      status: 200,
      json: Object.fromEntries(
        ["tools", "prompts", "resources", "packages"].map((name) => [name, { present: false }]),
      ),
    },
  ],
];

const catalog: readonly Row[] = [
  ...published("the catalog", "ai-catalog"),
  [
    "spec-version",
    "the catalog names a version of its format",
    CATALOG,
    "must",
    {},
    member("specVersion", { oneOf: ["0.9", "1.0"] }),
  ],
  [
    "entry",
    "the catalog has an entry of the card's type",
    CATALOG,
    "must",
    {},
    member("entries.*.type", { has: "application/mcp-server-card+json" }),
  ],
  [
    "identifier",
    "entries are identified by a domain",
    CATALOG,
    "should",
    {},
    member("entries.0.identifier", { matches: "^urn:air:[a-z0-9.-]+(:[a-z0-9._-]+)+$" }),
  ],
  [
    "leads-to-card",
    "the catalog leads to the card",
    CATALOG,
    "should",
    {},
    {
      anyOf: [
        member("entries.*.url", { has: "{resource-origin}{card}" }),
        member("entries.*.data", { matches: "server-card\\.schema\\.json" }),
      ],
    },
  ],
];

const PROTOCOL = "2026-07-28";
const META = "io.modelcontextprotocol";
const DISCOVER: Request = {
  headers: [
    ["MCP-Protocol-Version", PROTOCOL],
    ["Mcp-Method", "server/discover"],
  ],
  body: {
    jsonrpc: "2.0",
    id: 1,
    method: "server/discover",
    params: {
      _meta: {
        [`${META}/protocolVersion`]: PROTOCOL,
        [`${META}/clientInfo`]: { name: "mcp-auth-conformance", version: "1" },
        [`${META}/clientCapabilities`]: {},
      },
    },
  },
};
/** A server of an earlier revision knows no `server/discover`. */
const UNKNOWN: readonly Expect[] = [{ status: [400, 404, 405] }, { message: { error: { present: true } } }];
const says = (name: string, match: Match): readonly Expect[] =>
  ["result.serverInfo", `result._meta.${META}/serverInfo`].map((place) => ({
    message: { [`${place}.${name}`]: match },
  }));

const consistent = (id: string, title: string, send: Request, anyOf: readonly Expect[]): Case => ({
  id: `cards.${id}`,
  title,
  spec: CONSISTENCY,
  level: "should",
  needs: ["card"],
  send,
  expect: { anyOf },
});

const VERSION: Match = { equals: "{card-version}" };
const TITLE: Match = { matches: "{card-title}" };
const NAMED = [...says("title", TITLE), ...says("name", TITLE)];

export const cards: readonly Case[] = [
  ...card.map(caseOf("card", "card")),
  ...catalog.map(caseOf("catalog", "catalog")),
  consistent("discover-version", "server/discover states the card's version", DISCOVER, [
    ...UNKNOWN,
    ...says("version", VERSION),
  ]),
  consistent("discover-title", "server/discover states the card's title", DISCOVER, [...UNKNOWN, ...NAMED]),
  consistent(
    "discover-protocol-versions",
    "the card has the versions that server/discover states",
    DISCOVER,
    [
      ...UNKNOWN,
      { message: { "result.supportedVersions": { matches: '^\\[("({card-protocol-versions})",?)+\\]$' } } },
    ],
  ),
  consistent("initialize-version", "initialize states the card's version", {}, says("version", VERSION)),
  consistent("initialize-title", "initialize states the card's title", {}, NAMED),
];
