/** A small protected MCP server that follows the specifications, but for the mistakes that it is told to make. */

import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { idOf, isOpen, isOpenToAnonymous } from "./anonymous.js";
import { leniently, strictly, Unreadable } from "./body.js";
import { configuration } from "./configuration.js";
import { discoveryDocument, metadata, preflightFields } from "./documents.js";
import { readableToken, tokenCheck } from "./token.js";
import { answerTo, isForbidden } from "./tools.js";

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */
/** @typedef {import("./body.js").Message} Message */

const PONG = { jsonrpc: "2.0", id: 1, result: {} };
const SESSION = "session-of-the-reference-server";

/** @param {Parameters<typeof configuration>[0]} options */
export function referenceServer(options) {
  const settings = configuration(options);
  const { makes, print, resource, metadataPath } = settings;
  const check = tokenCheck(settings);
  const server = createServer((request, response) => void serve(request, response));
  server.keepAliveTimeout = makes("short-idle") ? 5_000 : 75_000;
  return server;

  /** @param {Request} request @param {Response} response */
  async function serve(request, response) {
    if (makes("crash") && request.headers.authorization !== undefined) process.exit(1);
    if (makes("error-500") && request.headers.authorization !== undefined) return answer(response, 500, {});
    const [target = ""] = (request.url ?? "").split("?");
    const path = target.startsWith(`${resource.origin}/`) ? target.slice(resource.origin.length) : target;
    if (makes("raw-log")) print(`${decodedPath(path)} ${readableToken(request)}`);
    response.setHeader("access-control-allow-origin", resource.origin);
    response.setHeader("access-control-expose-headers", "WWW-Authenticate");
    if (path === metadataPath) return answer(response, 200, metadata(request.headers, settings));
    const published = discoveryDocument(request, path, settings);
    if (published !== undefined) return answer(response, published.status, published.body, published.fields);
    if (!isServed(path)) return answer(response, 404, { error: "not_found" });
    if (![undefined, resource.origin].includes(request.headers.origin)) {
      return answer(response, 403, { error: "foreign_origin" });
    }
    if (isPreflight(request)) return response.writeHead(204, preflightFields(settings)).end();
    if (makes("chunks-unsupported") && request.headers["transfer-encoding"] === "chunked") {
      return answer(response, 415, { error: "unsupported_media_type" });
    }
    const bytes = await buffer(request);
    if (makes("body-before-token") && bytes.toString() === "{")
      return unreadable(response, new Unreadable(400, -32_700));
    const text = bytes.toString();
    const isChecked = isGuarded(path) && !isOpenToAnonymous(request, text, makes);
    const refusal = isChecked ? await check(request) : undefined;
    if (refusal === undefined) return mcp(request, bytes, response);
    return refuse(request, response, isOpen(makes) ? { ...refusal, id: idOf(text) } : refusal);
  }

  /** @param {string} path */
  function isServed(path) {
    return path === resource.pathname || (makes("prefix-path") && path.toLowerCase().startsWith("/mcp"));
  }

  /** @param {string} path */
  function isGuarded(path) {
    return !makes("open") && (!makes("prefix-path") || path === resource.pathname);
  }

  /** @param {Request} request */
  function isPreflight({ method, headers }) {
    return method === "OPTIONS" && "access-control-request-method" in headers && !makes("no-preflight");
  }

  /** @param {Request} request @param {Response} response @param {import("./token.js").Refusal & { id?: unknown }} refusal */
  function refuse(request, response, { status, code, scope, id }) {
    if (status === 503)
      return answer(response, 503, { error: "temporarily_unavailable" }, { "retry-after": "5" });
    const named = !makes("no-resource-metadata");
    const parameters = [
      ...(code === undefined ? [] : [`error="${code}"`]),
      ...(scope === undefined ? [] : [`scope="${scope}"`]),
      ...(named ? [`resource_metadata="${resource.origin}${metadataPath}"`] : []),
    ];
    const echo = makes("token-echoed") ? { credential: request.headers.authorization } : {};
    const challenge = ["Bearer", parameters.join(", ")].filter(Boolean).join(" ");
    const body = { error: code ?? "unauthorized", ...echo };
    const error = { code: -32_000, message: "Sign in first", data: body };
    const isNamed = id !== undefined && !makes("no-id");
    answer(response, status, isNamed ? { jsonrpc: "2.0", id, error } : body, {
      "www-authenticate": challenge,
    });
  }

  /** @param {Request} request @param {Buffer} bytes @param {Response} response */
  function mcp(request, bytes, response) {
    if (request.method !== "POST") return answer(response, 405, { error: "method" }, { allow: "POST" });
    if (makes("empty-as-ping") && bytes.length === 0) return answer(response, 200, PONG);
    try {
      const message = judged(bytes, request);
      if (message === undefined) return answer(response, 403, { error: "access_denied" });
      if (Array.isArray(message)) return batch(message, response);
      if (message.method === undefined) throw new Unreadable(400, -32_600);
      record(message);
      if (isOutsideSession(message, request)) return answer(response, 400, { error: "no_session" });
      if (message.id === undefined) return response.writeHead(202).end();
      if (makes("stateful")) response.setHeader("mcp-session-id", SESSION);
      const { status, body } = answerTo(message, makes);
      return answer(response, status, body);
    } catch (error) {
      if (error instanceof Unreadable) return unreadable(response, error);
      throw error;
    }
  }

  /**
   * The message to run; `undefined` if a rule forbids it. With a lenient body, what runs is read again, and is not what was
   * judged.
   *
   * @param {Buffer} bytes @param {Request} request @returns {Message | Message[] | undefined} @throws {Unreadable}
   */
  function judged(bytes, { headers }) {
    const charsets = makes("no-charset") ? /^$/ : undefined;
    try {
      const message = strictly(bytes, headers, charsets);
      if (Array.isArray(message)) return message;
      return isForbidden(message, bytes.toString(), headers, makes) ? undefined : message;
    } catch (error) {
      if (!(makes("lenient-body") && error instanceof Unreadable)) throw error;
      return leniently(bytes, headers);
    }
  }

  /** @param {Message[]} messages @param {Response} response */
  function batch(messages, response) {
    if (!makes("batch-unjudged")) throw new Unreadable(400, -32_600);
    const unjudged = (/** @type {string} */ mistake) => mistake === "list-all" || makes(mistake);
    const answers = messages.flat().filter((each) => each?.id !== undefined);
    answer(
      response,
      200,
      answers.map((each) => answerTo(each, unjudged).body),
    );
  }

  /** @param {Message} message @param {Request} request */
  function isOutsideSession({ method }, { headers }) {
    return makes("stateful") && method !== "initialize" && headers["mcp-session-id"] !== SESSION;
  }

  /** @param {Message} message */
  function record({ method, params = {} }) {
    const client = /** @type {{ name?: unknown } | undefined} */ (params.clientInfo);
    const subject = params.name ?? params.uri ?? client?.name ?? "";
    print(makes("raw-log") ? `${method} ${subject}` : escaped({ method, subject }));
  }

  /** @param {Response} response @param {Unreadable} error */
  function unreadable(response, { status, code, message }) {
    if (makes("html-errors")) {
      return response.writeHead(status, { "content-type": "text/html" }).end(`<pre>${message}</pre>`);
    }
    answer(response, status, { jsonrpc: "2.0", id: null, error: { code, message } });
  }
}

/** @param {string} path */
function decodedPath(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** @param {unknown} value */
function escaped(value) {
  const codeOf = (/** @type {string} */ character) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, codeOf);
}

/** @param {Response} response @param {number} status @param {unknown} body @param {Record<string, string>} [headers] */
function answer(response, status, body, headers = {}) {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers })
    .end(JSON.stringify(body));
}
