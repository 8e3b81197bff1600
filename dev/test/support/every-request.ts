/** Requests for every thing of platforms/every-kind.ts, right and wrong, in both generations of the protocol. */
import { type Agent, request as httpRequest } from "node:http";
import { HEADERS } from "./tool-call.js";

export interface Sent {
  readonly name: string;
  /** Default: `POST`. */
  readonly method?: string;
  /** Default: the endpoint. */
  readonly path?: string;
  /** Default: those of a JSON-RPC message. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The answer does not end by itself: what counts is its first event. */
  readonly isStream?: boolean;
}

/** The parts of an answer: `status`, `body`, and each header under its own name. */
export type Answer = Readonly<Record<string, string>>;

type Message = readonly [method: string, params?: object, about?: string];

const text = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
const call = (name: string, args: object = {}, more?: object): Message => [
  "tools/call",
  { name, arguments: args, ...more },
  [name, args, more].map(text).join(" "),
];
const prompt = (name: string, args?: object): Message => [
  "prompts/get",
  { name, ...(args && { arguments: args }) },
  [name, args].map(text).join(" "),
];
const read = (uri: string): Message => ["resources/read", { uri }, uri];
const complete = (ref: object, name: string, value: string): Message => [
  "completion/complete",
  { ref, argument: { name, value } },
  `${text(ref)} ${name}=${value}`,
];

const REVIEW = { type: "ref/prompt", name: "review" };
const CLIENT = { clientInfo: { name: "test", version: "1" }, capabilities: {} };

const MESSAGES: readonly Message[] = [
  ...["2025-11-25", "2025-06-18", "2024-11-05", "1999-01-01"].map(
    (protocolVersion): Message => ["initialize", { protocolVersion, ...CLIENT }, protocolVersion],
  ),
  ["initialize", {}, "without a version"],
  ["server/discover"],
  ["ping"],
  ["logging/setLevel", { level: "info" }],
  ["logging/setLevel", { level: "loud" }, "unknown"],
  ["no/such"],
  ["tools/list"],
  ["tools/list", { cursor: "next" }, "with a cursor"],
  ["tools/list", { cursor: 1 }, "with a cursor that is a number"],
  ["prompts/list"],
  ["prompts/list", { cursor: "next" }, "with a cursor"],
  ["resources/list"],
  ["resources/list", { cursor: "next" }, "with a cursor"],
  ["resources/templates/list"],
  ["resources/templates/list", { cursor: "next" }, "with a cursor"],
  call("add", { a: 1 }),
  call("add", { a: 1, b: 2.5, how: "roughly", more: "ignored" }),
  call("add", { a: -1.5, b: "2" }),
  call("add"),
  ["tools/call", { name: "add" }, "add without arguments"],
  ["tools/call", { name: "add", arguments: [1] }, "add with a list"],
  ["tools/call", {}, "without a name"],
  ["tools/call", { name: 7 }, "with a number as its name"],
  call("breaks-its-promise"),
  ...["error", "text", "nothing", "else"].map((what) => call("throws", { what })),
  call("says-error"),
  call("page"),
  call("many-things"),
  call("without-metadata"),
  call("returns-nothing"),
  call("reports-progress"),
  call("reports-progress", {}, { _meta: { progressToken: "p1" } }),
  call("asks"),
  call("asks", {}, { inputResponses: { who: { action: "accept", content: { name: "Ada" } } } }),
  call("asks", {}, { inputResponses: { who: { action: "decline" } } }),
  call("seen"),
  call("no-such"),
  call("näme"),
  call("__proto__"),
  prompt("review", { language: "rust", tone: "stern" }),
  prompt("review", { language: "rust" }),
  prompt("review", { language: 1 }),
  prompt("review"),
  prompt("plain"),
  prompt("plain", {}),
  prompt("throws", {}),
  prompt("no-such"),
  read("notes://first"),
  read("notes://pixel"),
  read("notes://throws"),
  read("NOTES://first"),
  read("notes://no-such"),
  read("people://42/profile"),
  read("people://a%20b/profile"),
  read("people:///profile"),
  read("ui://app/page.html"),
  read("ui://app/no-such.html"),
  read("no uri"),
  ["resources/read", {}, "without a uri"],
  complete(REVIEW, "language", "t"),
  complete(REVIEW, "language", ""),
  complete(REVIEW, "tone", "k"),
  complete(REVIEW, "no-such", "k"),
  complete({ type: "ref/prompt", name: "plain" }, "language", "t"),
  complete({ type: "ref/prompt", name: "no-such" }, "language", "t"),
  complete({ type: "ref/resource", uri: "people://{id}/profile" }, "id", "4"),
  complete({ type: "ref/resource", uri: "notes://first" }, "id", "4"),
  complete({ type: "ref/tool", name: "add" }, "a", "1"),
  ["resources/subscribe", { uri: "notes://first" }],
  ["resources/unsubscribe", { uri: "notes://first" }],
  ["tasks/list"],
];

const json = (method: string, params?: object, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: "2.0", id, method, ...(params && { params }) });

const named = (...parts: readonly (string | undefined)[]): string =>
  parts.filter(Boolean).join(" ").trimEnd();

/** The 2025 generation of the protocol. */
const older = ([method, params, about]: Message): Sent => ({
  name: named("2025:", method, about),
  headers: { ...HEADERS, "mcp-protocol-version": "2025-11-25" },
  body: json(method, params),
});

const VERSION = "2026-07-28";
const META = {
  "io.modelcontextprotocol/protocolVersion": VERSION,
  "io.modelcontextprotocol/clientInfo": CLIENT.clientInfo,
  "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
};

/** The 2026 generation. The headers repeat what the body says. */
const newer = ([method, params = {}, about]: Message): Sent => {
  const { name, uri, _meta } = params as { name?: unknown; uri?: unknown; _meta?: object };
  const subject = name ?? uri;
  return {
    name: named("2026:", method, about),
    headers: {
      ...HEADERS,
      "mcp-protocol-version": VERSION,
      "mcp-method": method,
      ...(typeof subject === "string" && { "mcp-name": encodedName(subject) }),
    },
    body: json(method, { ...params, _meta: { ...META, ..._meta } }),
  };
};

/** A header value cannot be every name. */
function encodedName(name: string): string {
  return /^[\x21-\x7e]+$/.test(name) ? name : `=?base64?${Buffer.from(name).toString("base64")}?=`;
}

const LIST = json("tools/list");
const NEWER_LIST = newer(["tools/list"]);
const NOTIFICATION = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
const changed = (name: string, { headers, body = "" }: Sent, headersChanged: object, bodyChanged = body) => ({
  name,
  headers: { ...headers, ...headersChanged },
  body: bodyChanged,
});

const OTHER_BODIES: Readonly<Record<string, string>> = {
  "a notification": NOTIFICATION,
  "a cancellation": '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
  "an unknown notification": '{"jsonrpc":"2.0","method":"notifications/none"}',
  "a response": '{"jsonrpc":"2.0","id":1,"result":{}}',
  "an error": '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"none"}}',
  "a batch": `[${LIST},${json("ping", undefined, 2)},${NOTIFICATION}]`,
  "a batch of notifications": `[${NOTIFICATION},${NOTIFICATION}]`,
  "a batch of two calls with one id": `[${LIST},${LIST}]`,
  "a batch with an initialization": `[${json("initialize", { protocolVersion: "2025-11-25", ...CLIENT })},${LIST}]`,
  "a call as a notification": JSON.stringify({
    jsonrpc: "2.0",
    method: "tools/call",
    params: { name: "seen" },
  }),
  "an id that is text": json("ping", undefined, "näme"),
  "an id that is null": json("ping", undefined, null),
  "an id that is a list": json("ping", undefined, [1]),
  "params that are a list": '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}',
  "no version of JSON-RPC": '{"id":1,"method":"ping"}',
  "another version of JSON-RPC": '{"jsonrpc":"1.0","id":1,"method":"ping"}',
  "no method": '{"jsonrpc":"2.0","id":1}',
  "an empty object": "{}",
  "an empty batch": "[]",
  "a number": "1",
  "malformed JSON": "{",
  "no body": "",
  "a body that is too large": JSON.stringify("x".repeat(300 * 1024)),
};

const CONTENT_TYPES: readonly Sent[] = [
  { name: "content type: none", headers: { accept: HEADERS.accept }, body: LIST },
  ...[
    "text/plain",
    "application/json; charset=utf-8",
    "application/json; charset=utf-16",
    "Application/JSON",
  ].map((type) => ({
    name: `content type: ${type}`,
    headers: { ...HEADERS, "content-type": type },
    body: LIST,
  })),
];

const ACCEPTED: readonly Sent[] = [
  { name: "accept: none", headers: { "content-type": "application/json" }, body: LIST },
  ...["*/*", "application/json", "text/event-stream", "text/html"].map((accept) => ({
    name: `accept: ${accept}`,
    headers: { ...HEADERS, accept },
    body: LIST,
  })),
];

const VERSIONS: readonly Sent[] = [
  { name: "protocol version: none", headers: HEADERS, body: LIST },
  {
    name: "protocol version: unknown",
    headers: { ...HEADERS, "mcp-protocol-version": "1999-01-01" },
    body: LIST,
  },
  { name: "a session", headers: { ...HEADERS, "mcp-session-id": "1" }, body: LIST },
  {
    name: "2026: a notification",
    headers: { ...NEWER_LIST.headers, "mcp-method": "notifications/initialized" },
    body: NOTIFICATION,
  },
  changed("2026: another method in the header", NEWER_LIST, { "mcp-method": "ping" }),
  changed("2026: tools/call seen with another name in the header", newer(call("seen")), {
    "mcp-name": "add",
  }),
  changed("2026: another version in the header", NEWER_LIST, { "mcp-protocol-version": "2025-11-25" }),
  changed(
    "2026: an unknown version",
    NEWER_LIST,
    { "mcp-protocol-version": "2099-01-01" },
    NEWER_LIST.body?.replace(VERSION, "2099-01-01"),
  ),
  { ...NEWER_LIST, name: "2026: without headers", headers: HEADERS },
  { ...NEWER_LIST, name: "2026: without _meta", body: LIST },
  { ...NEWER_LIST, name: "2026: a batch", body: `[${NEWER_LIST.body}]` },
  { ...newer(["subscriptions/listen", { notifications: { toolsListChanged: true } }]), isStream: true },
];

const PREFLIGHT = { origin: "https://app.example", "access-control-request-method": "POST" };
const METHODS: readonly Sent[] = [
  ...["GET", "HEAD", "DELETE", "OPTIONS"].map((method) => ({
    name: method,
    method,
    headers: { accept: HEADERS.accept },
  })),
  { name: "GET as a browser", method: "GET", headers: { accept: "text/html" } },
  { name: "PUT", method: "PUT", body: LIST },
  { name: "preflight", method: "OPTIONS", headers: PREFLIGHT },
  {
    name: "a call of an allowed origin",
    headers: { ...HEADERS, origin: "http://localhost:6274" },
    body: LIST,
  },
  { name: "a call of another origin", headers: { ...HEADERS, origin: "https://app.example" }, body: LIST },
];

const PATHS: readonly Sent[] = [
  ...[
    "/",
    "/index.html",
    "/health",
    "/.well-known/mcp/server-card.json",
    "/favicon.ico",
    "/no-such",
    "/.well-known/no-such",
  ].flatMap((path) =>
    ["GET", "HEAD"].map((method) => ({ name: `${method} ${path}`, method, path, headers: {} })),
  ),
  ...["/mcp?a=1", "/mcp/", "/MCP", "/mcp/x", "/"].map((path) => ({
    name: `POST ${path}`,
    path,
    body: LIST,
  })),
];

export const REQUESTS: readonly Sent[] = [
  ...MESSAGES.map(older),
  ...MESSAGES.map(newer),
  ...Object.entries(OTHER_BODIES).map(([name, body]) => ({ name, body })),
  ...CONTENT_TYPES,
  ...ACCEPTED,
  ...VERSIONS,
  ...METHODS,
  ...PATHS,
];

/** Headers of the connection, and of the moment. */
const INCIDENTAL = ["connection", "date", "keep-alive"];

/** @returns the answer, without what differs from one server or request to the next */
export async function answerOf(
  origin: string,
  { method = "POST", path = "/mcp", headers = HEADERS, body, isStream = false }: Sent,
  { agent, authorization }: { agent: Agent; authorization?: string },
): Promise<Answer> {
  const all = { ...headers, ...(authorization !== undefined && { authorization }) };
  const { status, fields, bytes } = await new Promise<{ status: number; fields: string[]; bytes: Buffer }>(
    (resolve, reject) => {
      const sent = httpRequest(origin + path, { method, headers: all, agent }, (response) => {
        const chunks: Buffer[] = [];
        const done = () =>
          resolve({
            status: response.statusCode ?? 0,
            fields: response.rawHeaders,
            bytes: Buffer.concat(chunks),
          });
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          if (!isStream || !Buffer.concat(chunks).includes("\n\n")) return;
          done();
          sent.destroy();
        });
        response.on("end", done);
      });
      sent.on("error", reject).end(body);
    },
  );
  const timeless = (text: string): string =>
    text
      .replaceAll(new URL(origin).host, "server.example")
      .replaceAll(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, "UUID")
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z/g, "TIME");
  const answer: Record<string, string> = {};
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index]?.toLowerCase() ?? "";
    if (INCIDENTAL.includes(name)) continue;
    const value = timeless(fields[index + 1] ?? "");
    answer[name] = answer[name] === undefined ? value : `${answer[name]}\n${value}`;
  }
  return {
    ...answer,
    status: String(status),
    body: timeless(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)),
  };
}
