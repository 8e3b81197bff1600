/** The parts of a request that the pipeline needs, independent of server and runtime. */
export interface AuthRequest {
  readonly method: string;
  /** The path as sent, without the query. */
  readonly path: string;
  /** The query without `?`; empty if there is none. */
  readonly query: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** The address at the other end of the connection, if the server knows it. */
  readonly remoteAddress: string | undefined;
  /** The `X-Forwarded-For` header, as sent. */
  readonly forwardedFor: string | undefined;
  /** The `User-Agent` header: only for the form of an answer, since a caller may send any. */
  readonly userAgent: string | undefined;
  /** Every `Authorization` header field, as sent. */
  readonly authorization: readonly string[];
  /** Whether this is a CORS preflight, which has no credential by design. */
  readonly isPreflight: boolean;
  /** The `If-None-Match` header, as sent. */
  readonly ifNoneMatch: string | undefined;
  /** `Access-Control-Request-Headers` of a preflight, as sent. */
  readonly requestedHeaders: string | undefined;
  /**
   * Reads and parses the body. The body of a stranger stays unread, unless something is open to strangers, or
   * the form of their refusal depends on it.
   *
   * @returns the JSON-RPC message or batch; `undefined` if there is no body.
   * @throws {Refusal} if it is too large, or not JSON.
   */
  body(): Promise<object | undefined>;
}

/** A response of the pipeline itself, as plain data. */
export interface PlainResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
