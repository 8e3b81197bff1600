/** Responses for the judge, as a server might send them. */
import type { Expect } from "../../src/case.js";
import type { Exchange } from "../../src/http/connection.js";
import { type JudgeContext, judge } from "../../src/judge/judge.js";

export type Fields = Readonly<Record<string, string>>;

const JSON_FIELDS: Fields = { "content-type": "application/json" };

export function answer(status: number, body: unknown = "", fields: Fields = JSON_FIELDS): Exchange {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { kind: "answer", response: { status, fields: Object.entries(fields), body: text }, tookMs: 20 };
}

export const CLOSED: Exchange = { kind: "closed", tookMs: 20 };
export const RESULT = { jsonrpc: "2.0", id: 1, result: {} };
export const SERVED = answer(200, RESULT);
export const CHALLENGE =
  'Bearer error="invalid_token", scope="a b", resource_metadata="https://it.example/m"';
export const UNAUTHORIZED = answer(401, { error: "x" }, { ...JSON_FIELDS, "www-authenticate": CHALLENGE });
export const OUTAGE = answer(503, { error: "later" });

export const CONTEXT: JudgeContext = {
  token: "header.payload-of-it.signature-of-it",
  authorityRequests: () => 3,
};

export function problems(exchange: Exchange, expect: Expect, context: JudgeContext = CONTEXT): string[] {
  return judge(exchange, expect, context);
}
