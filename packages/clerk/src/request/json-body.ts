import { Refusal } from "../errors/refusal.js";

/** RFC 8259 section 8.1: JSON is UTF-8, without a byte order mark. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The caller closed the connection while it sent the body, so there is no response. */
export class Aborted extends Error {}

/** The header fields that describe a body. */
export interface BodyHeaders {
  readonly type: string | undefined;
  readonly encoding: string | undefined;
}

/**
 * Parses the body of a request: the only parse, whose result is both judged and passed on.
 *
 * @returns a JSON object, or a batch of objects; `undefined` for an empty body, whatever its header fields.
 * @throws {Refusal} `body_not_json` for another media type, charset or content encoding; `body_malformed` for invalid JSON
 * (JSON-RPC 2.0 section 5.1, -32700); `body_not_a_message` for JSON that no JSON-RPC request can be (-32600).
 */
export function parsedBody(bytes: Uint8Array, headers: BodyHeaders): object | undefined {
  if (bytes.length === 0) return undefined;
  requireJson(headers);
  return message(parsed(bytes));
}

/** @throws {Refusal} unless the header fields announce uncompressed JSON in UTF-8. */
export function requireJson({ type = "", encoding = "identity" }: BodyHeaders): void {
  const [mediaType = "", ...parameters] = type.split(";").map((part) => part.trim().toLowerCase());
  const charsets = parameters.filter((parameter) => parameter.startsWith("charset"));
  const isUtf8 = charsets.every((charset) => /^charset\s*=\s*"?utf-?8"?$/.test(charset));
  const isIdentity = encoding.trim().toLowerCase() === "identity" || encoding.trim() === "";
  if (mediaType !== "application/json" || !isUtf8 || !isIdentity) throw new Refusal("body_not_json");
}

/** @throws {Refusal} unless the value is an object or a batch of objects. */
export function message(value: unknown): object {
  const messages: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (messages.length === 0 || !messages.every(isObject)) throw new Refusal("body_not_a_message");
  return value as object;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Deeper values overflow the stack of servers that write or compare them recursively. */
const MAX_DEPTH = 512;

function parsed(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    // A shorter text cannot be deeper.
    if (bytes.length > 2 * MAX_DEPTH && isDeeperThan(value, MAX_DEPTH))
      throw new Refusal("body_not_a_message", { needs: [`values nested at most ${MAX_DEPTH} deep`] });
    return value;
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("body_malformed");
  }
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(member, depth - 1));
}
