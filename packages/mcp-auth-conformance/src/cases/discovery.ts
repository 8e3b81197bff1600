/**
 * Servers that answer some requests without a token: lists, connecting, or a public tool. The group is about what stays
 * closed. MCP leaves it to the server what is open.
 */
import type { Case, Expect, Need, Request } from "../case.js";
import type { Json } from "../tokens/recipe.js";
import { ACCEPTED, UNAUTHORIZED } from "./expectations.js";

const AUTHORIZATION = "MCP 2025-11-25 Authorization, Access Token Usage";
const TOOLS = "MCP 2025-11-25 Tools, Security Considerations";

const message = (method: string, params: Json = {}, id: Json = 1): Json => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});
const call = (name: Json): Json => message("tools/call", { name, arguments: {} });
const LIST = message("tools/list");
const PUBLIC = call("{public-tool}");
const UNKNOWN = call("no-such-tool");

/** Without a token, unless the request says otherwise. */
const anonymous = (request: Request): Request => ({ authorization: null, ...request });

type Row = readonly [name: string, title: string, request: Request, expect: Expect, spec?: string];

function rows(prefix: string, needs: readonly Need[], all: readonly Row[]): Case[] {
  return all.map(([name, title, request, expect, spec = AUTHORIZATION]) => ({
    id: `discovery.${prefix}-${name}`,
    title,
    spec,
    level: "must",
    needs,
    send: anonymous(request),
    expect,
  }));
}

/** Of a server that answers lists without a token. */
const withOpenLists: readonly Row[] = [
  ["tools", "tools are listed without a token", { body: LIST }, ACCEPTED],
  ["ping", "a ping needs no token", { body: message("ping") }, ACCEPTED],
  [
    "bad-token",
    "a wrong token is refused where none is needed",
    { authorization: "Bearer a.b.c", body: LIST },
    UNAUTHORIZED,
    "RFC 6750 §3.1",
  ],
  ["call", "a call needs a token", { body: UNKNOWN }, UNAUTHORIZED, TOOLS],
  [
    "call-id",
    "the challenge of a call has the call's id",
    { body: message("tools/call", { name: "no-such-tool", arguments: {} }, "seven") },
    { ...UNAUTHORIZED, json: { id: { equals: "seven" } } },
    "MCP 2025-11-25 Basic, Responses",
  ],
  [
    "call-as-list",
    "a call whose fields name a list needs a token",
    { body: UNKNOWN, headers: [["Mcp-Method", "tools/list"]] },
    UNAUTHORIZED,
    TOOLS,
  ],
  [
    "batch",
    "a batch of a list and a call needs a token",
    { body: [LIST, UNKNOWN] },
    { outcome: "denied", status: [400, 401] },
    TOOLS,
  ],
  [
    "read",
    "reading a resource needs a token",
    { body: message("resources/read", { uri: "file:///x" }) },
    UNAUTHORIZED,
  ],
  [
    "prompt",
    "a prompt needs a token",
    { body: message("prompts/get", { name: "no-such-prompt" }) },
    UNAUTHORIZED,
  ],
  [
    "subscribe",
    "a subscription needs a token",
    { body: message("resources/subscribe", { uri: "file:///x" }) },
    UNAUTHORIZED,
  ],
  ["unknown-method", "an unknown method needs a token", { body: message("tools/list/all") }, UNAUTHORIZED],
  ["method-case", "a method in another case needs a token", { body: message("Tools/List") }, UNAUTHORIZED],
  [
    "get",
    "a stream needs a token",
    { method: "GET", body: null },
    { outcome: "denied", status: [401, 405] },
    "MCP 2025-11-25 Transports, Listening for Messages from the Server",
  ],
  ["delete", "DELETE needs a token", { method: "DELETE", body: null }, UNAUTHORIZED],
];

export const discovery: readonly Case[] = [
  ...rows("lists", ["open-lists"], withOpenLists),
  ...rows(
    "connecting",
    ["closed-connecting"],
    [
      ["initialize", "connecting needs a token where only lists are open", {}, UNAUTHORIZED],
      [
        "discover",
        "server/discover needs a token where only lists are open",
        { body: message("server/discover") },
        UNAUTHORIZED,
      ],
    ],
  ),
  ...rows(
    "everyone",
    ["open-connecting"],
    [["initialize", "a client connects without a token", {}, ACCEPTED]],
  ),
  ...rows(
    "public",
    ["public-tool"],
    [
      ["call", "a public tool runs without a token", { body: PUBLIC }, ACCEPTED, TOOLS],
      [
        "bad-token",
        "a public tool does not run with a wrong token",
        { authorization: "Bearer a.b.c", body: PUBLIC },
        UNAUTHORIZED,
        "RFC 6750 §3.1",
      ],
      [
        "other-scheme",
        "a public tool does not run with credentials of another scheme",
        { authorization: "Basic YTpi", body: PUBLIC },
        UNAUTHORIZED,
        "RFC 9110 §11.6.2",
      ],
      [
        "expired",
        "a public tool does not run with an expired token",
        {
          authorization: "Bearer {token}",
          token: { kind: "discovery.expired", claims: { exp: { now: -3_600 } } },
          body: PUBLIC,
        },
        UNAUTHORIZED,
        "RFC 6750 §3.1",
      ],
      ["blank", "a name with a blank is another", { body: call("{public-tool} ") }, UNAUTHORIZED, TOOLS],
      [
        "prefix",
        "a name that begins like it is another",
        { body: call("{public-tool}x") },
        UNAUTHORIZED,
        TOOLS,
      ],
      ["list-of-names", "a list of names is none", { body: call(["{public-tool}"]) }, UNAUTHORIZED, TOOLS],
      [
        "name-twice",
        "of two names the last one counts",
        { text: JSON.stringify(UNKNOWN).replace('"name"', '"name":"{public-tool}","name"') },
        { outcome: "denied", status: [400, 401] },
        TOOLS,
      ],
      [
        "batch",
        "a batch needs a token if one of its calls does",
        { body: [PUBLIC, UNKNOWN] },
        { outcome: "denied", status: [400, 401] },
        TOOLS,
      ],
      [
        "in-the-field",
        "a name in a field of the header opens nothing",
        { body: UNKNOWN, headers: [["Mcp-Name", "{public-tool}"]] },
        UNAUTHORIZED,
        TOOLS,
      ],
    ],
  ),
];
