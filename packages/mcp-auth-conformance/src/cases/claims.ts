/** Claims: issuer, audience, lifetime and subject. */
import type { Case, Expect, Level } from "../case.js";
import type { Json, TokenRecipe } from "../tokens/recipe.js";
import { ACCEPTED, HANDLED, UNAUTHORIZED } from "./expectations.js";

type Row = readonly [name: string, title: string, recipe: Omit<TokenRecipe, "kind">];

function family(spec: string, expect: Expect, rows: readonly Row[], level: Level = "must"): Case[] {
  return rows.map(([name, title, recipe]) => ({
    id: `claims.${name}`,
    title,
    spec,
    level,
    send: { token: { kind: `claims.${name}`, ...recipe } },
    expect,
  }));
}

const set = (claims: Readonly<Record<string, Json>>): Omit<TokenRecipe, "kind"> => ({ claims });
const leaveOut = (...omit: string[]): Omit<TokenRecipe, "kind"> => ({ omit });
const text = (payloadText: string): Omit<TokenRecipe, "kind"> => ({ payloadText });

const ISSUER = "RFC 9068 §4 (iss)";
const AUDIENCE = "MCP 2025-11-25 Authorization, Token Handling; RFC 8707 §2";
const TIME = "RFC 9068 §4 (exp)";
const NUMERIC_DATE = "RFC 7519 §2 (NumericDate)";

export const claims: readonly Case[] = [
  ...family(ISSUER, UNAUTHORIZED, [
    ["iss-missing", "a token without iss is refused", leaveOut("iss")],
    ["iss-other", "a token of another issuer is refused", set({ iss: "https://other.example" })],
    ["iss-slash", "iss with a slash behind it is another issuer", set({ iss: "{issuer}/" })],
    ["iss-path", "iss with a path is another issuer", set({ iss: "{issuer}/tenant" })],
    ["iss-query", "iss with a query is another issuer", set({ iss: "{issuer}?x=1" })],
    [
      "iss-suffix",
      "iss that only starts like the right one is another issuer",
      set({ iss: "{issuer}.evil.example" }),
    ],
    ["iss-digit", "iss with one more digit in the port is another issuer", set({ iss: "{issuer}0" })],
    [
      "iss-prefix",
      "iss that only ends like the right one is another issuer",
      set({ iss: "https://evil.example/{issuer}" }),
    ],
    [
      "iss-userinfo",
      "iss with the right one as user name is another issuer",
      set({ iss: "http://{issuer-host}@evil.example" }),
    ],
    ["iss-upper-case", "iss in capitals is another issuer", set({ iss: "{issuer-upper}" })],
    ["iss-https", "iss with another scheme is another issuer", set({ iss: "https://{issuer-host}" })],
    ["iss-no-scheme", "iss without a scheme is another issuer", set({ iss: "{issuer-host}" })],
    ["iss-blank", "iss with a blank behind it is another issuer", set({ iss: "{issuer} " })],
    ["iss-line-break", "iss with a line break behind it is another issuer", set({ iss: "{issuer}\n" })],
    ["iss-list", "a list as iss is refused", set({ iss: ["{issuer}"] })],
    [
      "iss-list-of-two",
      "a list with the right issuer in it is refused",
      set({ iss: ["https://other.example", "{issuer}"] }),
    ],
    ["iss-object", "an object as iss is refused", set({ iss: { issuer: "{issuer}" } })],
    ["iss-null", "iss null is refused", set({ iss: null })],
    ["iss-empty", "an empty iss is refused", set({ iss: "" })],
    ["iss-number", "a number as iss is refused", set({ iss: 1 })],
  ]),
  ...family(AUDIENCE, UNAUTHORIZED, [
    ["aud-missing", "a token without aud is refused", leaveOut("aud")],
    ["aud-other", "a token for another resource is refused", set({ aud: "https://other.example/mcp" })],
    ["aud-other-path", "a token for another path of this host is refused", set({ aud: "{origin}/other" })],
    ["aud-deeper-path", "a token for a path below is refused", set({ aud: "{resource}/admin" })],
    ["aud-path-prefix", "a token for a path that starts alike is refused", set({ aud: "{resource}2" })],
    ["aud-other-port", "a token for another port is refused", set({ aud: "{other-port}" })],
    ["aud-other-scheme", "a token for another scheme is refused", set({ aud: "{other-scheme}" })],
    [
      "aud-look-alike-host",
      "a token for a host that starts alike is refused",
      set({ aud: "http://{hostname}.evil.example{path}" }),
    ],
    [
      "aud-userinfo",
      "a token for a URL with this host as user name is refused",
      set({ aud: "http://{host}@evil.example{path}" }),
    ],
    [
      "aud-list-others",
      "a list of other resources is refused",
      set({ aud: ["https://a.example", "https://b.example"] }),
    ],
    ["aud-list-empty", "an empty list is refused", set({ aud: [] })],
    ["aud-nested-list", "a list within a list is refused", set({ aud: [["{resource}"]] })],
    ["aud-empty", "an empty aud is refused", set({ aud: "" })],
    ["aud-null", "aud null is refused", set({ aud: null })],
    ["aud-number", "a number as aud is refused", set({ aud: 1 })],
    ["aud-true", "aud true is refused", set({ aud: true })],
    ["aud-object", "an object as aud is refused", set({ aud: { "0": "{resource}" } })],
    ["aud-wildcard", "an asterisk as aud is refused", set({ aud: "*" })],
    [
      "aud-words",
      "several resources in one text are refused",
      set({ aud: "{resource} https://other.example" }),
    ],
    ["aud-issuer", "a token for the authorization server is refused", set({ aud: "{issuer}" })],
    [
      "aud-duplicate-last-wrong",
      "a duplicate aud, the last wrong, is refused",
      text('{{claims},"aud":"https://other.example/mcp"}'),
    ],
    [
      "aud-resource-claim",
      "a claim resource does not stand for aud",
      { claims: { resource: "{resource}" }, omit: ["aud"] },
    ],
  ]),
  ...family(
    AUDIENCE,
    UNAUTHORIZED,
    [
      ["aud-upper-case", "a token for the path in capitals is refused", set({ aud: "{origin}{path-upper}" })],
      ["aud-fragment", "a token for the resource with a fragment is refused", set({ aud: "{resource}#x" })],
      ["aud-query", "a token for the resource with a query is refused", set({ aud: "{resource}?x=1" })],
    ],
    "should",
  ),
  ...family(
    "RFC 8707 §2",
    HANDLED,
    [
      [
        "aud-slash",
        "a token for the resource with a slash behind it is handled",
        set({ aud: "{resource}/" }),
      ],
      ["aud-origin", "a token for the origin alone is handled", set({ aud: "{origin}" })],
      [
        "aud-encoded",
        "a token for the resource with an encoded letter is handled",
        set({ aud: "{origin}/%6dcp" }),
      ],
    ],
    "robustness",
  ),
  ...family("RFC 7519 §4.1.3", ACCEPTED, [
    ["aud-list", "a list with only this resource is accepted", set({ aud: ["{resource}"] })],
    [
      "aud-list-of-two",
      "a list with this resource and another is accepted",
      set({ aud: ["https://other.example", "{resource}"] }),
    ],
  ]),
  ...family(TIME, UNAUTHORIZED, [
    ["exp-missing", "a token without exp is refused", leaveOut("exp")],
    ["exp-hour-ago", "a token that expired an hour ago is refused", set({ exp: { now: -3600 } })],
    ["exp-ten-minutes-ago", "a token that expired ten minutes ago is refused", set({ exp: { now: -600 } })],
    ["exp-zero", "exp 0 is long ago", set({ exp: 0 })],
    ["exp-negative", "a negative exp is long ago", set({ exp: -1 })],
    ["exp-fraction-past", "a fraction in the past is past", text('{{claims},"exp":{now-3600}.5}')],
  ]),
  ...family(NUMERIC_DATE, UNAUTHORIZED, [
    ["exp-text", "a text as exp is refused", text('{{claims},"exp":"{now+3600}"}')],
    ["exp-date-text", "a date as text is refused", set({ exp: "2100-01-01T00:00:00Z" })],
    ["exp-null", "exp null is refused", set({ exp: null })],
    ["exp-list", "a list as exp is refused", set({ exp: [{ now: 3600 }] })],
    ["exp-true", "exp true is refused", set({ exp: true })],
    ["exp-object", "an object as exp is refused", set({ exp: {} })],
    ["nbf-text", "a text as nbf is refused", set({ nbf: "0" })],
    ["nbf-list", "a list as nbf is refused", set({ nbf: [0] })],
    ["iat-text", "a text as iat is refused", set({ iat: "0" })],
  ]),
  ...family("RFC 7519 §4.1.5", UNAUTHORIZED, [
    ["nbf-in-an-hour", "a token that is valid in an hour is refused", set({ nbf: { now: 3600 } })],
    ["nbf-in-ten-minutes", "a token that is valid in ten minutes is refused", set({ nbf: { now: 600 } })],
  ]),
  ...family(
    "RFC 7519 §4.1.6",
    UNAUTHORIZED,
    [["iat-in-an-hour", "a token that was issued in the future is refused", set({ iat: { now: 3600 } })]],
    "should",
  ),
  ...family(NUMERIC_DATE, ACCEPTED, [
    [
      "exp-fraction",
      "exp may have a fraction",
      { omit: ["exp"], payloadText: '{{claims},"exp":{now+3600}.5}' },
    ],
    [
      "iat-fraction",
      "iat may have a fraction",
      { omit: ["iat"], payloadText: '{{claims},"iat":{now-3600}.25}' },
    ],
  ]),
  ...family("RFC 7519 §4.1.5", ACCEPTED, [
    ["nbf-past", "a token that became valid an hour ago is accepted", set({ nbf: { now: -3600 } })],
    ["nbf-missing", "a token without nbf is accepted", leaveOut("nbf")],
  ]),
  ...family(
    NUMERIC_DATE,
    HANDLED,
    [
      ["exp-huge", "an exp beyond every date is handled", set({ exp: 1e15 })],
      ["exp-infinite", "an exp beyond every number is handled", text('{{claims},"exp":1e999}')],
      ["iat-negative", "an iat before 1970 is handled", set({ iat: -1 })],
    ],
    "robustness",
  ),
  ...family(
    "RFC 9068 §2.2",
    UNAUTHORIZED,
    [
      ["sub-missing", "a token without sub is refused", leaveOut("sub")],
      ["sub-empty", "an empty sub is refused", set({ sub: "" })],
      ["client-id-missing", "a token without client_id is refused", leaveOut("client_id")],
    ],
    "should",
  ),
  ...family(
    "RFC 7519 §4.1.2",
    UNAUTHORIZED,
    [
      ["sub-number", "a number as sub is refused", set({ sub: 1 })],
      ["sub-list", "a list as sub is refused", set({ sub: ["user"] })],
      ["sub-null", "sub null is refused", set({ sub: null })],
      ["sub-object", "an object as sub is refused", set({ sub: { id: "user" } })],
    ],
    "should",
  ),
  ...family(
    "RFC 6749 §3.3",
    HANDLED,
    [
      ["scope-number", "a number as scope is handled", set({ scope: 1 })],
      ["scope-object", "an object as scope is handled", set({ scope: { a: true } })],
      ["scope-null", "scope null is handled", set({ scope: null })],
      ["scope-list", "a list as scope is handled", set({ scope: ["a", "b"] })],
      ["scope-mixed-list", "a list with a number in it is handled", set({ scope: ["a", 1] })],
      ["scope-blanks", "a scope of blanks is handled", set({ scope: "   " })],
      ["scope-many", "a scope of 3,000 characters is handled", set({ scope: "a ".repeat(1500) })],
      ["jti-number", "a number as jti is handled", set({ jti: 1 })],
      ["client-id-number", "a number as client_id is handled", set({ client_id: 1 })],
    ],
    "robustness",
  ),
  ...family(
    "RFC 7800 §3.1; RFC 9449 §6",
    UNAUTHORIZED,
    [
      [
        "cnf-jkt",
        "a token bound to a DPoP key is refused as a bearer token",
        set({ cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } }),
      ],
      [
        "cnf-x5t",
        "a token bound to a client certificate is refused without it",
        set({ cnf: { "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" } }),
      ],
    ],
    "should",
  ),
  ...family("RFC 7519 §4", ACCEPTED, [
    ["unknown-claim", "an unknown claim is ignored", set({ "https://example.com/claim": { a: [1] } })],
    ["prototype-claim", "a claim named __proto__ is a claim", text('{{claims},"__proto__":{"admin":true}}')],
  ]),
  ...family("RFC 7519 §4", UNAUTHORIZED, [
    [
      "prototype-aud",
      "an aud inside __proto__ does not count",
      { omit: ["aud"], payloadText: '{{claims},"__proto__":{"aud":"{resource}"}}' },
    ],
    [
      "prototype-exp",
      "an exp inside __proto__ does not count",
      { omit: ["exp"], payloadText: '{{claims},"__proto__":{"exp":4102444800}}' },
    ],
  ]),
];
