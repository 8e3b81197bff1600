/**
 * A small HTTP/1.1 response parser (RFC 9112). Supports content-length, chunked and read-until-close bodies. Skips
 * interim responses.
 */

export interface RawResponse {
  readonly status: number;
  /** In the order received, names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** The response is not valid HTTP. */
export class MalformedResponse extends Error {}

export interface ParserOptions {
  /** Whether the request was HEAD. Its response has no body, whatever the header fields say. */
  readonly isHead?: boolean;
  /** Whether the request was GET. The event stream that it opens may stay open forever without an event. */
  readonly isGet?: boolean;
  /** Whether to wait for the end of the body, because the connection is used again. */
  readonly awaitsEnd?: boolean;
}

interface Head {
  readonly status: number;
  readonly fields: RawResponse["fields"];
  readonly bodyStart: number;
}

/** Far above any expected response. Keeps an endless response from filling the memory. */
const MAX_BYTES = 8 * 2 ** 20;

/** An incremental parser: `push` bytes as they arrive; it returns the response once it is complete. */
export class ResponseParser {
  readonly #isHead: boolean;
  readonly #isGet: boolean;
  readonly #awaitsEnd: boolean;
  #received: Buffer = Buffer.alloc(0);

  constructor({ isHead = false, isGet = false, awaitsEnd = false }: ParserOptions = {}) {
    this.#isHead = isHead;
    this.#isGet = isGet;
    this.#awaitsEnd = awaitsEnd;
  }

  /** @throws {MalformedResponse} */
  push(bytes: Buffer): RawResponse | undefined {
    this.#received = Buffer.concat([this.#received, bytes]);
    const response = this.#parse(false);
    if (response === undefined && this.#received.length > MAX_BYTES) {
      throw new MalformedResponse(`the answer is longer than ${MAX_BYTES} bytes`);
    }
    return response;
  }

  /** Call when the connection closes: the response ends here. Returns `undefined` if nothing arrived. */
  end(): RawResponse | undefined {
    return this.#received.length === 0 ? undefined : this.#parse(true);
  }

  /** The bytes after the response. They belong to the next response on the same connection. */
  rest(): Buffer {
    return this.#received;
  }

  #parse(isClosed: boolean): RawResponse | undefined {
    const head = readHead(this.#received);
    if (head === undefined) {
      if (isClosed) throw new MalformedResponse("the connection closed inside the head");
      return undefined;
    }
    if (head.status < 200) {
      this.#received = this.#received.subarray(head.bodyStart);
      return this.#parse(isClosed);
    }
    const content = this.#received.subarray(head.bodyStart);
    const body = this.#body(head, content, isClosed);
    if (body === undefined) return undefined;
    this.#received = content.subarray(body.length);
    return { status: head.status, fields: head.fields, body: body.text };
  }

  #body(head: Head, content: Buffer, isClosed: boolean): { text: string; length: number } | undefined {
    if (this.#isHead || head.status === 204 || head.status === 304) return { text: "", length: 0 };
    if (this.#isGet && isEventStream(head.fields)) {
      return { text: content.toString("utf8"), length: content.length };
    }
    if (/\bchunked\b/i.test(field(head.fields, "transfer-encoding") ?? "")) {
      return readChunks(content) ?? openStream(head, content, isClosed, this.#awaitsEnd);
    }
    const length = field(head.fields, "content-length");
    if (length !== undefined) {
      if (!/^\d+$/.test(length)) throw new MalformedResponse(`content-length is ${length}`);
      if (content.length < Number(length)) {
        if (isClosed) throw new MalformedResponse("the connection closed inside the body");
        return undefined;
      }
      return { text: content.toString("utf8", 0, Number(length)), length: Number(length) };
    }
    if (isClosed) return { text: content.toString("utf8"), length: content.length };
    return openStream(head, content, false, false);
  }
}

/** An event stream may stay open forever, so the response ends at its first JSON-RPC response. */
function openStream(head: Head, content: Buffer, isClosed: boolean, awaitsEnd: boolean) {
  const text = content.toString("utf8");
  if (!awaitsEnd && isEventStream(head.fields) && hasAnswer(text)) return { text, length: content.length };
  if (isClosed) throw new MalformedResponse("the connection closed inside a chunk");
  return undefined;
}

export function isEventStream(fields: RawResponse["fields"]): boolean {
  return /^text\/event-stream\b/i.test(field(fields, "content-type") ?? "");
}

function hasAnswer(text: string): boolean {
  return /\ndata:.*"(?:result|error)"[\s\S]*\n\r?\n/.test(`\n${text}`);
}

function readHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) {
    if (bytes.length > 0 && !"HTTP/".startsWith(bytes.toString("latin1", 0, 5))) {
      throw new MalformedResponse("the answer does not start with HTTP/");
    }
    return undefined;
  }
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1];
  if (status === undefined) throw new MalformedResponse(`the status line is ${JSON.stringify(statusLine)}`);
  const fields = lines.map((line) => {
    const colon = line.indexOf(":");
    if (colon < 1) throw new MalformedResponse(`a field line is ${JSON.stringify(line)}`);
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(status), fields, bodyStart: end + 4 };
}

/** Returns `undefined` until the last chunk has arrived. */
function readChunks(bytes: Buffer): { text: string; length: number } | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const size = /^([0-9a-f]+)[\t ]*(?:;.*)?$/i.exec(bytes.toString("latin1", at, lineEnd))?.[1];
    if (size === undefined) throw new MalformedResponse("a chunk has no size");
    const start = lineEnd + 2;
    const length = Number.parseInt(size, 16);
    if (length === 0) return trailerEnd(bytes, lineEnd, parts);
    if (bytes.length < start + length + 2) return undefined;
    parts.push(bytes.subarray(start, start + length));
    at = start + length + 2;
    if (bytes.toString("latin1", at - 2, at) !== "\r\n") throw new MalformedResponse("a chunk does not end");
  }
}

function trailerEnd(bytes: Buffer, lineEnd: number, parts: readonly Buffer[]) {
  const end = bytes.indexOf("\r\n\r\n", lineEnd);
  return end === -1 ? undefined : { text: Buffer.concat(parts).toString("utf8"), length: end + 4 };
}

/** The first field with this name. */
export function field(fields: RawResponse["fields"], name: string): string | undefined {
  return fields.find(([other]) => other === name)?.[1];
}

/** All fields with this name, combined into one list (RFC 9110 §5.3). `undefined` if there is none. */
export function combinedField(fields: RawResponse["fields"], name: string): string | undefined {
  const values = fields.filter(([other]) => other === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(", ");
}
