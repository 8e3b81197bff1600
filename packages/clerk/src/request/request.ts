/** What the pipeline needs of a request, independent of server and runtime. */
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
  /** Whether this is a CORS preflight, which carries no credential by design. */
  readonly isPreflight: boolean;
  /** The JSON body, if the server has parsed it. */
  readonly body: unknown;
  /** Whether the body has not been parsed: what it asks for cannot be authorized. */
  readonly hasUnreadBody: boolean;
  /** Whether the body is larger than the server accepts, so that it was not read. Default: false. */
  readonly isTooLarge?: boolean;
}

/** An answer of the pipeline itself, as plain data. */
export interface PlainResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
