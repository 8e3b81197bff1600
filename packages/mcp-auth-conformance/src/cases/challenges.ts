/** `WWW-Authenticate`: tells a client where to sign in, and with which scopes. */
import type { Case, Expect, Level, Match, Request } from "../case.js";

const RFC6750 = "RFC 6750 §3";
const RFC9728 = "RFC 9728 §5.1";
const MCP_SCOPES = "MCP 2025-11-25 Authorization, Scope Selection Strategy";

const NONE: Request = { authorization: null };
const EXPIRED: Request = { token: { kind: "challenges.expired", claims: { exp: { now: -3600 } } } };
const FORGED: Request = { token: { kind: "jose.wrong-key", key: "stranger" } };
const OTHER_AUDIENCE: Request = {
  token: { kind: "claims.aud-other", claims: { aud: "https://other.example/mcp" } },
};
const MALFORMED: Request = { authorization: "Bearer c29tZS1yYW5kb20td29yZA" };

function parameters(expected: Readonly<Record<string, Match>>): Expect {
  return { status: 401, challenge: { parameters: expected } };
}

function one(id: string, title: string, spec: string, level: Level, send: Request, expect: Expect): Case {
  return { id: `challenges.${id}`, title, spec, level, send, expect };
}

const invalid: readonly (readonly [name: string, what: string, request: Request])[] = [
  ["expired", "an expired token", EXPIRED],
  ["forged", "a forged token", FORGED],
  ["other-audience", "a token for another resource", OTHER_AUDIENCE],
  ["malformed", "a word that is no token", MALFORMED],
];

/** The URL of the metadata. */
const METADATA_URL: Match = { equals: "{resource-origin}{metadata}" };

export const challenges: readonly Case[] = [
  one("present", "401 comes with a challenge", "RFC 9110 §15.5.2", "must", NONE, {
    status: 401,
    challenge: {},
  }),
  one("bearer", "exactly one challenge has the scheme Bearer", RFC6750, "must", NONE, {
    status: 401,
    challenge: { bearerCount: 1 },
  }),
  one("bearer-first", "Bearer is the first challenge, as clients read only that", RFC6750, "should", NONE, {
    status: 401,
    challenge: { first: "Bearer" },
  }),
  one(
    "resource-metadata",
    "it names the metadata",
    "MCP 2025-11-25 Authorization, Protected Resource Metadata Discovery",
    "should",
    NONE,
    parameters({ resource_metadata: { present: true } }),
  ),
  one("resource-metadata-absolute", "the metadata is named by an absolute URL", RFC9728, "must", NONE, {
    status: 401,
    challenge: {},
    anyOf: [
      parameters({ resource_metadata: { present: false } }),
      parameters({ resource_metadata: { matches: "^https?://[^\\s#]+$" } }),
    ],
  }),
  one(
    "resource-metadata-found",
    "the metadata is at the URL in the challenge",
    RFC9728,
    "should",
    NONE,
    parameters({ resource_metadata: METADATA_URL }),
  ),
  one(
    "resource-metadata-host",
    "the metadata's URL is not derived from Host",
    "RFC 9728 §7.3",
    "must",
    { ...NONE, host: "evil.example" },
    { anyOf: [{ status: [400, 403, 421] }, parameters({ resource_metadata: { matchesNot: "evil" } })] },
  ),
  one(
    "resource-metadata-forwarded-host",
    "the metadata's URL is not derived from X-Forwarded-Host",
    "RFC 9728 §7.3",
    "must",
    { ...NONE, headers: [["X-Forwarded-Host", "evil.example"]] },
    { anyOf: [{ status: [400, 403, 421] }, parameters({ resource_metadata: { matchesNot: "evil" } })] },
  ),
  one(
    "resource-metadata-forwarded",
    "the metadata's URL is not derived from Forwarded",
    "RFC 9728 §7.3",
    "must",
    { ...NONE, headers: [["Forwarded", "host=evil.example"]] },
    { anyOf: [{ status: [400, 403, 421] }, parameters({ resource_metadata: { matchesNot: "evil" } })] },
  ),
  one(
    "resource-metadata-absolute-form",
    "the metadata's URL is not derived from an absolute target",
    "RFC 9728 §7.3",
    "must",
    { ...NONE, target: "http://evil.example{path}" },
    { anyOf: [{ status: [400, 403, 404, 421] }, parameters({ resource_metadata: { matchesNot: "evil" } })] },
  ),
  one(
    "scope",
    "it names the scopes to request",
    MCP_SCOPES,
    "should",
    NONE,
    parameters({ scope: { matches: "^[\\x21\\x23-\\x5b\\x5d-\\x7e]+( [\\x21\\x23-\\x5b\\x5d-\\x7e]+)*$" } }),
  ),
  one(
    "scope-no-offline-access",
    "it does not request offline_access",
    "MCP 2026-07-28 Authorization, Scope Selection",
    "should",
    NONE,
    parameters({ scope: { hasNot: "offline_access" } }),
  ),
  one(
    "no-error",
    "without a credential there is no error",
    "RFC 6750 §3.1",
    "should",
    NONE,
    parameters({ error: { present: false }, error_description: { present: false } }),
  ),
  one(
    "no-error-other-scheme",
    "credentials of another scheme are no wrong token",
    "RFC 6750 §3.1",
    "should",
    { authorization: "Basic dTpw" },
    parameters({ error: { hasNot: "insufficient_scope" } }),
  ),
  ...invalid.map(([name, what, request]) =>
    one(
      `error-${name}`,
      `${what} is answered invalid_token`,
      "RFC 6750 §3.1",
      "should",
      request,
      parameters({ error: { equals: "invalid_token" } }),
    ),
  ),
  ...invalid.map(([name, what, request]) =>
    one(
      `metadata-${name}`,
      `the answer to ${what} names the metadata too`,
      RFC9728,
      "should",
      request,
      parameters({ resource_metadata: { present: true } }),
    ),
  ),
  one(
    "status-other-audience",
    "a token for another resource is 401, not 403",
    "MCP 2025-11-25 Authorization, Error Handling",
    "must",
    OTHER_AUDIENCE,
    { status: 401 },
  ),
  one(
    "status-expired",
    "an expired token is 401, not 403",
    "MCP 2025-11-25 Authorization, Error Handling",
    "must",
    EXPIRED,
    { status: 401 },
  ),
  one("description-characters", "error_description has only permitted characters", RFC6750, "must", EXPIRED, {
    status: 401,
    challenge: {},
    anyOf: [
      parameters({ error_description: { present: false } }),
      parameters({ error_description: { matches: "^[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]*$" } }),
    ],
  }),
  one(
    "description-no-parameters",
    "error_description contains nothing that looks like another parameter",
    RFC6750,
    "should",
    EXPIRED,
    parameters({ error_description: { matchesNot: "scope=|resource_metadata=" } }),
  ),
  one("error-registered", "error is one of the three defined codes", "RFC 6750 §3.1", "must", EXPIRED, {
    status: 401,
    challenge: {},
    anyOf: [
      parameters({ error: { present: false } }),
      parameters({ error: { oneOf: ["invalid_token", "invalid_request", "insufficient_scope"] } }),
    ],
  }),
  one("not-cached", "401 is not stored by caches", "RFC 6750 §5.3", "should", NONE, {
    status: 401,
    headers: { "cache-control": { matches: "no-store" } },
  }),
  one(
    "not-cached-invalid",
    "401 for a wrong token is not stored by caches",
    "RFC 6750 §5.3",
    "should",
    FORGED,
    { status: 401, headers: { "cache-control": { matches: "no-store" } } },
  ),
  one("no-cookie", "401 sets no cookie", "RFC 6265 §8.2", "should", NONE, {
    status: 401,
    headers: { "set-cookie": { present: false } },
  }),
  one(
    "no-redirect",
    "401 does not lead to a sign-in page",
    "MCP 2025-11-25 Authorization, Error Handling",
    "must",
    { ...NONE, headers: [["Accept", "text/html"]] },
    { status: [401, 406], headers: { location: { present: false } } },
  ),
  one(
    "no-html",
    "the body is not an HTML page",
    "MCP 2025-11-25 Authorization, Error Handling",
    "should",
    { ...NONE, headers: [["Accept", "text/html, */*"]] },
    { status: 401, headers: { "content-type": { matchesNot: "html" } } },
  ),
  one(
    "head-same",
    "HEAD also gets the challenge",
    "RFC 9110 §9.3.2",
    "should",
    { ...NONE, method: "HEAD" },
    { status: 401, challenge: {} },
  ),
  one(
    "valid-none",
    "an answer to a valid token has no challenge",
    "RFC 9110 §11.6.1",
    "should",
    {},
    { outcome: "accepted", challenge: "none" },
  ),
];
