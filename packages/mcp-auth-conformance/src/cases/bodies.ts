/** Bodies that are not JSON in UTF-8. What cannot be read must not be guessed: a guess may differ from what was judged. */
import type { Case, Expect, Level, Request } from "../case.js";
import { INITIALIZE } from "../http/request-bytes.js";
import { ACCEPTED, DENIED, HANDLED, UNAUTHORIZED } from "./expectations.js";

const UTF8 = "RFC 8259 §8.1";
const GRAMMAR = "RFC 8259 §2; JSON-RPC 2.0 §5.1";
const MEDIA_TYPE = "RFC 9110 §15.5.16";
const BAD: Expect = { outcome: "denied", status: 400 };
const BAD_OR_UNSUPPORTED: Expect = { outcome: "denied", status: [400, 415] };

const MESSAGE = JSON.stringify(INITIALIZE);
const MARK = "\ufeff";
const typed = (type: string): Request => ({ headers: [["Content-Type", type]] });
const coded = (coding: string): Request => ({ headers: [["Content-Encoding", coding]] });

/** With a valid token, in a session: a server that refuses everybody does not pass. */
function one(id: string, title: string, spec: string, level: Level, request: Request, expect: Expect): Case {
  return { id: `bodies.${id}`, title, spec, level, send: [{ inSession: true, request }], expect };
}

function stranger(id: string, title: string, spec: string, level: Level, text: string, expect: Expect): Case {
  return { id: `bodies.${id}`, title, spec, level, send: { authorization: null, text }, expect };
}

export const bodies: readonly Case[] = [
  one(
    "byte-order-mark",
    "a byte order mark before the message is refused",
    UTF8,
    "should",
    { text: `${MARK}${MESSAGE}` },
    BAD,
  ),
  one(
    "byte-order-mark-error",
    "a byte order mark is reported as a parse error, in JSON",
    GRAMMAR,
    "should",
    { text: `${MARK}${MESSAGE}` },
    { status: 400, json: { "error.code": { equals: -32_700 } } },
  ),
  one(
    "byte-order-marks",
    "two byte order marks before the message are refused, as only one could be ignored",
    UTF8,
    "must",
    { text: `${MARK}${MARK}${MESSAGE}` },
    BAD,
  ),
  stranger(
    "byte-order-mark-no-token",
    "a message behind a byte order mark serves nothing without a token",
    "MCP 2025-11-25 Authorization, Access Token Usage",
    "must",
    `${MARK}${MESSAGE}`,
    DENIED,
  ),
  one(
    "utf-16",
    "a message in UTF-16 is refused",
    UTF8,
    "must",
    { text: `${MARK}${MESSAGE}`, encoding: "utf-16le" },
    BAD_OR_UNSUPPORTED,
  ),
  one(
    "utf-16-announced",
    "a message in UTF-16 is refused even if its charset says so",
    UTF8,
    "should",
    { ...typed("application/json; charset=utf-16le"), text: MESSAGE, encoding: "utf-16le" },
    BAD_OR_UNSUPPORTED,
  ),
  one(
    "invalid-utf-8",
    "a message with a byte that is not UTF-8 is refused",
    UTF8,
    "should",
    { text: MESSAGE.replace("mcp-auth-conformance", "\u00ff"), encoding: "latin-1" },
    BAD,
  ),
  one(
    "charset-latin-1",
    "another charset than UTF-8 is unsupported",
    MEDIA_TYPE,
    "should",
    typed("application/json; charset=iso-8859-1"),
    BAD_OR_UNSUPPORTED,
  ),
  one(
    "charset-unknown",
    "an unknown charset is unsupported",
    MEDIA_TYPE,
    "should",
    typed("application/json; charset=x-none"),
    BAD_OR_UNSUPPORTED,
  ),
  one(
    "charset-utf-8",
    "the charset UTF-8 does not matter",
    "RFC 8259 §11",
    "must",
    typed("application/json; charset=utf-8"),
    ACCEPTED,
  ),
  one(
    "charset-quoted",
    "the charset may be in quotes and capitals",
    "RFC 9110 §8.3.1",
    "should",
    typed('application/json; charset="UTF-8"'),
    ACCEPTED,
  ),
  one(
    "text-plain",
    "a message as text/plain is unsupported",
    MEDIA_TYPE,
    "should",
    typed("text/plain"),
    BAD_OR_UNSUPPORTED,
  ),
  one(
    "coding-unknown",
    "an unknown Content-Encoding is unsupported",
    "RFC 9110 §8.4",
    "should",
    coded("x-none"),
    BAD_OR_UNSUPPORTED,
  ),
  one(
    "gzip",
    "a compressed message is handled",
    "RFC 9110 §8.4.1.3",
    "robustness",
    { ...coded("gzip"), encoding: "gzip" },
    HANDLED,
  ),
  one(
    "text-before",
    "text before the message is refused",
    GRAMMAR,
    "must",
    { text: `)]}',\n${MESSAGE}` },
    BAD,
  ),
  one(
    "text-behind",
    "text behind the message is refused",
    GRAMMAR,
    "must",
    { text: `${MESSAGE}\n${MESSAGE}` },
    BAD,
  ),
  one(
    "parse-error",
    "a truncated body is reported as a parse error, in JSON",
    GRAMMAR,
    "should",
    { text: "{" },
    {
      status: 400,
      json: { "error.code": { equals: -32_700 } },
    },
  ),
  stranger(
    "parse-error-no-token",
    "without a token a truncated body is 401, because it is not read",
    "RFC 9110 §15.5.2",
    "should",
    "{",
    UNAUTHORIZED,
  ),
  one("empty", "an empty body is not a message", GRAMMAR, "must", { text: "" }, DENIED),
  one(
    "empty-chunked",
    "an empty body in chunks is not a message",
    "RFC 9112 §7.1",
    "must",
    { text: "", chunked: true },
    DENIED,
  ),
  one(
    "line-separator",
    "U+2028 in the id is returned in the id, and does not end a line",
    "HTML §9.2.6 (server-sent events); RFC 8259 §7",
    "must",
    { body: { ...(INITIALIZE as object), id: "1\u2028data: {\u2029" } },
    { message: { id: { equals: "1\u2028data: {\u2029" }, "result.protocolVersion": { present: true } } },
  ),
];
