/** Many requests at once: the server must keep serving, and must not send each one on to the authorization server. */
import type { Case, Expect, Level, Step } from "../case.js";
import { ACCEPTED, UNAUTHORIZED, UNAUTHORIZED_OR_BAD } from "./expectations.js";

const CONSUMPTION = "OWASP API4:2023 Unrestricted Resource Consumption";
const KEYS = ["/.well-known/jwks.json", "/v1/jwks"];

const WARM: Step = { request: {}, expect: ACCEPTED };
const AFTERWARDS: Step = { request: {} };

const keyRequests = (atMost: number): Expect => ({
  authorityRequests: Object.fromEntries(KEYS.map((path) => [path, { atMost }])),
});

function one(id: string, title: string, level: Level, send: readonly Step[], expect: Expect): Case {
  return { id: `floods.${id}`, title, spec: CONSUMPTION, level, needs: ["fresh"], send, expect };
}

export const floods: readonly Case[] = [
  one(
    "unknown-kids",
    "two hundred tokens under unknown kids lead to a few key requests",
    "must",
    [
      WARM,
      {
        flood: { token: { kind: "floods.unknown-kid", key: "stranger", header: { kid: "unknown-{n}" } } },
        times: 200,
        parallel: 10,
        expect: { outcome: "denied" },
      },
      AFTERWARDS,
    ],
    { ...ACCEPTED, ...keyRequests(10) },
  ),
  one(
    "unknown-kids-cold",
    "unknown kids before the first valid token lead to a few key requests",
    "must",
    [
      {
        flood: { token: { kind: "floods.unknown-kid", key: "stranger", header: { kid: "unknown-{n}" } } },
        times: 100,
        parallel: 20,
        expect: { outcome: "denied" },
      },
      AFTERWARDS,
    ],
    { ...ACCEPTED, ...keyRequests(10) },
  ),
  one(
    "parallel-cold",
    "fifty valid tokens at once lead to one key request",
    "should",
    [{ flood: {}, times: 50, parallel: 50, expect: ACCEPTED }, AFTERWARDS],
    { ...ACCEPTED, ...keyRequests(1) },
  ),
  one(
    "warm",
    "a hundred valid tokens lead to one key request",
    "must",
    [WARM, { flood: {}, times: 100, parallel: 4, expect: ACCEPTED }, AFTERWARDS],
    { ...ACCEPTED, ...keyRequests(2) },
  ),
  one(
    "no-credential",
    "requests without a token lead to no key request",
    "must",
    [
      { flood: { authorization: null }, times: 200, parallel: 10, expect: UNAUTHORIZED },
      { request: { authorization: null } },
    ],
    { ...UNAUTHORIZED, ...keyRequests(1) },
  ),
  one(
    "garbage",
    "words that are no tokens lead to no key request",
    "should",
    [
      {
        flood: { authorization: "Bearer garbage{n}" },
        times: 100,
        parallel: 10,
        expect: UNAUTHORIZED_OR_BAD,
      },
      { request: { authorization: "Bearer garbage" } },
    ],
    { ...UNAUTHORIZED_OR_BAD, ...keyRequests(1) },
  ),
  one(
    "unsigned",
    "unsigned tokens lead to a few key requests",
    "must",
    [
      {
        flood: { token: { kind: "jose.alg-none", header: { alg: "none" }, key: "none" } },
        times: 100,
        parallel: 10,
        expect: UNAUTHORIZED,
      },
      AFTERWARDS,
    ],
    { ...ACCEPTED, ...keyRequests(5) },
  ),
  one(
    "forged",
    "two hundred forged tokens do not keep the server from serving",
    "must",
    [
      WARM,
      {
        flood: { token: { kind: "jose.wrong-key", key: "stranger" } },
        times: 200,
        parallel: 10,
        expect: UNAUTHORIZED,
      },
      AFTERWARDS,
    ],
    { ...ACCEPTED, ...keyRequests(5), withinMs: 2_000 },
  ),
  one(
    "oversized",
    "oversized tokens do not keep the server from serving",
    "must",
    [
      WARM,
      {
        flood: { authorization: `Bearer ${"a".repeat(32_000)}` },
        times: 50,
        parallel: 10,
        expect: { outcome: "denied" },
      },
      AFTERWARDS,
    ],
    { ...ACCEPTED, withinMs: 2_000 },
  ),
  one(
    "many-fields",
    "a thousand fields do not keep the server from serving",
    "must",
    [
      WARM,
      {
        flood: {
          authorization: null,
          headers: Array.from({ length: 1000 }, (_, index) => [`X-${index}`, "1"] as const),
        },
        times: 20,
        parallel: 5,
        expect: { outcome: "denied" },
      },
      AFTERWARDS,
    ],
    { ...ACCEPTED, withinMs: 2_000 },
  ),
  one(
    "outage",
    "an outage is not asked about again for each request",
    "should",
    [
      { authority: { fault: "error-500" } },
      { flood: {}, times: 60, parallel: 20, expect: { outcome: "outage" } },
      AFTERWARDS,
    ],
    { outcome: "outage", ...keyRequests(15) },
  ),
  one(
    "hanging",
    "requests during a hanging outage wait for one key request",
    "should",
    [
      { authority: { fault: "hang" } },
      { flood: {}, times: 20, parallel: 20, expect: { outcome: "outage" } },
      AFTERWARDS,
    ],
    { outcome: "outage", ...keyRequests(3) },
  ),
];
