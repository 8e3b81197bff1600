/** HTTP requests of the doctor: with a time-out and a size limit, and without following redirects. */

import { readLimitedText, TooLarge } from "../../runtime/read-limited.js";

/** An HTTP answer, read completely. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; `undefined` if it is not JSON. */
  readonly json: unknown;
  /** By the clock of this machine, in milliseconds since the epoch. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

export interface Question {
  /** Default: `GET`. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @throws {Unanswered} */
export type Ask = (url: string, question?: Question) => Promise<Answer>;

export type UnansweredReason =
  | "refused"
  | "unknown host"
  | "timed out"
  | "certificate"
  | "too large"
  | "failed";

/** No answer, or an unreadable one. The message has the URL and the reason. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
  readonly reason: UnansweredReason;

  constructor(url: string, reason: UnansweredReason, options?: ErrorOptions) {
    super(`${url} ${SENTENCES[reason]}`, options);
    this.reason = reason;
  }
}

const SENTENCES: Readonly<Record<UnansweredReason, string>> = {
  refused: "refuses the connection: nothing listens there",
  "unknown host": "has an unknown host name",
  "timed out": "does not answer in time",
  certificate: "has no trusted certificate",
  "too large": "sends too large a response",
  failed: "closes the connection",
};

const MAX_BYTES = 1024 * 1024;

export function asking(timeoutMs: number): Ask {
  return async (url, { method = "GET", headers = {}, body } = {}) => {
    const sentAt = Date.now();
    try {
      const response = await fetch(url, {
        method,
        headers: { accept: "application/json, text/event-stream", ...headers },
        ...(body !== undefined && { body }),
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await readLimitedText(response.body, MAX_BYTES);
      const { status } = response;
      const receivedAt = Date.now();
      return { url, status, headers: response.headers, text, json: parsed(text), sentAt, receivedAt };
    } catch (error) {
      throw error instanceof Unanswered ? error : new Unanswered(url, reasonOf(error), { cause: error });
    }
  };
}

/** For a check that reports the error in its own words. */
export function orUnanswered(answer: Promise<Answer>): Promise<Answer | Unanswered> {
  return answer.catch((error: unknown) => {
    if (error instanceof Unanswered) return error;
    throw error;
  });
}

/** JSON, or the message in an event stream's first event with data, as MCP servers may answer. */
function parsed(text: string): unknown {
  const data = /^data: ?(.*)$/m.exec(text)?.[1];
  for (const candidate of [text, data ?? ""]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // Not JSON: try the next candidate.
    }
  }
  return undefined;
}

function reasonOf(error: unknown): UnansweredReason {
  if (error instanceof TooLarge) return "too large";
  if ((error as { name?: unknown }).name === "TimeoutError") return "timed out";
  const code = String((error as { cause?: { code?: unknown } }).cause?.code ?? "");
  if (code === "ECONNREFUSED") return "refused";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "unknown host";
  if (code.includes("TIMEOUT") || code === "ETIMEDOUT") return "timed out";
  return /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL/.test(code) ? "certificate" : "failed";
}
