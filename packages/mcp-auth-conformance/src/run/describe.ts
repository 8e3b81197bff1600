/** Requests and responses as text, with credentials shortened. */
import type { Exchange } from "../http/connection.js";
import type { PlainRequest } from "../http/request-bytes.js";
import { shortened } from "../judge/leaks.js";

const MAX_FIELD = 400;
const MAX_BODY = 300;

export function describeRequest(
  { method, target, version, fields, body }: PlainRequest,
  token: string,
): string {
  const lines = [
    `${method} ${target} ${version}`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ["", body]),
  ];
  return lines.map((line) => visible(withoutToken(line, token), MAX_FIELD)).join("\n");
}

export function describeAnswer(exchange: Exchange): string {
  if (exchange.kind === "closed") return "connection closed without an answer";
  if (exchange.kind === "broken") return exchange.problem;
  const { status, fields, body } = exchange.response;
  const shown = fields.filter(([name]) => !["date", "connection", "keep-alive"].includes(name));
  return [
    String(status),
    ...shown.map(([name, value]) => visible(`${name}: ${value}`, MAX_FIELD)),
    ...(body === "" ? [] : ["", visible(body, MAX_BODY)]),
  ].join("\n");
}

function withoutToken(text: string, token: string): string {
  return token === "" ? text : text.replaceAll(token, shortened(token));
}

/** Escapes control characters as in JSON, and cuts long texts. */
function visible(text: string, most: number): string {
  const cut = text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are to be escaped
  return cut.replace(/[\u0000-\u001f\u007f]/g, (character) => JSON.stringify(character).slice(1, -1));
}
