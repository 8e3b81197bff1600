/** A grammar of request bodies, with what each must and must not run. */
import { JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import fc from "fast-check";

export interface RequestBody {
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Refused without regard to what it says. */
  readonly isUnreadable: boolean;
  /** The statuses that the endpoint may answer. */
  readonly statuses: readonly number[];
  /** What an answer of 2xx must have run, each exactly once. `undefined`: what ran is at most once of `marks`. */
  readonly runs: readonly string[] | undefined;
  /** Every mark in the body. */
  readonly marks: readonly string[];
}

/** A member of a request: text, so that it may be no JSON value that JavaScript can hold. */
type Json = string;

interface Element {
  readonly json: Json;
  /** What it runs if the server accepts it. */
  readonly mark?: string;
  readonly isClosed?: boolean;
}

const quoted = (text: string): Json => JSON.stringify(text);

/** The same JSON string, with escapes. */
const escaped = (text: string): Json =>
  `"${[...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`;

const mark = fc.uuid().map((id) => `m${id}`);
const spelling = fc.constantFrom(quoted, escaped);

const oddNumber = fc.constantFrom("1e999", "-0", "1E-400", "123456789012345678901234567890", "0.1", "-1");
const nested = fc.integer({ min: 1, max: 400 }).map((depth) => `${"[".repeat(depth)}1${"]".repeat(depth)}`);
const extra: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: fc.constant("") },
  oddNumber.map((number) => `,"n":${number}`),
  nested.map((value) => `,"deep":${value}`),
  fc.constantFrom(
    ',"__proto__":{"name":"marked"}',
    ',"constructor":{"prototype":{}}',
    ',"a":"\\ud800"',
    ',"a":"\u2028\u2029"',
    ',"":null',
  ),
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => `,"t":${JSON.stringify(text)}`),
);

const id: fc.Arbitrary<Json | undefined> = fc.oneof(
  { weight: 8, arbitrary: fc.uuid().map(quoted) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 2 ** 40 }).map(String) },
  fc.constantFrom(undefined, "null", "1.5", "{}", "[1]", "true", "1e999", '""', "-0"),
);

function request(method: Json, requestId: Json | undefined, params: Json | undefined, more: Json): Json {
  const parts = ['"jsonrpc":"2.0"', ...(requestId === undefined ? [] : [`"id":${requestId}`])];
  const withParams = params === undefined ? "" : `,"params":${params}`;
  return `{${parts.join(",")},"method":${method}${withParams}${more}}`;
}

type Use = {
  readonly method: string;
  readonly params: Json;
  readonly mark?: string;
  readonly isClosed?: boolean;
};

/** An open thing. Its `name` may stand before another one: the last of two members counts. */
const open: fc.Arbitrary<Use> = fc
  .record({
    mark,
    spell: spelling,
    more: extra,
    before: fc.constantFrom("", '"name":"closed",', '"uri":"ui://app/closed-page.html",'),
  })
  .chain(({ mark: text, spell, more, before }) =>
    fc.constantFrom<Use>(
      {
        method: "tools/call",
        params: `{${before}"name":${spell("marked")},"arguments":{"mark":${quoted(text)}${more}}}`,
        mark: text,
      },
      {
        method: "prompts/get",
        params: `{${before}"name":${spell("marked")},"arguments":{"mark":${quoted(text)}}}`,
        mark: text,
      },
      { method: "resources/read", params: `{${before}"uri":${spell(`marks://${text}`)}${more}}`, mark: text },
    ),
  );

const CLOSED: readonly (readonly [string, string, string])[] = [
  ["tools/call", "name", "closed"],
  ["tools/call", "name", "closed-page"],
  ["prompts/get", "name", "closed"],
  ["resources/read", "uri", "docs://closed.html"],
  ["resources/read", "uri", "DOCS://closed.html"],
  ["resources/read", "uri", "ui://app/closed-page.html"],
  ["resources/read", "uri", "Ui://app/closed-page.html"],
  ["resources/read", "uri", "ui:/\t/app/closed-page.html"],
  ["resources/read", "uri", "ui://app/./closed-page.html"],
  ["resources/subscribe", "uri", "ui://app/closed-page.html"],
];
const closed: fc.Arbitrary<Use> = fc
  .record({
    which: fc.constantFrom(...CLOSED),
    spell: spelling,
    more: extra,
    before: fc.constantFrom("", '"name":"marked",'),
  })
  .map(({ which: [method, member, name], spell, more, before }) => ({
    method,
    params: `{${before}${quoted(member)}:${spell(name)},"arguments":{}${more}}`,
    isClosed: true,
  }));

/** Names that are nearly a thing's, and methods that are none. */
const OTHERS: readonly Use[] = [
  ...[
    "Marked",
    "marked ",
    " marked",
    "marke\u0064\u0301",
    "closed\u0000",
    "clo\u017fed",
    "Closed",
    "closed ",
    "ｃlosed",
  ].map((name) => ({ method: "tools/call", params: `{"name":${quoted(name)},"arguments":{"mark":"none"}}` })),
  { method: "tools/call", params: '{"name":["closed"],"arguments":{}}' },
  { method: "tools/call", params: '{"name":{"toString":"closed"}}' },
  { method: "tools/call ", params: '{"name":"closed","arguments":{}}' },
  { method: "TOOLS/CALL", params: '{"name":"closed","arguments":{}}' },
  { method: "resources/read", params: '{"uri":"docs://closed%2ehtml"}' },
  { method: "resources/read", params: '{"uri":"ui://app/closed-page.html/"}' },
  { method: "tools/list", params: "{}" },
  { method: "prompts/list", params: "{}" },
  { method: "resources/list", params: "{}" },
  { method: "resources/templates/list", params: "{}" },
  { method: "ping", params: "{}" },
  { method: "no/such", params: '{"name":"closed"}' },
  { method: "notifications/initialized", params: "{}" },
];

const element: fc.Arbitrary<Element> = fc
  .record({
    use: fc.oneof(
      { weight: 5, arbitrary: open },
      { weight: 3, arbitrary: closed },
      { weight: 4, arbitrary: fc.constantFrom(...OTHERS) },
    ),
    id,
    spell: spelling,
    more: extra,
  })
  .map(({ use: { method, params, ...about }, id: requestId, spell, more }) => ({
    json: request(spell(method), requestId, params, more),
    ...about,
  }));

const notAMessage: fc.Arbitrary<Element> = fc
  .constantFrom("null", "7", '"x"', "[]", "{}", "true")
  .map((json) => ({ json }));

interface Text {
  readonly json: Json;
  readonly elements: readonly Element[];
  readonly isBatch: boolean;
}

const text: fc.Arbitrary<Text> = fc.oneof(
  { weight: 6, arbitrary: element.map((only) => ({ json: only.json, elements: [only], isBatch: false })) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.oneof({ weight: 9, arbitrary: element }, notAMessage), { minLength: 0, maxLength: 4 })
      .map((elements) => ({
        json: `[${elements.map(({ json }) => json).join(" ,\n")}]`,
        elements,
        isBatch: true,
      })),
  },
  notAMessage.map((only) => ({ json: only.json, elements: [only], isBatch: only.json === "[]" })),
);

const utf8 = (json: Json): Buffer => Buffer.from(json, "utf8");
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

interface Wrapping {
  readonly bytes: (json: Json) => Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** The status, if it is refused whatever it contains. */
  readonly status?: number;
}

const asJson = (charset = ""): Readonly<Record<string, string>> => ({
  "content-type": `application/json${charset}`,
});

/** Ways to send a text. */
const WRAPPINGS: readonly Wrapping[] = [
  ...Array.from({ length: 14 }, (): Wrapping => ({ bytes: utf8 })),
  { bytes: (json) => utf8(` \r\n\t${json}\n `) },
  { bytes: utf8, headers: asJson("; charset=utf-8") },
  { bytes: utf8, headers: asJson(";charset=UTF-8") },
  { bytes: utf8, headers: { "content-type": 'Application/JSON; a="b"' } },
  ...[1, 2, 3].map(
    (count): Wrapping => ({
      bytes: (json) => Buffer.concat([...Array.from({ length: count }, () => BOM), utf8(json)]),
      status: 400,
    }),
  ),
  { bytes: (json) => Buffer.from(json, "utf16le"), status: 400 },
  { bytes: (json) => Buffer.from(`\ufeff${json}`, "utf16le"), status: 400 },
  { bytes: (json) => Buffer.from(json, "utf16le").swap16(), status: 400 },
  { bytes: (json) => Buffer.concat([Buffer.from([0]), utf8(json)]), status: 400 },
  { bytes: (json) => Buffer.concat([utf8(json), Buffer.from([0])]), status: 400 },
  { bytes: (json) => Buffer.concat([utf8(json), Buffer.from([0xff])]), status: 400 },
  { bytes: (json) => utf8(`\u00a0${json}`), status: 400 },
  { bytes: (json) => utf8(`${json}${json}`), status: 400 },
  { bytes: (json) => utf8(`${json},`), status: 400 },
  { bytes: (json) => utf8(`// \n${json}`), status: 400 },
  { bytes: (json) => utf8(json), headers: asJson("; charset=utf-16"), status: 415 },
  { bytes: (json) => utf8(json), headers: asJson("; charset=utf-7"), status: 415 },
  { bytes: (json) => utf8(json), headers: { "content-type": "text/plain" }, status: 415 },
  { bytes: (json) => utf8(json), headers: { ...asJson(), "content-encoding": "gzip" }, status: 415 },
];

function bodyOf(
  { json, elements, isBatch }: Text,
  { bytes, headers = asJson(), status }: Wrapping,
): RequestBody {
  const marks = elements.flatMap(({ mark: own }) => own ?? []);
  const sent = { bytes: bytes(json), headers, marks, isUnreadable: false };
  if (status !== undefined) return { ...sent, statuses: [status], runs: [], isUnreadable: true };
  const parsed = [JSON.parse(json)].flat() as unknown[];
  const isMessage = parsed.map((message) => JSONRPCMessageSchema.safeParse(message).success);
  if (
    parsed.length === 0 ||
    parsed.some((message) => typeof message !== "object" || message === null || Array.isArray(message))
  )
    return { ...sent, statuses: [400], runs: [] };
  if (elements.some(({ isClosed }) => isClosed)) return { ...sent, statuses: [403], runs: [] };
  // What is no JSON-RPC message is the server's to refuse. A request without an id is a notification, and runs nothing.
  const runs = elements.flatMap(({ mark: own }, index) =>
    own !== undefined && (parsed[index] as { id?: unknown }).id !== undefined ? [own] : [],
  );
  const isAllMessages = isMessage.every(Boolean);
  return {
    ...sent,
    statuses: isAllMessages ? (isBatch ? [200, 202, 400] : [200, 202]) : [200, 202, 400],
    runs: isAllMessages ? runs : undefined,
  };
}

/** Bodies of requests. Most are UTF-8; the others are refused whatever they say. */
export const requestBodies: fc.Arbitrary<RequestBody> = fc
  .tuple(text, fc.constantFrom(...WRAPPINGS))
  .map(([content, wrapping]) => bodyOf(content, wrapping));
