/** Responses must not reveal tokens, claims, reflected input or internals of the server. */
import type { Case, Request } from "../case.js";
import type { TokenRecipe } from "../tokens/recipe.js";

const ERRORS = "RFC 9110 §17.1; OWASP Error Handling";
const SECRETS = "RFC 6750 §5.3";
const CANARY = "canary-4f9c1d77ab";
const EMAIL = "canary-person@secret.example";
const SCRIPT = "<script>canary-4f9c1d77ab</script>";

function one(id: string, title: string, spec: string, send: Request): Case {
  return {
    id: `leakage.${id}`,
    title,
    spec,
    level: "must",
    send,
    expect: { outcome: "handled", leaks: { none: [CANARY, EMAIL] } },
  };
}

const tokens: readonly (readonly [name: string, what: string, recipe: Omit<TokenRecipe, "kind">])[] = [
  ["expired", "an expired token", { claims: { exp: { now: -3600 }, email: EMAIL, note: CANARY } }],
  [
    "other-audience",
    "a token for another resource",
    { claims: { aud: `https://${CANARY}.example`, email: EMAIL } },
  ],
  [
    "other-issuer",
    "a token of another issuer",
    { claims: { iss: `https://${CANARY}.example`, email: EMAIL } },
  ],
  ["forged", "a forged token", { key: "stranger", claims: { email: EMAIL, note: CANARY } }],
  [
    "subject",
    "a token with a strange subject",
    { claims: { sub: `<${CANARY}>`, email: EMAIL, exp: { now: -60_000 } } },
  ],
  ["kid", "a token with a strange kid", { key: "stranger", header: { kid: CANARY } }],
  ["alg", "a token with a strange alg", { header: { alg: CANARY }, signAs: "RS256" }],
  ["typ", "a token with a strange typ", { header: { typ: CANARY } }],
  ["crit", "a token with a strange critical member", { header: { crit: [CANARY], [CANARY]: true } }],
  ["scope", "a token with a strange scope", { claims: { scope: CANARY, exp: { now: -60_000 } } }],
  ["claim-type", "a token with a claim of the wrong type", { claims: { nbf: CANARY } }],
  ["bad-payload", "a token whose payload is not JSON", { payloadText: `{"note":"${CANARY}",` }],
  ["bad-header", "a token whose header is not JSON", { headerText: `{"note":"${CANARY}",`, signAs: "RS256" }],
  ["opaque", "an unknown opaque token", { text: `oat_${CANARY.replace("-", "")}{random}` }],
  ["script", "a token with a script in it", { claims: { iss: SCRIPT } }],
];

const requests: readonly (readonly [name: string, title: string, spec: string, request: Request])[] = [
  ["valid", "the answer to a valid token does not repeat it", SECRETS, {}],
  [
    "word",
    "the answer to a word that is no token does not repeat it",
    SECRETS,
    { authorization: `Bearer ${CANARY}` },
  ],
  ["basic", "the answer to a password does not repeat it", SECRETS, { authorization: `Basic ${CANARY}` }],
  [
    "unknown-scheme",
    "the answer to an unknown scheme does not repeat it",
    SECRETS,
    { authorization: `${CANARY} {token}` },
  ],
  [
    "query",
    "the answer to a token in the query does not repeat it",
    SECRETS,
    { authorization: null, target: "{path}?access_token={token}", token: { kind: "valid" } },
  ],
  [
    "cookie",
    "the answer to a cookie does not repeat it",
    SECRETS,
    { authorization: null, headers: [["Cookie", `session=${CANARY}; token={token}`]] },
  ],
  [
    "two-fields",
    "the answer to two credentials does not repeat them",
    SECRETS,
    { headers: [["Authorization", `Bearer ${CANARY}`]] },
  ],
  ["metadata", "the metadata does not repeat a token", SECRETS, { method: "GET", target: "{metadata}" }],
  [
    "origin",
    "the answer to a foreign origin does not repeat it in the body",
    ERRORS,
    { authorization: null, headers: [["X-Note", SCRIPT]] },
  ],
  [
    "forwarded-host",
    "the answer does not repeat X-Forwarded-Host",
    ERRORS,
    { authorization: null, headers: [["X-Forwarded-Host", `${CANARY}.example`]] },
  ],
  [
    "bad-json",
    "the answer to JSON that breaks off shows no internals",
    ERRORS,
    { text: `{"note":"${CANARY}",` },
  ],
  [
    "bad-json-no-token",
    "the answer to JSON that breaks off, without a token, shows no internals",
    ERRORS,
    { authorization: null, text: `{"note":"${CANARY}",` },
  ],
  [
    "bad-charset",
    "the answer to an unknown character set shows no internals",
    ERRORS,
    { authorization: null, headers: [["Content-Type", "application/json; charset=x-none"]] },
  ],
  [
    "bad-encoding",
    "the answer to gzip that is none shows no internals",
    ERRORS,
    { authorization: null, headers: [["Content-Encoding", "gzip"]] },
  ],
  [
    "large-body",
    "the answer to a large body shows no internals",
    ERRORS,
    { authorization: null, text: `{"x":"${"a".repeat(2_000_000)}"}` },
  ],
  [
    "bad-path",
    "the answer to a path with a wrong encoding shows no internals",
    ERRORS,
    { authorization: null, target: "{path}%zz" },
  ],
  [
    "bad-well-known-path",
    "the answer to a metadata path with a wrong encoding shows no internals",
    ERRORS,
    { method: "GET", authorization: null, target: "/.well-known/oauth-protected-resource/%zz" },
  ],
  [
    "bad-path-valid",
    "the answer to a path with a wrong encoding and a valid token shows no internals",
    ERRORS,
    { target: "{path}/%zz" },
  ],
  [
    "unknown-path",
    "the answer to an unknown path does not repeat a script",
    ERRORS,
    { method: "GET", authorization: null, target: `/${SCRIPT}` },
  ],
  [
    "get-page",
    "the answer to a browser shows no internals",
    ERRORS,
    { method: "GET", authorization: null, headers: [["Accept", "text/html"]] },
  ],
  [
    "not-an-object",
    "the answer to a message that is no object shows no internals",
    ERRORS,
    { body: [1, "two", null] },
  ],
  [
    "unknown-method",
    "the answer to an unknown method shows no internals",
    ERRORS,
    { body: { jsonrpc: "2.0", id: 1, method: "no/such/method" } },
  ],
];

export const leakage: readonly Case[] = [
  ...tokens.map(([name, what, recipe]) =>
    one(`token-${name}`, `the answer to ${what} does not repeat it or what is in it`, SECRETS, {
      token: { kind: `leakage.${name}`, ...recipe },
    }),
  ),
  ...requests.map(([name, title, spec, request]) => one(name, title, spec, request)),
  {
    id: "leakage.server-header",
    title: "answers do not tell the version of the server",
    spec: "RFC 9110 §10.2.4",
    level: "should",
    send: { authorization: null },
    expect: { headers: { server: { matchesNot: "/\\d" }, "x-powered-by": { matchesNot: "\\d" } } },
  },
];
