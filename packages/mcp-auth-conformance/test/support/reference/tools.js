/** The tools of the reference server, one of them closed, and what their rules say about a message. */

/** @typedef {import("./body.js").Message} Message */
/** @typedef {(mistake: string) => boolean} Makes */
/** @typedef {{ status: number, body?: unknown }} Answer */

export const CLOSED_TOOL = "closed";
const CLOSED_PAGE = `ui://app/${CLOSED_TOOL}.html`;
const TOOLS = ["open", CLOSED_TOOL];

/**
 * Whether a rule forbids the message.
 *
 * @param {Message} message @param {string} text as it came @param {import("node:http").IncomingHttpHeaders} headers
 * @param {Makes} makes
 */
export function isForbidden({ method, params = {} }, text, headers, makes) {
  const first = (/** @type {string} */ member) => new RegExp(`"${member}":"([^"]*)"`).exec(text)?.[1];
  const called = makes("rule-by-text")
    ? first("method")
    : makes("rule-by-header")
      ? (headers["mcp-method"] ?? method)
      : method;
  const name = makes("rule-by-text") ? first("name") : params.name;
  if (called === "tools/call") return name === CLOSED_TOOL && !makes("no-rule");
  if (called !== "resources/read" && called !== "resources/subscribe") return false;
  const uri = makes("page-by-case") ? String(params.uri) : String(params.uri).toLowerCase();
  return uri === CLOSED_PAGE && !makes("no-page-rule");
}

/** @param {Message} message @param {Makes} makes @returns {Answer} */
export function answerTo({ id, method, params = {} }, makes) {
  const isShown = (/** @type {string} */ name) => name !== CLOSED_TOOL || makes("list-all");
  const uris = TOOLS.filter(isShown).map((name) => `ui://app/${name}.html`);
  const shownId = makes("id-cut") ? String(id).split("\u2028")[0] : id;
  const result = (/** @type {unknown} */ value) => ({
    status: 200,
    body: { jsonrpc: "2.0", id: shownId, result: value },
  });
  const error = (/** @type {number} */ code) => ({
    status: 200,
    body: { jsonrpc: "2.0", id: shownId, error: { code, message: "Not found" } },
  });
  switch (method) {
    case "initialize":
      return result({
        protocolVersion: "2025-06-18",
        capabilities: { tools: {}, resources: {} },
        serverInfo: { name: "it", version: "1" },
      });
    case "server/discover":
      return result({
        supportedVersions: ["2026-07-28"],
        capabilities: { tools: {}, resources: {} },
        _meta: { "io.modelcontextprotocol/serverInfo": { name: "it", version: "1" } },
      });
    case "ping":
      return result({});
    case "tools/list":
      return result({ tools: listed(id, makes).map((name) => ({ name, inputSchema: { type: "object" } })) });
    case "resources/list":
      return result({ resources: uris.map((uri) => ({ uri, name: uri })) });
    case "resources/templates/list":
      return result({ resourceTemplates: uris.map((uriTemplate) => ({ uriTemplate, name: uriTemplate })) });
    case "tools/call":
      if (!TOOLS.includes(String(params.name))) return error(-32_602);
      return result({ content: [{ type: "text", text: `${params.name} ran` }] });
    case "resources/read":
    case "resources/subscribe":
      if (!/^ui:\/\/app\/(open|closed)\.html$/i.test(String(params.uri))) return error(-32_002);
      return result({ contents: [{ uri: params.uri, text: "<p>ran</p>" }] });
    default:
      return error(-32_601);
  }
}

/** @param {unknown} id @param {Makes} makes */
function listed(id, makes) {
  // A filter that takes U+2028 for the end of a line cannot read such an answer, and lets it pass.
  const isUnread = makes("lines-at-u2028") && String(id).includes("\u2028");
  return TOOLS.filter((name) => name !== CLOSED_TOOL || makes("list-all") || isUnread);
}
