import { describe, expect, it } from "vitest";
import type { Expect, Match } from "../src/case.js";
import type { Exchange } from "../src/http/connection.js";
import { MalformedChallenge, parseChallenges } from "../src/judge/challenge-syntax.js";
import { mismatch } from "../src/judge/matches.js";
import {
  answer,
  CHALLENGE,
  CLOSED,
  OUTAGE,
  problems,
  RESULT,
  SERVED,
  UNAUTHORIZED,
} from "./support/answers.js";

const STREAM = answer(200, `event: message\ndata: ${JSON.stringify(RESULT)}\n\n`, {
  "content-type": "text/event-stream",
});
const RPC_ERROR = answer(200, { jsonrpc: "2.0", id: 1, error: { code: -32601, message: "x" } });
const TOOL_ERROR = answer(200, { jsonrpc: "2.0", id: 1, result: { isError: true, content: [] } });
const listed = (...names: readonly string[]) =>
  answer(200, { jsonrpc: "2.0", id: 1, result: { tools: names.map((name) => ({ name })) } });
const asStream = (exchange: Exchange) =>
  answer(200, exchange.kind === "answer" ? `data: ${exchange.response.body}\n\n` : "", {
    "content-type": "text/event-stream",
  });
const BROKEN: Exchange = { kind: "broken", problem: "no whole answer", tookMs: 20 };
const LATE: Exchange = { ...CLOSED, tookMs: 2_001 };
const challenged = (value: string) => answer(401, "", { "www-authenticate": value });
const parameters = (all: Readonly<Record<string, Match>>): Expect => ({ challenge: { parameters: all } });

describe("each member of an expectation", () => {
  it.each<[what: string, expectation: Expect, right: readonly Exchange[], wrong: readonly Exchange[]]>([
    [
      "accepted: there is a result, in JSON, in a batch or in a stream",
      { outcome: "accepted" },
      [SERVED, STREAM, answer(200, [RESULT])],
      [
        UNAUTHORIZED,
        OUTAGE,
        RPC_ERROR,
        CLOSED,
        answer(202),
        answer(200, "{"),
        answer(401, RESULT),
        answer(204),
      ],
    ],
    [
      "denied: nothing is served",
      { outcome: "denied" },
      [
        UNAUTHORIZED,
        CLOSED,
        answer(403),
        answer(404),
        answer(429),
        answer(200, "<p>", { "content-type": "text/html" }),
      ],
      [SERVED, STREAM, RPC_ERROR, OUTAGE, answer(202), answer(401, RESULT), answer(500), answer(502)],
    ],
    [
      "refused: nothing ran, and the answer says so",
      { outcome: "refused" },
      [UNAUTHORIZED, RPC_ERROR, TOOL_ERROR, answer(403), answer(404)],
      [SERVED, STREAM, answer(202), answer(200, [RESULT]), answer(403, RESULT), OUTAGE, CLOSED],
    ],
    [
      "handled: anything but a defect or an outage",
      { outcome: "handled" },
      [SERVED, UNAUTHORIZED, CLOSED, answer(202), answer(400)],
      [OUTAGE, answer(500), answer(502), answer(504)],
    ],
    [
      "outage: 5xx without a result or a challenge",
      { outcome: "outage" },
      [OUTAGE, answer(500), answer(502)],
      [
        SERVED,
        UNAUTHORIZED,
        CLOSED,
        answer(501),
        answer(503, RESULT),
        answer(503, "", { "www-authenticate": "Bearer" }),
      ],
    ],
    ["a status", { status: 401 }, [UNAUTHORIZED], [SERVED, answer(400), CLOSED]],
    [
      "one of several statuses",
      { status: [400, 401] },
      [UNAUTHORIZED, answer(400)],
      [SERVED, answer(403), CLOSED],
    ],
    ["no challenge", { challenge: "none" }, [SERVED, CLOSED], [UNAUTHORIZED, challenged("Basic")]],
    [
      "any challenge that can be read",
      { challenge: {} },
      [UNAUTHORIZED, challenged("Basic")],
      [answer(401), CLOSED, challenged('Bearer error="x'), challenged('Bearer a="1", a="2"')],
    ],
    [
      "the first challenge",
      { challenge: { first: "bearer" } },
      [UNAUTHORIZED, challenged("BEARER, Basic")],
      [challenged("Basic, Bearer"), challenged("DPoP"), answer(401)],
    ],
    [
      "how many Bearer challenges",
      { challenge: { bearerCount: 1 } },
      [UNAUTHORIZED, challenged('Basic realm="Bearer, x", Bearer')],
      [challenged("Bearer, Bearer"), challenged("Basic")],
    ],
    [
      "a parameter of the challenge",
      parameters({ error: { equals: "invalid_token" }, scope: { has: "b" } }),
      [UNAUTHORIZED, challenged('Basic error="x", Bearer scope="b", error=invalid_token')],
      [
        challenged("Bearer"),
        challenged('Bearer error="invalid_token", scope="bb"'),
        challenged('Basic error="invalid_token"'),
      ],
    ],
    [
      "a field",
      { headers: { "cache-control": { matches: "no-store" } } },
      [answer(401, "", { "cache-control": "private, No-Store" })],
      [UNAUTHORIZED, CLOSED, answer(401, "", { "cache-control": "no-cache" })],
    ],
    [
      "a member of the body",
      { json: { "list.0": { equals: "a" }, none: { present: false } } },
      [answer(200, { list: ["a"] })],
      [
        answer(200, { list: ["b"] }),
        answer(200, { list: ["a"], none: null }),
        answer(200, { list: ["a"] }, {}),
        answer(200, "{"),
        CLOSED,
      ],
    ],
    [
      "a member of the JSON-RPC response, in JSON or in a stream",
      { message: { "result.tools.*.name": { hasNot: "closed" }, "result.tools": { present: true } } },
      [listed("open"), listed(), asStream(listed("open\u2028data: closed"))],
      [listed("open", "closed"), asStream(listed("closed")), SERVED, UNAUTHORIZED, CLOSED],
    ],
    ["the time limit", { withinMs: 2_000 }, [SERVED, CLOSED], [LATE, { ...UNAUTHORIZED, tookMs: 2_001 }]],
    [
      "what must not leak",
      { leaks: { none: ["a-secret-that-is-long"] } },
      [SERVED, UNAUTHORIZED, CLOSED, answer(404, "no /mcp here")],
      [
        answer(401, { hint: "a-secret-that-is-long" }),
        answer(401, { hint: "payload-of-it" }),
        answer(401, "", { "x-token": "signature-of-it" }),
        answer(500, "Error: x\n    at verify (/srv/app/server.js:10:5)"),
        answer(500, "in /home/it/server"),
        answer(500, "Traceback (most recent call last)"),
        answer(401, { message: "JWSSignatureVerificationFailed" }),
      ],
    ],
    [
      "one of several alternatives",
      { anyOf: [{ status: 404 }, { outcome: "denied", challenge: {} }] },
      [answer(404), UNAUTHORIZED],
      [SERVED, answer(403), CLOSED],
    ],
  ])("%s", (_, expectation, right, wrong) => {
    expect(right.map((exchange) => problems(exchange, expectation))).toEqual(right.map(() => []));
    for (const exchange of wrong) expect(problems(exchange, expectation)).not.toEqual([]);
  });

  it.each([
    [3, []],
    [2, ["the authorization server had 3 requests for /keys"]],
  ])("requests to the authorization server: at most %i of three", (atMost, expected) => {
    expect(problems(SERVED, { authorityRequests: { "/keys": { atMost } } })).toEqual(expected);
  });

  it("the status of an earlier step", () => {
    const context = { token: "", authorityRequests: () => 0, statusOf: (step: number) => 400 + step };
    expect(problems(UNAUTHORIZED, { sameStatusAs: 1 }, context)).toEqual([]);
    expect(problems(UNAUTHORIZED, { sameStatusAs: 5 }, context)).toEqual([
      "the status is 401, not 405 as before",
    ]);
  });

  it.each(["\n", "\r\n", "\r", "\u2028", "\u0085", "\u000b"])(
    "what the target prints: a line after %j",
    (end) => {
      const context = {
        token: "",
        authorityRequests: () => 0,
        output: () => `called x${end}forged it\u001b[31m`,
      };
      expect(problems(SERVED, { output: { noLine: "it", noText: "\u001b[32m" } }, context)).toEqual([]);
      expect(problems(SERVED, { output: { noLine: "forged" } }, context)).toHaveLength(1);
      expect(problems(SERVED, { output: { noText: "\u001b[31m" } }, context)).toHaveLength(1);
    },
  );

  it("counts only the requests of the named path", () => {
    const context = { token: "", authorityRequests: (path: string) => (path === "/a" ? 9 : 0) };
    const atMost = (path: string) => ({ authorityRequests: { [path]: { atMost: 1 } } });
    expect(problems(SERVED, atMost("/a"), context)).toHaveLength(1);
    expect(problems(SERVED, atMost("/b"), context)).toEqual([]);
  });

  it("is needed: a single mismatch fails the case", () => {
    expect(problems(UNAUTHORIZED, { outcome: "denied", status: 403 })).toEqual(["the status is 401"]);
    expect(problems(UNAUTHORIZED, { outcome: "denied", anyOf: [{ status: 403 }] })).toHaveLength(1);
  });

  it("an answer that is not HTTP fails even an empty expectation", () => {
    expect(problems(BROKEN, {})).toEqual(["no whole answer"]);
    expect(problems(BROKEN, { outcome: "denied" })).toEqual(["no whole answer"]);
  });
});

describe("a match", () => {
  it.each<[Match, right: readonly unknown[], wrong: readonly unknown[]]>([
    [{ equals: "a" }, ["a"], ["A", "", undefined, ["a"]]],
    [{ equals: ["a"] }, [["a"]], ["a", ["a", "b"], undefined]],
    [{ oneOf: ["a", 1] }, ["a", 1], ["b", "1", undefined]],
    [{ matches: "^a+$" }, ["a", "AA"], ["b", "", undefined]],
    [{ matchesNot: "secret" }, ["a", undefined], ["a Secret", ["secret"]]],
    [{ has: "a" }, ["a", "b a", "b,a", "b, a", ["a"]], ["ab", "A", [], undefined]],
    [{ hasNot: "a" }, ["ab", [], undefined], ["a b", ["a"]]],
    [{ present: true }, ["", null, "a"], [undefined]],
    [{ present: false }, [undefined], ["", null]],
  ])("%j", (match, right, wrong) => {
    expect(right.filter((value) => mismatch("it", value, match) !== undefined)).toEqual([]);
    expect(wrong.filter((value) => mismatch("it", value, match) === undefined)).toEqual([]);
  });
});

describe("a challenge field", () => {
  it.each([
    ["Bearer", [{ scheme: "Bearer", parameters: {} }]],
    [
      CHALLENGE,
      [
        {
          scheme: "Bearer",
          parameters: { error: "invalid_token", scope: "a b", resource_metadata: "https://it.example/m" },
        },
      ],
    ],
    ['Bearer Scope = "a, b" , x=1', [{ scheme: "Bearer", parameters: { scope: "a, b", x: "1" } }]],
    ['Bearer a="say \\"x\\""', [{ scheme: "Bearer", parameters: { a: 'say "x"' } }]],
    [
      "Negotiate YWJj==, Bearer",
      [
        { scheme: "Negotiate", parameters: {} },
        { scheme: "Bearer", parameters: {} },
      ],
    ],
    [
      ", Basic realm=x,, Bearer",
      [
        { scheme: "Basic", parameters: { realm: "x" } },
        { scheme: "Bearer", parameters: {} },
      ],
    ],
  ])("is read: %s", (text, challenges) => {
    expect(parseChallenges(text)).toEqual(challenges);
  });

  it.each([
    'Bearer a="x',
    'Bearer b="1", a=',
    'Bearer a="1" b="2"',
    'Bearer a="1", A="2"',
    '"Bearer"',
    "Bearer a=1 2",
  ])("breaks the grammar: %s", (text) => expect(() => parseChallenges(text)).toThrow(MalformedChallenge));
});
