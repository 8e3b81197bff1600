/** The authorization server is down, slow or broken, or changes its keys. The caller must not be blamed for it. */
import type { Case, Expect, FaultName, Level, Need, Step } from "../case.js";
import { ACCEPTED, UNAUTHORIZED } from "./expectations.js";

const UNAVAILABLE = "RFC 9110 §15.6.4; RFC 6750 §3.1";
const ROTATION = "OpenID Connect Core §10.1.1; RFC 7517 §5";
const OUTAGE: Expect = { outcome: "outage" };
const NOT_SERVED: Expect = { anyOf: [{ outcome: "denied" }, OUTAGE] };

const fault = (name: FaultName): Step => ({ authority: { fault: name } });
const VALID: Step = { request: {} };
const WARM: Step = { request: {}, expect: ACCEPTED };

const faults: readonly (readonly [name: FaultName, what: string])[] = [
  ["reset", "closes connections"],
  ["hang", "does not answer"],
  ["error-500", "answers 500"],
  ["error-429", "answers 429"],
  ["html", "answers with a page"],
  ["truncated-json", "answers with JSON that breaks off"],
];

function one(
  id: string,
  title: string,
  spec: string,
  level: Level,
  send: readonly Step[],
  expect: Expect,
  needs: readonly Need[] = [],
): Case {
  return { id: `outages.${id}`, title, spec, level, needs: ["fresh", ...needs], send, expect };
}

export const outages: readonly Case[] = [
  ...faults.map(([name, what]) =>
    one(
      `cold-${name}`,
      `if the key server ${what} at the first request, that is an outage, not a wrong token`,
      UNAVAILABLE,
      "must",
      [fault(name), VALID],
      OUTAGE,
    ),
  ),
  ...faults.map(([name, what]) =>
    one(
      `warm-${name}`,
      `if the key server ${what} later, known keys keep working`,
      "RFC 7517 §5",
      "must",
      [WARM, fault(name), VALID],
      ACCEPTED,
    ),
  ),
  one(
    "no-keys",
    "with an empty set of keys, no request is accepted",
    "RFC 7517 §5",
    "must",
    [fault("no-keys"), VALID],
    NOT_SERVED,
  ),
  one("status", "an outage is 503", "RFC 9110 §15.6.4", "should", [fault("reset"), VALID], { status: 503 }),
  one("retry-after", "an outage has Retry-After", "RFC 9110 §10.2.3", "should", [fault("reset"), VALID], {
    headers: { "retry-after": { matches: "^([1-9]\\d*|[A-Z][a-z]{2}, .+ GMT)$" } },
  }),
  one(
    "not-cached",
    "an outage is not stored by caches",
    "RFC 9111 §5.2.2.5",
    "should",
    [fault("reset"), VALID],
    { headers: { "cache-control": { matches: "no-store" } } },
  ),
  one(
    "no-details",
    "an outage does not tell where the keys are or why they are not",
    "RFC 9110 §17.1",
    "should",
    [fault("reset"), VALID],
    { outcome: "outage", leaks: { none: ["jwks.json", "ECONNRESET", "fetch failed"] } },
  ),
  one(
    "recovers",
    "after an outage a valid token is accepted again",
    "RFC 9110 §15.6.4",
    "must",
    [fault("reset"), { request: {}, expect: OUTAGE }, fault("none"), { request: {}, retryForMs: 8_000 }],
    ACCEPTED,
  ),
  one(
    "no-credential",
    "a request without a token needs no keys: 401",
    UNAVAILABLE,
    "must",
    [fault("reset"), { request: { authorization: null } }],
    UNAUTHORIZED,
  ),
  one(
    "malformed",
    "a word that is no token needs no keys: 401",
    UNAVAILABLE,
    "should",
    [fault("reset"), { request: { authorization: "Bearer no-token" } }],
    { outcome: "denied", status: [400, 401] },
  ),
  one(
    "metadata",
    "the metadata is served while the authorization server is away",
    "RFC 9728 §3",
    "must",
    [fault("hang"), { request: { method: "GET", target: "{metadata}", authorization: null } }],
    { status: 200, json: { resource: { equals: "{resource}" } } },
  ),
  one(
    "forged-warm",
    "a forged token is refused during an outage",
    "RFC 7515 §5.2",
    "must",
    [WARM, fault("reset"), { request: { token: { kind: "jose.wrong-key", key: "stranger" } } }],
    UNAUTHORIZED,
  ),
  one(
    "expired-warm",
    "an expired token is refused during an outage",
    "RFC 7519 §4.1.4",
    "must",
    [
      WARM,
      fault("reset"),
      { request: { token: { kind: "challenges.expired", claims: { exp: { now: -3600 } } } } },
    ],
    UNAUTHORIZED,
  ),
  one(
    "unknown-kid-warm",
    "an unknown kid is not accepted during an outage",
    "RFC 7515 §5.2",
    "must",
    [
      WARM,
      fault("reset"),
      {
        request: { token: { kind: "jose.unknown-kid", key: "stranger", header: { kid: "{stranger-kid}" } } },
      },
    ],
    NOT_SERVED,
  ),
  one(
    "unsigned-cold",
    "an unsigned token is not accepted during an outage",
    "RFC 7518 §3.6",
    "must",
    [fault("reset"), { request: { token: { kind: "jose.alg-none", header: { alg: "none" }, key: "none" } } }],
    NOT_SERVED,
  ),
  one(
    "forged-cold",
    "a forged token is not accepted during an outage",
    "RFC 7515 §5.2",
    "must",
    [fault("html"), { request: { token: { kind: "jose.wrong-key", key: "stranger" } } }],
    NOT_SERVED,
  ),
  one(
    "jku-cold",
    "a token that contains its key is not accepted during an outage",
    "RFC 8725 §3.10",
    "must",
    [
      fault("reset"),
      {
        request: {
          token: { kind: "jose.jwk", key: "stranger", header: { jwk: { publicKeyOf: "stranger" } } },
        },
      },
    ],
    NOT_SERVED,
  ),

  one(
    "rotation-new-key",
    "a token under a new key is accepted",
    ROTATION,
    "should",
    [WARM, { authority: { rotate: "keep-old-key" } }, { request: {}, retryForMs: 3_000 }],
    ACCEPTED,
  ),
  one(
    "rotation-old-key",
    "a token under the key before it is accepted while that is published",
    ROTATION,
    "must",
    [
      WARM,
      { authority: { rotate: "keep-old-key" } },
      { request: { token: { kind: "outages.previous-key", key: "previous" } } },
    ],
    ACCEPTED,
  ),
  one(
    "rotation-dropped-key",
    "once the new keys are known, a token under a withdrawn key is refused",
    ROTATION,
    "should",
    [
      WARM,
      { authority: { rotate: "drop-old-key" } },
      { request: {}, retryForMs: 3_000, expect: ACCEPTED },
      { request: { token: { kind: "outages.previous-key", key: "previous" } } },
    ],
    UNAUTHORIZED,
  ),

  ...(["reset", "error-500", "html"] as const).map((name) =>
    one(
      `opaque-${name}`,
      `an opaque token that cannot be verified (${name}) is an outage`,
      UNAVAILABLE,
      "must",
      [fault(name), { request: { token: { kind: "kinds.opaque-active", opaque: "active" } } }],
      OUTAGE,
      ["opaque"],
    ),
  ),
  one(
    "opaque-retry-after",
    "a limit of the authorization server is passed on as an outage with Retry-After",
    "RFC 9110 §10.2.3",
    "should",
    [fault("error-429"), { request: { token: { kind: "kinds.opaque-active", opaque: "active" } } }],
    { status: 503, headers: { "retry-after": { present: true } } },
    ["opaque"],
  ),
];
