/** Reads a message: strictly, as JSON in UTF-8, or with the leniency that makes what runs differ from what was judged. */
import { gunzipSync } from "node:zlib";

/** @typedef {import("node:http").IncomingHttpHeaders} Headers */
/** @typedef {{ id?: unknown, method?: unknown, params?: Record<string, unknown> }} Message */

/** The body is no message. */
export class Unreadable extends Error {
  /** @param {number} status @param {number} code */
  constructor(status, code) {
    super("This is no message");
    this.status = status;
    this.code = code;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;

/**
 * @param {Buffer} bytes @param {Headers} headers @param {RegExp} charsets
 * @returns {Message | Message[]} @throws {Unreadable}
 */
export function strictly(bytes, headers, charsets = /^utf-8$/i) {
  const [type = "", charset] = typeOf(headers);
  const isIdentity = [undefined, "identity"].includes(headers["content-encoding"]);
  if (type !== "application/json" || !isIdentity) throw new Unreadable(415, INVALID_REQUEST);
  if (charset !== undefined && !charsets.test(charset)) throw new Unreadable(415, INVALID_REQUEST);
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new Unreadable(400, PARSE_ERROR);
  }
}

/** @param {Buffer} bytes @param {Headers} headers @returns {Message | Message[]} @throws {Unreadable} */
export function leniently(bytes, headers) {
  try {
    const plain = headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
    const text = decoded(plain, typeOf(headers)[1]).replace(/^[^[{]+/, "");
    return JSON.parse(text.startsWith("{") ? firstObject(text) : text);
  } catch {
    throw new Unreadable(400, PARSE_ERROR);
  }
}

/** @param {Headers} headers @returns {[type?: string, charset?: string]} */
function typeOf(headers) {
  const [type = "", ...parameters] = (headers["content-type"] ?? "").split(";").map((part) => part.trim());
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  return charset === undefined ? [type] : [type, charset.slice("charset=".length).replaceAll('"', "")];
}

/** @param {Buffer} bytes @param {string | undefined} charset */
function decoded(bytes, charset) {
  const isUtf16 = charset === "utf-16le" || bytes.subarray(0, 2).equals(Buffer.from([0xff, 0xfe]));
  if (isUtf16) return bytes.toString("utf16le");
  return bytes.toString(charset === "iso-8859-1" ? "latin1" : "utf8");
}

/** @param {string} text */
function firstObject(text) {
  let depth = 0;
  const end = [...text].findIndex((character) => {
    depth += character === "{" ? 1 : character === "}" ? -1 : 0;
    return depth === 0;
  });
  return [...text].slice(0, end + 1).join("");
}
