/** A tool that nobody may use, in every spelling of the question. Only a session's answer tells what was judged. */
import type { BodyEncoding, Case, Expect, Level, Request } from "../case.js";
import type { Json } from "../tokens/recipe.js";
import { DENIED, UNAUTHORIZED } from "./expectations.js";

const TOOLS = "MCP 2025-11-25 Tools, Security Considerations";
const LISTS = "MCP 2025-11-25 Tools, Listing Tools";
const REFUSED: Expect = { outcome: "refused" };

const message = (method: string, params: Json = {}, id: Json = 1): Json => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});
const CALL = message("tools/call", { name: "{closed-tool}", arguments: {} });
const CALL_TEXT = JSON.stringify(CALL);
const NOTE: Json = { jsonrpc: "2.0", method: "notifications/initialized" };
const read = (uri: string): Json => message("resources/read", { uri });

const typed = (type: string, encoding: BodyEncoding = "utf-8"): Request => ({
  headers: [["Content-Type", type]],
  text: CALL_TEXT,
  encoding,
});

function one(id: string, title: string, spec: string, level: Level, request: Request, expect: Expect): Case {
  return {
    id: `rules.${id}`,
    title,
    spec,
    level,
    needs: ["closed-tool"],
    send: [{ inSession: true, request }],
    expect,
  };
}

type Row = readonly [name: string, what: string, request: Request];

const calls: readonly Row[] = [
  ["call", "unchanged", { body: CALL }],
  [
    "call-escaped-name",
    "with an escaped letter",
    { text: CALL_TEXT.replace("{closed-tool}", "{closed-tool-escaped}") },
  ],
  [
    "call-name-twice",
    "with two names, the last one closed",
    { text: CALL_TEXT.replace('"name"', '"name":"no-such-tool","name"') },
  ],
  [
    "call-method-twice",
    "with two methods, the last one a call",
    { text: CALL_TEXT.replace('"method"', '"method":"ping","method"') },
  ],
  [
    "call-header-names",
    "with other names in its fields",
    {
      body: CALL,
      headers: [
        ["Mcp-Method", "ping"],
        ["Mcp-Name", "no-such-tool"],
      ],
    },
  ],
  ["call-batch", "in a batch", { body: [CALL] }],
  ["call-batch-behind", "in a batch behind a notification", { body: [NOTE, CALL] }],
  ["call-nested-batch", "in a batch in a batch", { body: [[CALL]] }],
  ["call-byte-order-mark", "behind a byte order mark", { text: `\ufeff${CALL_TEXT}` }],
  ["call-byte-order-marks", "behind two byte order marks", { text: `\ufeff\ufeff${CALL_TEXT}` }],
  ["call-utf-16", "in UTF-16", { text: `\ufeff${CALL_TEXT}`, encoding: "utf-16le" }],
  ["call-utf-16-announced", "in UTF-16, announced", typed("application/json; charset=utf-16le", "utf-16le")],
  ["call-latin-1", "in Latin-1, announced", typed("application/json; charset=iso-8859-1", "latin-1")],
  ["call-gzip", "compressed", { headers: [["Content-Encoding", "gzip"]], text: CALL_TEXT, encoding: "gzip" }],
  ["call-text-plain", "as text", typed("text/plain")],
  ["call-text-behind", "before text that is not JSON", { text: `${CALL_TEXT}x` }],
  [
    "call-invalid-utf-8",
    "with a byte that is not UTF-8",
    { text: CALL_TEXT.replace(/\}$/, ',"note":"\u00ff"}'), encoding: "latin-1" },
  ],
];

const pages: readonly Row[] = [
  ["read", "the page of a closed tool is not read", { body: read("{closed-page}") }],
  [
    "read-upper-case",
    "the page is not read with its scheme in capitals",
    { body: read("{closed-page-upper}") },
  ],
  ["read-batch", "the page is not read in a batch", { body: [read("{closed-page}")] }],
  [
    "read-byte-order-marks",
    "the page is not read behind two byte order marks",
    { text: `\ufeff\ufeff${JSON.stringify(read("{closed-page}"))}` },
  ],
  [
    "subscribe",
    "the page of a closed tool cannot be subscribed to",
    { body: message("resources/subscribe", { uri: "{closed-page}" }) },
  ],
];

const NOT_LISTED: Expect = {
  message: { "result.tools": { present: true }, "result.tools.*.name": { hasNot: "{closed-tool}" } },
};
const noPage = (member: string, uri: string): Expect => ({
  anyOf: [
    REFUSED,
    {
      message: {
        [`result.${member}`]: { present: true },
        [`result.${member}.*.${uri}`]: { hasNot: "{closed-page}" },
      },
    },
  ],
});

const lists: readonly (readonly [...Row, Expect])[] = [
  ["list", "a closed tool is not listed", { body: message("tools/list") }, NOT_LISTED],
  [
    "list-line-separator",
    "a closed tool is not listed in an answer with U+2028, which ends no line",
    { body: message("tools/list", {}, "1\u2028data: {") },
    NOT_LISTED,
  ],
  [
    "list-event-stream",
    "a closed tool is not listed for a client that prefers an event stream",
    { body: message("tools/list"), headers: [["Accept", "text/event-stream, application/json;q=0.5"]] },
    NOT_LISTED,
  ],
  [
    "list-batch",
    "a closed tool is not listed in a batch",
    { body: [message("tools/list")] },
    { anyOf: [REFUSED, NOT_LISTED] },
  ],
  [
    "list-cursor",
    "a closed tool is not listed behind a cursor",
    { body: message("tools/list", { cursor: "MQ==" }) },
    { anyOf: [REFUSED, NOT_LISTED] },
  ],
  [
    "list-pages",
    "the page of a closed tool is not listed",
    { body: message("resources/list") },
    noPage("resources", "uri"),
  ],
  [
    "list-page-templates",
    "the page of a closed tool is not a template",
    { body: message("resources/templates/list") },
    noPage("resourceTemplates", "uriTemplate"),
  ],
];

export const rules: readonly Case[] = [
  ...calls.map(([name, what, request]) =>
    one(name, `a closed tool does not run, asked for ${what}`, TOOLS, "must", request, REFUSED),
  ),
  ...pages.map(([name, title, request]) => one(name, title, TOOLS, "must", request, REFUSED)),
  ...lists.map(([name, title, request, expect]) => one(name, title, LISTS, "should", request, expect)),
  {
    id: "rules.call-no-token",
    title: "a closed tool does not run without a token either",
    spec: TOOLS,
    level: "must",
    needs: ["closed-tool"],
    send: { authorization: null, body: CALL },
    expect: UNAUTHORIZED,
  },
  {
    id: "rules.read-no-token",
    title: "the page of a closed tool is not read without a token either",
    spec: TOOLS,
    level: "must",
    needs: ["closed-tool"],
    send: { authorization: null, body: read("{closed-page}") },
    expect: DENIED,
  },
];
