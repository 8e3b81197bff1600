/** What the reference server answers without a token, if it is started with `lists`, `everyone` or `public`. */

/** @typedef {import("./body.js").Message} Message */
/** @typedef {import("./tools.js").Makes} Makes */

export const PUBLIC_TOOL = "open";
const READING = ["tools/list", "resources/list", "resources/templates/list", "ping"];
const CONNECTING = ["initialize", "notifications/initialized"];

/** @param {import("node:http").IncomingMessage} request @param {string} text @param {Makes} makes */
export function isOpenToAnonymous({ method, headers }, text, makes) {
  if (!isOpen(makes) || method !== "POST") return false;
  if (headers.authorization !== undefined && !makes("bad-token-ignored")) return false;
  const messages = [parsed(text)].flat();
  const judged = makes("batch-by-first") ? messages.slice(0, 1) : messages;
  return judged.every((message) => isOpenMessage(message, text, headers, makes));
}

/** @param {string} text @returns {unknown} the id of a refused request, for its answer */
export function idOf(text) {
  return /** @type {Message | undefined} */ (parsed(text))?.id;
}

/** @param {Makes} makes */
export function isOpen(makes) {
  return makes("lists") || makes("everyone") || makes("public");
}

/** @param {Message | undefined} message @param {string} text @param {import("node:http").IncomingHttpHeaders} headers @param {Makes} makes */
function isOpenMessage(message, text, headers, makes) {
  const { method, params = {} } = message ?? {};
  const called = String(makes("method-by-header") ? (headers["mcp-method"] ?? method) : method);
  const same = (/** @type {string} */ one) =>
    makes("method-by-prefix") ? called.toLowerCase().startsWith(one) : called === one;
  if ((makes("lists") || makes("everyone")) && READING.some(same)) return true;
  if (makes("everyone") && CONNECTING.includes(called)) return true;
  if (called !== "tools/call" || !makes("public")) return false;
  const { name } = params;
  if (makes("name-by-header") && headers["mcp-name"] === PUBLIC_TOOL) return true;
  if (makes("name-by-text")) return text.includes(`"name":"${PUBLIC_TOOL}"`);
  return makes("name-by-prefix") ? String(name).startsWith(PUBLIC_TOOL) : name === PUBLIC_TOOL;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
