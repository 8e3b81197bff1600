/** Compares a response with the expectations of a case. */
import type { ChallengeExpect, Expect, Match, Outcome } from "../case.js";
import type { Exchange } from "../http/connection.js";
import { combinedField, type RawResponse } from "../http/response-parser.js";
import { MalformedChallenge, parseChallenges } from "./challenge-syntax.js";
import { leak } from "./leaks.js";
import { mismatch } from "./matches.js";
import { hasResult, hasRun, isServed, jsonBody, jsonRpcMessages, jsonRpcResponse } from "./mcp-answer.js";
import { outputProblems } from "./output.js";

export interface JudgeContext {
  /** The token that was sent. */
  readonly token: string;
  authorityRequests(path: string): number;
  /** The status of a step's response. Steps are counted from 1. */
  statusOf?(step: number): number | undefined;
  /** What the target has printed so far. */
  output?(): string;
}

/** Every difference between the exchange and the expectation. Empty if they match. */
export function judge(exchange: Exchange, expect: Expect, context: JudgeContext): string[] {
  if (exchange.kind === "broken") return [exchange.problem];
  return [
    ...late(exchange, expect),
    ...tooManyRequests(expect, context),
    ...outputProblems(context.output?.() ?? "", expect.output),
    ...(exchange.kind === "closed" ? judgeClosed(expect) : judgeAnswer(exchange.response, expect, context)),
    ...alternatives(exchange, expect, context),
  ];
}

function late({ tookMs }: Exchange, { withinMs }: Expect): string[] {
  return withinMs !== undefined && tookMs > withinMs ? [`the answer took ${tookMs} ms`] : [];
}

function tooManyRequests({ authorityRequests = {} }: Expect, context: JudgeContext): string[] {
  return Object.entries(authorityRequests).flatMap(([path, { atMost }]) => {
    const count = context.authorityRequests(path);
    return count > atMost ? [`the authorization server had ${count} requests for ${path}`] : [];
  });
}

/** A closed connection counts as a refusal, unless the case expects a status, a header, a body or a challenge. */
function judgeClosed({ outcome, status, sameStatusAs, challenge, headers, json, message }: Expect): string[] {
  const isEnough = outcome === "denied" || outcome === "handled" || outcome === undefined;
  const asksForMore =
    (status ?? sameStatusAs ?? headers ?? json ?? message) !== undefined || typeof challenge === "object";
  return isEnough && !asksForMore ? [] : ["the connection was closed without an answer"];
}

function judgeAnswer(response: RawResponse, expect: Expect, context: JudgeContext): string[] {
  const { outcome, status, sameStatusAs, challenge, headers = {}, json, message, leaks } = expect;
  const problems: (string | undefined)[] = [];
  if (outcome !== undefined) problems.push(outcomeProblem(response, outcome));
  if (status !== undefined && ![status].flat().includes(response.status)) {
    problems.push(`the status is ${response.status}`);
  }
  if (sameStatusAs !== undefined && context.statusOf?.(sameStatusAs) !== response.status) {
    problems.push(`the status is ${response.status}, not ${context.statusOf?.(sameStatusAs)} as before`);
  }
  if (challenge !== undefined) problems.push(...challengeProblems(response, challenge));
  for (const [name, match] of Object.entries(headers)) {
    problems.push(mismatch(name, combinedField(response.fields, name), match));
  }
  if (json !== undefined) problems.push(...memberProblems(jsonBody(response), json, "JSON"));
  if (message !== undefined) {
    problems.push(...memberProblems(jsonRpcResponse(response), message, "a JSON-RPC response"));
  }
  if (leaks !== undefined) problems.push(leak(response, context.token, leaks.none));
  return problems.filter((problem) => problem !== undefined);
}

function outcomeProblem(response: RawResponse, outcome: Outcome): string | undefined {
  const { status } = response;
  const isOutage = status === 500 || (status >= 502 && status <= 504);
  switch (outcome) {
    case "accepted":
      return status >= 200 && status <= 299 && hasResult(response)
        ? undefined
        : `it is not served: the status is ${status}`;
    case "denied":
      if (isServed(response)) return `it is served: the status is ${status}`;
      return isOutage ? `the status is ${status}` : undefined;
    case "refused":
      if (hasRun(response)) return `it is served: the status is ${status}`;
      if (status >= 200 && status <= 299 && jsonRpcMessages(response).length === 0) {
        return `it is not refused: the status is ${status}`;
      }
      return isOutage ? `the status is ${status}` : undefined;
    case "handled":
      return isOutage ? `the status is ${status}` : undefined;
    case "outage":
      if (isServed(response)) return `it is served: the status is ${status}`;
      if (!isOutage) return `the status is ${status}`;
      return combinedField(response.fields, "www-authenticate") && "the answer has a challenge";
  }
}

function challengeProblems(response: RawResponse, expect: "none" | ChallengeExpect): (string | undefined)[] {
  const text = combinedField(response.fields, "www-authenticate");
  if (expect === "none") return [text && `www-authenticate is ${JSON.stringify(text)}`];
  if (text === undefined) return ["www-authenticate is absent"];
  let challenges: ReturnType<typeof parseChallenges>;
  try {
    challenges = parseChallenges(text);
  } catch (error) {
    if (error instanceof MalformedChallenge) return [`www-authenticate cannot be read: ${error.message}`];
    throw error;
  }
  const bearer = challenges.filter(({ scheme }) => scheme.toLowerCase() === "bearer");
  const problems: (string | undefined)[] = [];
  if (expect.first !== undefined && challenges[0]?.scheme.toLowerCase() !== expect.first.toLowerCase()) {
    problems.push(`the first challenge is ${challenges[0]?.scheme}`);
  }
  if (expect.bearerCount !== undefined && bearer.length !== expect.bearerCount) {
    problems.push(`there are ${bearer.length} Bearer challenges`);
  }
  for (const [name, match] of Object.entries(expect.parameters ?? {})) {
    problems.push(mismatch(`challenge parameter ${name}`, bearer[0]?.parameters[name], match));
  }
  return problems;
}

function memberProblems(
  body: unknown,
  expect: Readonly<Record<string, Match>>,
  what: string,
): (string | undefined)[] {
  if (body === undefined) return [`the body is not ${what}, or its content type does not say so`];
  return Object.entries(expect).map(([path, match]) => mismatch(path, memberAt(body, path), match));
}

function memberAt(body: unknown, path: string): unknown {
  if (typeof body !== "object" || body === null) return undefined;
  const name = nextName(body, path);
  const rest = path.slice(name.length + 1);
  const below = (value: unknown) => (rest === "" ? value : memberAt(value, rest));
  if (name === "*") return Object.values(body).map(below);
  return below((body as Record<string, unknown>)[name]);
}

/** The first name of the path. It may have dots, as in `_meta`. */
function nextName(body: object, path: string): string {
  const names = Object.keys(body).filter(
    (name) => name !== "" && (path === name || path.startsWith(`${name}.`)),
  );
  const [longest] = names.sort((one, other) => other.length - one.length);
  return longest ?? path.split(".")[0] ?? "";
}

function alternatives(exchange: Exchange, { anyOf }: Expect, context: JudgeContext): string[] {
  if (anyOf === undefined) return [];
  const attempts = anyOf.map((one) => judge(exchange, one, context));
  return attempts.some((problems) => problems.length === 0)
    ? []
    : [`none of the permitted answers: ${attempts.map((problems) => problems.join(", ")).join("; or ")}`];
}
