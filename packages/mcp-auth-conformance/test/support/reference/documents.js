/** What the reference server says about itself to everybody. */

/** @typedef {import("node:http").IncomingHttpHeaders} Headers */
/** @typedef {import("./configuration.js").Configuration} Configuration */

const TYPE = "application/mcp-server-card+json";
const CARD = { name: "it", version: "1", protocolVersions: ["2026-07-28", "2025-06-18"] };

/** @param {Headers} headers @param {Configuration} configuration */
export function metadata(headers, { makes, resource, issuer, scopes }) {
  const host = headers["x-forwarded-host"];
  return {
    resource: makes("forwarded-host") && host ? `http://${host}${resource.pathname}` : resource.href,
    authorization_servers: [issuer],
    scopes_supported: scopes,
    bearer_methods_supported: ["header"],
  };
}

/**
 * The server card or the AI Catalog, whichever is at the path; `undefined` for other paths.
 *
 * @param {import("node:http").IncomingMessage} request @param {string} path @param {Configuration} configuration
 */
export function discoveryDocument({ method = "GET", headers }, path, configuration) {
  const { makes, resource } = configuration;
  const wellKnown = "/.well-known/mcp/server-card.json";
  const cardPath = makes("card-elsewhere") ? wellKnown : `${resource.pathname}/server-card`;
  const isCard = path === cardPath || path === wellKnown;
  if (makes("no-cards") || (!isCard && path !== "/.well-known/ai-catalog.json")) return undefined;
  if (makes("card-private") && !headers.authorization?.startsWith("Bearer ey")) return { status: 401 };
  if (!makes("card-methods") && !["GET", "HEAD", "OPTIONS"].includes(method)) return { status: 405 };
  const fields = fieldsOf(isCard ? TYPE : "application/ai-catalog+json", configuration);
  if (makes("card-methods") && method === "HEAD") return { status: 405 };
  if (method === "OPTIONS") return { status: 204, fields };
  if (headers["if-none-match"] === "*" && !makes("card-uncached")) return { status: 304, fields };
  const origin = originFor(headers, configuration);
  const card = serverCard(`${origin}${resource.pathname}`, configuration);
  const body = isCard ? card : catalogOf(`${resource.origin}${cardPath}`, origin, configuration);
  return {
    status: 200,
    fields,
    body: { ...body, ...(makes("card-echo") && { asked: headers.authorization }) },
  };
}

/** @param {string} type @param {Configuration} configuration @returns {Record<string, string>} */
function fieldsOf(type, { makes }) {
  return {
    "content-type": makes("card-untyped") ? "application/json" : type,
    ...(!makes("card-uncached") && { "cache-control": "public, max-age=3600", etag: '"1"' }),
    ...(makes("card-methods") && { "set-cookie": "a=b" }),
    "access-control-allow-headers": "Content-Type, If-None-Match",
    "access-control-expose-headers": "ETag",
    "access-control-allow-origin": "*",
    ...(makes("card-no-cors") && {
      "access-control-allow-origin": "https://other.example",
      "access-control-allow-headers": "Content-Type",
      "access-control-expose-headers": "WWW-Authenticate",
    }),
  };
}

/** @param {string} url @param {Configuration} configuration */
function serverCard(url, { makes }) {
  const { name: title, version, protocolVersions } = CARD;
  const remote = { type: "streamable-http", url, supportedProtocolVersions: protocolVersions };
  const card = {
    $schema: "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json",
    name: "com.example/it",
    title,
    description: "It.",
    version,
    remotes: [remote],
  };
  if (makes("card-stale"))
    return {
      ...card,
      title: "other",
      version: "0.9",
      remotes: [{ ...remote, supportedProtocolVersions: ["2025-06-18"] }],
    };
  if (!makes("card-invalid")) return card;
  return {
    ...card,
    $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server-card.schema.json",
    name: "it",
    title: "",
    description: "x".repeat(101),
    version: "^1",
    remotes: [{ ...remote, url: `${url}/` }],
    tools: [],
  };
}

/** @param {string} cardURL @param {string} origin @param {Configuration} configuration */
function catalogOf(cardURL, origin, { makes }) {
  const url = makes("card-from-request") ? `${origin}/mcp/server-card` : cardURL;
  const entry = { identifier: "urn:air:example.com:mcp:it", type: TYPE, url };
  const wrong = { identifier: "it", mediaType: TYPE, url: `${cardURL}/other` };
  return {
    specVersion: makes("catalog-invalid") ? "2" : "1.0",
    entries: [makes("catalog-invalid") ? wrong : entry],
  };
}

/** @param {Headers} headers @param {Configuration} configuration */
function originFor(headers, { makes, resource }) {
  const forwarded = /host=([^;]+)/.exec(headers.forwarded ?? "")?.[1];
  const host = headers["x-forwarded-host"] ?? headers["x-original-host"] ?? forwarded ?? headers.host;
  return makes("card-from-request") ? `http://${host}` : resource.origin;
}

const METHODS = "GET, HEAD, POST, DELETE";
const FIELDS =
  "Authorization, Content-Type, Last-Event-ID, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, Mcp-Session-Id";

/** @param {Configuration} configuration */
export function preflightFields({ makes }) {
  return makes("short-preflight")
    ? {
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "Authorization, Content-Type",
      }
    : { "access-control-allow-methods": METHODS, "access-control-allow-headers": FIELDS };
}
