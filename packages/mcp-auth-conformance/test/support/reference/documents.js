/** What the reference server says about itself to everybody. */

/** @typedef {import("node:http").IncomingHttpHeaders} Headers */
/** @typedef {import("./configuration.js").Configuration} Configuration */

export const SERVER_CARD = "/.well-known/mcp/server-card.json";

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

/** @param {Headers} headers @param {Configuration} configuration */
export function serverCard(headers, { makes, resource }) {
  const forwarded = /host=([^;]+)/.exec(headers.forwarded ?? "")?.[1];
  const host = headers["x-forwarded-host"] ?? headers["x-original-host"] ?? forwarded ?? headers.host;
  const url = makes("card-from-request") ? `http://${host}${resource.pathname}` : resource.href;
  return { name: "it", remotes: [{ type: "streamable-http", url }] };
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
