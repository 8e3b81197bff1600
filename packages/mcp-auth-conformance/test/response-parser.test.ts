import { describe, expect, it } from "vitest";
import { MalformedResponse, type RawResponse, ResponseParser } from "../src/http/response-parser.js";

const lines = (...all: string[]) => Buffer.from(all.join("\r\n"), "latin1");

function parse(bytes: Buffer, isHead = false): RawResponse | undefined {
  return new ResponseParser({ isHead }).push(bytes);
}

/** Parses the answer of a connection that closes after the last byte. */
function parseClosed(bytes: Buffer): RawResponse | undefined {
  const parser = new ResponseParser();
  return parser.push(bytes) ?? parser.end();
}

const LENGTH = lines("HTTP/1.1 200 OK", "Content-Type: text/plain", "Content-Length: 5", "", "hello");
const CHUNKED = lines(
  "HTTP/1.1 200 OK",
  "Transfer-Encoding: chunked",
  "",
  "3;a=b",
  "hel",
  "2",
  "lo",
  "0",
  "",
  "",
);
const EVENT = 'data: {"jsonrpc":"2.0","id":1,"result":{}}';

it("the event stream that GET opens is an answer before its first event", () => {
  const opened = lines(
    "HTTP/1.1 200 OK",
    "Content-Type: text/event-stream",
    "Transfer-Encoding: chunked",
    "",
    "",
  );
  expect(new ResponseParser({ isGet: true, awaitsEnd: true }).push(opened)?.status).toBe(200);
  expect(new ResponseParser({ awaitsEnd: true }).push(opened)).toBeUndefined();
});

describe("a complete answer", () => {
  it.each<[string, Buffer, string]>([
    ["with a length", LENGTH, "hello"],
    ["in chunks", CHUNKED, "hello"],
    [
      "in chunks with trailers",
      lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "5", "hello", "0", "a: b", "", ""),
      "hello",
    ],
    ["without a body", lines("HTTP/1.1 401 Unauthorized", "Content-Length: 0", "", ""), ""],
    ["with 204, which has no body", lines("HTTP/1.1 204 No Content", "", ""), ""],
    [
      "with 304, whose length is that of another answer",
      lines("HTTP/1.1 304 Not Modified", "Content-Length: 9", "", ""),
      "",
    ],
    ["after 100 Continue", Buffer.concat([lines("HTTP/1.1 100 Continue", "", ""), LENGTH]), "hello"],
    ["of HTTP/1.0", lines("HTTP/1.0 200 OK", "Content-Length: 2", "", "ok"), "ok"],
    ["with no reason phrase", lines("HTTP/1.1 200", "Content-Length: 2", "", "ok"), "ok"],
    [
      "in UTF-8",
      Buffer.concat([lines("HTTP/1.1 200 OK", "Content-Length: 3", "", ""), Buffer.from("…")]),
      "…",
    ],
  ])("is read: %s", (_, bytes, body) => {
    expect(parse(bytes)?.body).toBe(body);
  });

  it.each([
    ["with a length", LENGTH],
    ["in chunks", CHUNKED],
  ])("is the same if it arrives byte by byte: %s", (_, bytes) => {
    const parser = new ResponseParser();
    const answers = [...bytes].map((byte) => parser.push(Buffer.from([byte])));
    expect(answers.at(-1)).toEqual(parse(bytes));
    expect(answers.slice(0, -1).filter(Boolean)).toEqual([]);
  });

  it("keeps its fields in order, with names in lower case and with duplicates", () => {
    const bytes = lines(
      "HTTP/1.1 401 x",
      "WWW-Authenticate: Bearer ",
      "X:1",
      "www-authenticate:  Basic",
      "Content-Length: 0",
      "",
      "",
    );
    expect(parse(bytes)).toMatchObject({
      status: 401,
      fields: [
        ["www-authenticate", "Bearer"],
        ["x", "1"],
        ["www-authenticate", "Basic"],
        ["content-length", "0"],
      ],
    });
  });

  it("to HEAD has no body, whatever its Content-Length", () => {
    expect(parse(lines("HTTP/1.1 200 OK", "Content-Length: 5", "", ""), true)?.body).toBe("");
  });

  it("without a length ends with the connection", () => {
    const bytes = lines("HTTP/1.1 200 OK", "", "hel");
    expect(parse(bytes)).toBeUndefined();
    expect(parseClosed(bytes)?.body).toBe("hel");
  });

  it("leaves the bytes of the next answer unread", () => {
    const parser = new ResponseParser();
    expect(parser.push(Buffer.concat([CHUNKED, LENGTH]))?.body).toBe("hello");
    expect(parser.rest()).toEqual(LENGTH);
  });
});

describe("a stream of events that stays open", () => {
  const head = ["HTTP/1.1 200 OK", "Content-Type: text/event-stream; charset=utf-8"];

  it("is complete only at its end, if the connection is reused", () => {
    const parser = new ResponseParser({ awaitsEnd: true });
    const event = `${EVENT}\n\n`;
    const chunk = `${event.length.toString(16)}\r\n${event}\r\n`;
    const start = Buffer.from([...head, "Transfer-Encoding: chunked", "", chunk].join("\r\n"), "latin1");
    expect(parser.push(start)).toBeUndefined();
    expect(parser.push(Buffer.from("0\r\n\r\n"))?.body).toBe(event);
    expect(parser.rest()).toHaveLength(0);
  });

  it("is complete with its first JSON-RPC answer", () => {
    expect(parse(lines(...head, "", "event: message", EVENT, "", ""))?.body).toContain(EVENT);
  });

  it("can be chunked without a last chunk", () => {
    const bytes = lines(
      ...head,
      "Transfer-Encoding: chunked",
      "",
      (EVENT.length + 1).toString(16),
      `${EVENT}\n`,
      "1",
      "\n",
      "",
    );
    expect(parse(bytes)?.body).toContain(EVENT);
  });

  it.each([
    ["nothing yet", ""],
    ["a comment to keep it alive", ": ping\r\n\r\n"],
    ["half an answer", 'data: {"jsonrpc":"2.0","id":1,"resu'],
    ["a request from the server", 'data: {"jsonrpc":"2.0","id":7,"method":"ping"}\r\n\r\n'],
  ])("is not complete with %s", (_, text) => {
    expect(parse(lines(...head, "", text))).toBeUndefined();
  });
});

describe("a malformed answer is an error:", () => {
  it.each([
    ["another protocol", Buffer.from("SSH-2.0-OpenSSH_9.9")],
    ["a page without a head", Buffer.from("<!doctype html>")],
    ["another version", lines("HTTP/2 200 OK", "", "")],
    ["a status that is not a number", lines("HTTP/1.1 abc OK", "", "")],
    ["a status of four digits", lines("HTTP/1.1 2000 OK", "", "")],
    ["a field line without a colon", lines("HTTP/1.1 200 OK", "oops", "", "")],
    ["a field line without a name", lines("HTTP/1.1 200 OK", ": x", "", "")],
    ["a length that is not a number", lines("HTTP/1.1 200 OK", "Content-Length: 5, 5", "", "hello")],
    ["a negative length", lines("HTTP/1.1 200 OK", "Content-Length: -1", "", "")],
    ["a chunk without a size", lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "zz", "")],
    [
      "a chunk that is longer than it says",
      lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "3", "hello", "0", "", ""),
    ],
  ])("%s", (_, bytes) => {
    expect(() => parse(bytes)).toThrow(MalformedResponse);
  });

  it.each([
    ["inside the head", lines("HTTP/1.1 200 OK", "Content-Le")],
    ["inside the body", lines("HTTP/1.1 200 OK", "Content-Length: 5", "", "hell")],
    ["inside a chunk", lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "5", "hel")],
    ["after 100 Continue", lines("HTTP/1.1 100 Continue", "", "HTTP/1.1")],
  ])("a connection that is closed %s", (_, bytes) => {
    expect(() => parseClosed(bytes)).toThrow(MalformedResponse);
  });

  it("a connection that is closed without a byte is no answer, and no error", () => {
    expect(parseClosed(Buffer.alloc(0))).toBeUndefined();
  });

  it.each([
    ["a head", lines("HTTP/1.1 200 OK", `X: ${"x".repeat(9 * 2 ** 20)}`)],
    ["a body", lines("HTTP/1.1 200 OK", "Content-Length: 99999999", "", "x".repeat(9 * 2 ** 20))],
    ["a stream", lines("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "", ": x\n\n".repeat(2 ** 21))],
  ])("%s that never ends is an error", (_, bytes) => {
    expect(() => parse(bytes)).toThrow("longer than");
  });
});
