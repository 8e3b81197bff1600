/** Injects faults: slow, failing, hanging or broken responses. */
import { sendClerkError } from "../http/clerk-error.js";
import { type Exchange, type Handler, type Headers, send } from "../http/exchange.js";

/** A fault, and the requests that it applies to. */
export interface FaultRule {
  /**
   * A path with `*` as wildcard, as in `/v1/users/*`, or a pattern. A string that does not begin with `/` is the source
   * of a regular expression, so that a pattern can be sent over HTTP.
   */
  path: string | RegExp;
  /** Only this method. Default: any. */
  method?: string | undefined;
  /** Answer with this status, in Clerk's error envelope unless `body` is given. */
  status?: number | undefined;
  /** Wait before the answer, in milliseconds. */
  latencyMs?: number | undefined;
  /** Never answer. */
  hang?: boolean | undefined;
  /** Cut the connection. */
  drop?: boolean | undefined;
  /** Replaces the body of the response. */
  body?: string | undefined;
  /** Content type of `body`. Default: `application/json`. */
  contentType?: string | undefined;
  /** `Retry-After`, in seconds. */
  retryAfterSeconds?: number | undefined;
  /** Number of requests that the rule applies to. Default: all. */
  times?: number | undefined;
}

const CODES: Record<number, string> = { 429: "too_many_requests", 500: "internal_clerk_error" };
const MAX_RULES = 100;

interface ActiveRule {
  rule: FaultRule;
  pattern: RegExp;
  left: number;
}

export class Faults {
  #rules: ActiveRule[] = [];

  /** Replaces all rules. The first one that matches a request applies. */
  set(rules: readonly FaultRule[]): void {
    if (rules.length > MAX_RULES) throw new TypeError(`faults: at most ${MAX_RULES} rules`);
    this.#rules = rules.map((rule) => ({
      rule,
      pattern: patternOf(rule.path),
      left: rule.times ?? Infinity,
    }));
  }

  /** The rules that still apply to a request. */
  rules(): FaultRule[] {
    return this.#rules.filter(({ left }) => left > 0).map(({ rule }) => ({ ...rule }));
  }

  readonly handler: Handler = async (exchange) => {
    const active = this.#rules.find(
      ({ rule: { method }, pattern, left }) =>
        left > 0 && pattern.test(exchange.path) && (!method || method.toUpperCase() === exchange.method),
    );
    if (!active) return false;
    active.left -= 1;
    const { rule } = active;
    if (rule.latencyMs) await delay(exchange, rule.latencyMs);
    if (rule.hang) return true;
    if (rule.drop) {
      exchange.req.socket.destroy();
      return true;
    }
    return answer(exchange, rule);
  };
}

function answer(exchange: Exchange, rule: FaultRule): boolean {
  const headers: Headers =
    rule.retryAfterSeconds === undefined ? {} : { "retry-after": String(rule.retryAfterSeconds) };
  if (rule.body !== undefined) {
    return send(exchange, rule.status ?? 200, rule.body, {
      "content-type": rule.contentType ?? "application/json",
      ...headers,
    });
  }
  if (rule.status === undefined) return false;
  const code = CODES[rule.status] ?? "injected_fault";
  return sendClerkError(
    exchange,
    { status: rule.status, code, message: "A fault that a test requested." },
    headers,
  );
}

function patternOf(path: string | RegExp): RegExp {
  // Drops the flags that make `test()` continue from its last match.
  if (path instanceof RegExp) return new RegExp(path.source, path.flags.replace(/[gy]/g, ""));
  if (!path.startsWith("/")) return new RegExp(path);
  const literal = path.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`);
}

/** Resolves early if the client closes the connection. */
function delay({ res }: Exchange, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      res.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    res.on("close", done);
  });
}
