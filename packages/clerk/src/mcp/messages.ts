/** A JSON-RPC message of a response. Its members are unchecked. */
export interface AnswerMessage {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Reads a message, and returns it or its replacement. */
export type Visit = (message: AnswerMessage) => AnswerMessage;

/**
 * Visits the JSON-RPC messages of a response, which is JSON or an event stream of JSON (Streamable HTTP). Text that is
 * not JSON, and messages that `visit` returns unchanged, stay the same byte for byte.
 */
export function visitMessages(answer: string, visit: Visit): string {
  if (/^\s*[[{]/.test(answer)) return visitJson(answer, visit);
  return answer.replace(/^data: ?(.*)$/gm, (line, data: string) => {
    const visited = visitJson(data, visit);
    return visited === data ? line : `data: ${visited}`;
  });
}

function visitJson(json: string, visit: Visit): string {
  const parsed = parse(json);
  if (Array.isArray(parsed)) {
    const visited = parsed.map((message) => (isMessage(message) ? visit(message) : message));
    return visited.every((message, index) => message === parsed[index]) ? json : JSON.stringify(visited);
  }
  if (!isMessage(parsed)) return json;
  const visited = visit(parsed);
  return visited === parsed ? json : JSON.stringify(visited);
}

function isMessage(value: unknown): value is AnswerMessage {
  return typeof value === "object" && value !== null;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // A partial message, a comment or plain text: nothing to visit.
    return undefined;
  }
}
