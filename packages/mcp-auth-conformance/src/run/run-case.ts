/** Runs one case: sends its requests step by step and checks the responses. */
import { setTimeout } from "node:timers/promises";
import type { Case, Expect, FloodStep, Request, RequestStep, Step } from "../case.js";
import { Connection, type Exchange, exchangeOnce } from "../http/connection.js";
import type { PlainRequest } from "../http/request-bytes.js";
import { type JudgeContext, judge } from "../judge/judge.js";
import { VALID } from "../tokens/recipe.js";
import { describeAnswer, describeRequest } from "./describe.js";
import { fill } from "./placeholders.js";
import { needsToken, plainRequest } from "./plain-request.js";
import { INITIALIZED, isKept, type SessionFields, sessionFields } from "./session.js";
import type { TestRun } from "./test-run.js";

const RETRY_INTERVAL_MS = 100;
const ALIVE_ATTEMPTS = 3;
/** A server may write its log some time after its response. */
const OUTPUT_COMES_WITHIN_MS = 400;

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
    super(`no token of the kind ${kind} can be created`);
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
    if (expect.output !== undefined) await setTimeout(OUTPUT_COMES_WITHIN_MS);
    return run.finding(expect);
  } finally {
    run.close();
  }
}

class CaseRun {
  readonly #testRun: TestRun;
  readonly #problems: string[] = [];
  readonly #statuses: (number | undefined)[] = [];
  #last: Sent | undefined;
  #connection: Connection | undefined;
  #session: SessionFields | undefined;

  constructor(testRun: TestRun) {
    this.#testRun = testRun;
  }

  async step(step: Step, number: number): Promise<void> {
    if ("authority" in step) {
      this.#testRun.authority?.apply(step.authority);
      return;
    }
    if ("request" in step && step.inSession) this.#session ??= await this.#openSession();
    const answers = "flood" in step ? await this.#flood(step) : [await this.#untilAccepted(step)];
    this.#last = answers.at(-1);
    this.#statuses[number] = statusOf(this.#last?.exchange);
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
    for (let attempt = 1; attempt <= ALIVE_ATTEMPTS; attempt++) {
      const exchange = await exchangeOnce(url, plain, timeoutMs);
      if (exchange.kind === "answer") return;
      // A process that is ending still accepts a connection, and closes it.
      await setTimeout(RETRY_INTERVAL_MS);
    }
    this.#problems.push("afterwards nothing answers");
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
    const { authority, placeholders, output } = this.#testRun;
    const context: JudgeContext = {
      token,
      authorityRequests: (path) => authority?.requests(path) ?? 0,
      statusOf: (step) => this.#statuses[step],
      ...(output !== undefined && { output }),
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

  async #openSession(): Promise<SessionFields> {
    const opened = await this.#request({ request: {} });
    const problems = this.#judge(opened, { outcome: "accepted" });
    if (problems.length > 0 || opened.exchange.kind !== "answer") {
      this.#problems.push(...problems.map((problem) => `no session: ${problem}`));
      return [];
    }
    const fields = sessionFields(opened.exchange.response);
    if (isKept(fields)) await this.#request({ request: { body: INITIALIZED, headers: fields } });
    return fields;
  }

  async #request({ request, sameConnection = false, inSession = false }: RequestStep): Promise<Sent> {
    const session = inSession ? (this.#session ?? []) : [];
    const { plain, token } = await this.#prepare(
      session.length === 0 ? request : { ...request, headers: [...session, ...(request.headers ?? [])] },
    );
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

function statusOf(exchange: Exchange | undefined): number | undefined {
  return exchange?.kind === "answer" ? exchange.response.status : undefined;
}
