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
  /** Every `Authorization` header field, as sent. */
  readonly authorization: readonly string[];
  /** Whether this is a CORS preflight, which has no credential by design. */
  readonly isPreflight: boolean;
  /** The JSON body, if the server has parsed it. */
  readonly body: unknown;
  /** Whether the body has not been parsed, so that it cannot be authorized. */
  readonly hasUnreadBody: boolean;
  /** Whether the body exceeds the server's limit and was not read. Default: false. */
  readonly isTooLarge?: boolean;
}

/** A response of the pipeline itself, as plain data. */
export interface PlainResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
