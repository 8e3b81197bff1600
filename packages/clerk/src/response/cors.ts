import type { AuthRequest, PlainResponse } from "../request/request.js";

/** `http.cors` of `xmcp.config.ts`. */
export interface Cors {
  readonly origin?: string | readonly string[] | boolean;
  readonly methods?: string | readonly string[];
  readonly allowedHeaders?: string | readonly string[];
  readonly exposedHeaders?: string | readonly string[];
  readonly credentials?: boolean;
  readonly maxAge?: number;
}

const METHODS = ["GET", "HEAD", "POST", "DELETE"];
const HEADERS = [
  ...["Authorization", "Content-Type", "Accept", "Last-Event-ID"],
  ...["Mcp-Method", "Mcp-Name", "Mcp-Protocol-Version", "Mcp-Session-Id"],
];
const MAX_AGE_SECONDS = 600;

/** Headers in which an MCP client repeats arguments of a call (MCP 2026-07-28). */
const PARAMETER = /^mcp-param-[\w-]{1,100}$/i;

/**
 * The response to a CORS preflight, which has no credential by design; `undefined` for every other request. It grants
 * nothing: the request that follows is checked for its own `Origin` and token.
 */
export function preflightAnswer(
  { isPreflight, origin, requestedHeaders = "" }: AuthRequest,
  cors: Cors = {},
): PlainResponse | undefined {
  if (!isPreflight) return undefined;
  const parameters = requestedHeaders.split(",").map((name) => name.trim());
  return {
    status: 204,
    headers: {
      "access-control-allow-origin": allowedOrigin(cors, origin) ?? "*",
      "access-control-allow-methods": list(METHODS, cors.methods),
      "access-control-allow-headers": list(
        HEADERS,
        cors.allowedHeaders,
        parameters.filter((name) => PARAMETER.test(name)),
      ),
      "access-control-max-age": String(cors.maxAge ?? MAX_AGE_SECONDS),
      ...credentials(cors),
    },
    body: "",
  };
}

/** Adds the headers of the server's CORS configuration to a response of the plugin. The response's own take precedence. */
export function withCors(
  response: PlainResponse,
  { origin }: AuthRequest,
  cors: Cors | undefined,
): PlainResponse {
  if (cors === undefined) return response;
  const allowed = allowedOrigin(cors, origin);
  const exposed = list(cors.exposedHeaders, response.headers["access-control-expose-headers"]);
  return {
    ...response,
    headers: {
      ...(allowed !== undefined && { "access-control-allow-origin": allowed }),
      ...credentials(cors),
      ...response.headers,
      ...(exposed !== "" && { "access-control-expose-headers": exposed }),
    },
  };
}

type Fields = readonly (readonly [name: string, value: string])[];

/** The headers that xmcp gives its own answers, by the `Origin` of the request. */
export function xmcpCorsHeaders(cors: Cors): (origin: string | undefined) => Fields {
  const { methods, allowedHeaders, exposedHeaders, maxAge } = cors;
  const fixed: Fields = Object.entries({
    ...(methods !== undefined && { "access-control-allow-methods": String(methods) }),
    ...(allowedHeaders !== undefined && { "access-control-allow-headers": String(allowedHeaders) }),
    ...(exposedHeaders !== undefined && { "access-control-expose-headers": String(exposedHeaders) }),
    ...credentials(cors),
    ...(maxAge !== undefined && { "access-control-max-age": String(maxAge) }),
  });
  return (origin) => {
    const allowed = allowedOrigin(cors, origin);
    return allowed === undefined ? fixed : [["access-control-allow-origin", allowed], ...fixed];
  };
}

function allowedOrigin({ origin: allowed }: Cors, origin: string | undefined): string | undefined {
  if (allowed === undefined || allowed === false) return undefined;
  if (allowed === true) return origin;
  if (typeof allowed === "string") return allowed;
  return origin !== undefined && allowed.includes(origin) ? origin : (allowed[0] ?? "*");
}

function credentials({ credentials: allowed }: Cors): Readonly<Record<string, string>> {
  return allowed === undefined ? {} : { "access-control-allow-credentials": String(allowed) };
}

/** The names, each once whatever its case. */
function list(...names: readonly (string | readonly string[] | undefined)[]): string {
  const all = names
    .flat()
    .flatMap((part) => (part ?? "").split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return [...new Map(all.toReversed().map((name) => [name.toLowerCase(), name])).values()]
    .toReversed()
    .join(", ");
}
