import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { type PlainRequest, requestBytes } from "../src/http/request-bytes.js";

const POST: PlainRequest = {
  method: "POST",
  target: "/mcp",
  version: "HTTP/1.1",
  fields: [],
  body: "\ufeffé",
  trailers: [],
};
const END = "\r\n\r\n";

/** The bytes behind the head. */
function content(request: Partial<PlainRequest>): Buffer {
  const bytes = requestBytes({ ...POST, ...request }, "close");
  return bytes.subarray(bytes.indexOf(END) + END.length);
}

it.each([
  ["utf-8", "efbbbfc3a9"],
  ["utf-16le", "fffee900"],
  ["latin-1", "ffe9"],
] as const)("a body is written in %s", (encoding, hex) => {
  expect(content({ encoding }).toString("hex")).toBe(hex);
});

it("a body is compressed", () => {
  expect(gunzipSync(content({ encoding: "gzip" })).toString()).toBe(POST.body);
});

it.each([
  ["of no length is its end alone", "", "0\r\n\r\n"],
  ["has its length before it", "ab", "2\r\nab\r\n0\r\n\r\n"],
])("a chunked body %s", (_, body, expected) => {
  expect(content({ body, chunked: true }).toString()).toBe(expected);
  expect(requestBytes({ ...POST, body, chunked: true }, "close").toString()).not.toMatch(/content-length/i);
});
