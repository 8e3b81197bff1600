/** Runs one case: sends its requests step by step and checks the responses. */
import { setTimeout } from "node:timers/promises";
import type { Case, Expect, FloodStep, Request, RequestStep, Step } from "../case.js";
import { Connection, type Exchange, exchangeOnce } from "../http/connection.js";
import { INITIALIZE, type PlainRequest } from "../http/request-bytes.js";
import { type JudgeContext, judge } from "../judge/judge.js";
import { VALID } from "../tokens/recipe.js";
import { describeAnswer, describeRequest } from "./describe.js";
import { fill, type Placeholders } from "./placeholders.js";
import type { TestRun } from "./test-run.js";

const RETRY_INTERVAL_MS = 100;

export interface Finding {
  /** Empty if the case passed. */
  readonly problems: readonly string[];
  /** The last request, with credentials shortened. */
  readonly sent: string;
  /** The last response. */
  readonly got: string;
}

/** The token source cannot make this kind of token. */
export class TokenNotMade extends Error {
  constructor(kind: string) {
    super(`no token of the kind ${kind} can be made`);
  }
}

interface Sent {
  readonly request: PlainRequest;
  readonly token: string;
  readonly exchange: Exchange;
}

export async function runCase({ send, expect }: Case, testRun: TestRun): Promise<Finding> {
  const run = new CaseRun(testRun);
  try {
    const steps: readonly Step[] = "length" in send ? send : [{ request: send }];
    for (const [index, step] of steps.entries()) await run.step(step, index + 1);
    await run.checkAlive();
    return run.finding(expect);
  } finally {
    run.close();
  }
}

class CaseRun {
  readonly #testRun: TestRun;
  readonly #problems: string[] = [];
  #last: Sent | undefined;
  #connection: Connection | undefined;

  constructor(testRun: TestRun) {
    this.#testRun = testRun;
  }

  async step(step: Step, number: number): Promise<void> {
    if ("authority" in step) {
      this.#testRun.authority?.apply(step.authority);
      return;
    }
    const answers = "flood" in step ? await this.#flood(step) : [await this.#untilAccepted(step)];
    this.#last = answers.at(-1);
    if (step.expect === undefined) return;
    for (const sent of answers) {
      const problems = this.#judge(sent, step.expect);
      this.#problems.push(...problems.map((problem) => `step ${number}: ${problem}`));
      // One failing response of a flood is enough.
      if (problems.length > 0) break;
    }
  }

  /** A closed connection may be a refusal or the end of the server. */
  async checkAlive(): Promise<void> {
    if (this.#last?.exchange.kind !== "closed") return;
    const { plain } = await this.#prepare({ method: "GET", authorization: null });
    const { url, timeoutMs } = this.#testRun;
    const exchange = await exchangeOnce(url, plain, timeoutMs);
    if (exchange.kind === "broken") this.#problems.push(`afterwards ${exchange.problem}`);
  }

  finding(expect: Expect): Finding {
    if (this.#last === undefined) throw new TypeError("a case sends at least one request");
    return {
      problems: [...this.#problems, ...this.#judge(this.#last, expect)],
      sent: describeRequest(this.#last.request, this.#last.token),
      got: describeAnswer(this.#last.exchange),
    };
  }

  close(): void {
    this.#connection?.close();
  }

  #judge({ exchange, token }: Sent, expect: Expect): string[] {
    const { authority, placeholders } = this.#testRun;
    const context: JudgeContext = {
      token,
      authorityRequests: (path) => authority?.requests(path) ?? 0,
    };
    return judge(exchange, fill(expect, placeholders), context);
  }

  /** Repeats the request until it is accepted or the step's `retryForMs` is over. */
  async #untilAccepted(step: RequestStep): Promise<Sent> {
    const endsAt = performance.now() + (step.retryForMs ?? 0);
    let sent = await this.#request(step);
    while (performance.now() < endsAt && this.#judge(sent, { outcome: "accepted" }).length > 0) {
      await setTimeout(RETRY_INTERVAL_MS);
      sent = await this.#request(step);
    }
    return sent;
  }

  async #request({ request, sameConnection = false }: RequestStep): Promise<Sent> {
    const { plain, token } = await this.#prepare(request);
    if (!sameConnection) {
      this.#connection?.close();
      this.#connection = new Connection(this.#testRun.url, this.#testRun.timeoutMs);
    }
    const connection = this.#connection as Connection;
    const exchange = await connection.exchange(plain, "keep-alive");
    return { request: plain, token, exchange };
  }

  async #flood({ flood, times, parallel }: FloodStep): Promise<Sent[]> {
    const all: Sent[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < times) {
        const n = String(next++);
        const { plain, token } = await this.#prepare(fill(flood, { n }));
        const exchange = await exchangeOnce(this.#testRun.url, plain, this.#testRun.timeoutMs);
        all.push({ request: plain, token, exchange });
      }
    };
    await Promise.all(Array.from({ length: parallel }, worker));
    return all;
  }

  async #prepare(request: Request): Promise<{ plain: PlainRequest; token: string }> {
    const recipe = request.token ?? VALID;
    const token = needsToken(request) ? await this.#testRun.tokens.token(recipe) : "";
    if (token === undefined) throw new TokenNotMade(recipe.kind);
    return { plain: plainRequest(request, { ...this.#testRun.placeholders, token }), token };
  }
}

/** A request without a token must not fail because the token source cannot make one. */
function needsToken(request: Request): boolean {
  if (request.authorization === undefined) return true;
  const { token: _, ...rest } = request;
  return JSON.stringify(rest).includes("{token}") || request.token !== undefined;
}

function plainRequest(request: Request, values: Placeholders): PlainRequest {
  const { method = "POST", target = "{path}", version = "HTTP/1.1", host = "{host}" } = request;
  const { authorization = "Bearer {token}", headers = [], trailers = [] } = request;
  const body = bodyOf(request, method);
  const isTyped = headers.some(([name]) => name.toLowerCase() === "content-type");
  const hasAccept = headers.some(([name]) => name.toLowerCase() === "accept");
  const fields: (readonly [string, string])[] = [
    ...(host === null ? [] : [["Host", host] as const]),
    ...(authorization === null ? [] : [["Authorization", authorization] as const]),
    ...(body === undefined || isTyped ? [] : [["Content-Type", "application/json"] as const]),
    ...(hasAccept ? [] : [["Accept", "application/json, text/event-stream"] as const]),
    ...headers,
  ];
  return fill({ method, target, version, fields, body, trailers }, values);
}

function bodyOf({ body, text }: Request, method: string): string | undefined {
  if (text !== undefined) return text;
  if (body === null) return undefined;
  if (body !== undefined) return JSON.stringify(body);
  return ["GET", "HEAD", "OPTIONS", "TRACE"].includes(method) ? undefined : JSON.stringify(INITIALIZE);
}
