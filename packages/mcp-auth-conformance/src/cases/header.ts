/** The grammar of the `Authorization` field: which values are a bearer token. */
import type { Case, Expect, Level, Request } from "../case.js";
import { ACCEPTED, DENIED, HANDLED, UNAUTHORIZED, UNAUTHORIZED_OR_BAD } from "./expectations.js";

const SCHEME = "RFC 9110 §11.1";
const SYNTAX = "RFC 6750 §2.1";

const long = (character: string, count: number): string => character.repeat(count);

type Row = readonly [name: string, title: string, authorization: string];

function family(rows: readonly Row[], spec: string, level: Level, expect: Expect): Case[] {
  return rows.map(([name, title, authorization]) => ({
    id: `header.${name}`,
    title,
    spec,
    level,
    send: { authorization },
    expect,
  }));
}

function single(
  name: string,
  title: string,
  spec: string,
  level: Level,
  send: Request,
  expect: Expect,
): Case {
  return { id: `header.${name}`, title, spec, level, send, expect };
}

export const header: readonly Case[] = [
  single("valid", "a valid token is accepted", SYNTAX, "must", {}, ACCEPTED),
  ...family(
    [
      ["scheme-lower-case", "the scheme may be written bearer", "bearer {token}"],
      ["scheme-upper-case", "the scheme may be written BEARER", "BEARER {token}"],
      ["scheme-mixed-case", "the scheme may be written bEaReR", "bEaReR {token}"],
    ],
    SCHEME,
    "must",
    ACCEPTED,
  ),
  ...family(
    [
      ["blanks-around", "blanks around the field's value do not count", "  Bearer {token}  "],
      ["tab-around", "tabs around the field's value do not count", "\tBearer {token}\t"],
    ],
    "RFC 9110 §5.5",
    "must",
    ACCEPTED,
  ),
  ...family(
    [["two-blanks", "several blanks may be between scheme and token", "Bearer  {token}"]],
    "RFC 9110 §11.4",
    "should",
    ACCEPTED,
  ),
  ...["authorization", "AUTHORIZATION", "aUTHORIZATION"].map((name, index) =>
    single(
      `name-case-${index + 1}`,
      `the field's name may be written ${name}`,
      "RFC 9110 §5.1",
      "must",
      { authorization: null, headers: [[name, "Bearer {token}"]] },
      ACCEPTED,
    ),
  ),
  single(
    "absent",
    "a request without the field is refused",
    SYNTAX,
    "must",
    { authorization: null },
    UNAUTHORIZED,
  ),
  ...family(
    [
      ["empty", "an empty field is no credential", ""],
      ["scheme-only", "the scheme alone is no credential", "Bearer"],
      ["scheme-and-blank", "a scheme and a blank are no credential", "Bearer "],
      ["scheme-and-blanks", "a scheme and many blanks are no credential", `Bearer${long(" ", 4000)}`],
      ["word-null", "the word null is no token", "Bearer null"],
      ["word-undefined", "the word undefined is no token", "Bearer undefined"],
      ["word-true", "the word true is no token", "Bearer true"],
      ["object-text", "the text of an object is no token", "Bearer [object Object]"],
      ["empty-quotes", "empty quotes are no token", 'Bearer ""'],
      ["equals-only", "padding alone is no token", "Bearer =="],
      ["dots-only", "two dots are no token", "Bearer .."],
      ["random-word", "a word that was never issued is not a token", "Bearer c29tZS1yYW5kb20td29yZA"],
      ["comma-only", "a comma is no token", "Bearer ,"],
      ["wildcard", "an asterisk is no token", "Bearer *"],
    ],
    SYNTAX,
    "must",
    UNAUTHORIZED_OR_BAD,
  ),
  ...family(
    [
      ["no-scheme", "a token without a scheme does not count", "{token}"],
      ["scheme-basic", "a token as Basic credentials does not count", "Basic {token}"],
      ["scheme-basic-pair", "Basic credentials do not count", "Basic dXNlcjpwYXNzd29yZA=="],
      ["scheme-digest", "Digest credentials do not count", 'Digest username="user", response="{token}"'],
      ["scheme-dpop", "a token under the scheme DPoP without a proof does not count", "DPoP {token}"],
      ["scheme-token", "a token under the scheme Token does not count", "Token {token}"],
      ["scheme-jwt", "a token under the scheme JWT does not count", "JWT {token}"],
      ["scheme-oauth", "a token under the scheme OAuth does not count", "OAuth {token}"],
      ["scheme-negotiate", "a token under the scheme Negotiate does not count", "Negotiate {token}"],
      ["scheme-longer", "a longer scheme is another one", "BearerToken {token}"],
      ["scheme-prefix", "a shorter scheme is another one", "Bear {token}"],
      ["scheme-in-scheme", "a scheme that ends in bearer is another one", "XBearer {token}"],
      ["scheme-hyphen", "a scheme that starts with bearer is another one", "Bearer-Token {token}"],
    ],
    SCHEME,
    "must",
    UNAUTHORIZED_OR_BAD,
  ),
  ...family(
    [
      ["no-blank", "scheme and token without a blank do not count", "Bearer{token}"],
      ["colon", "a colon after the scheme does not count", "Bearer: {token}"],
      ["equals", "an equals sign after the scheme does not count", "Bearer={token}"],
      ["parameter", "a token as a parameter does not count", 'Bearer token="{token}"'],
      [
        "access-token-parameter",
        "a token as the parameter access_token does not count",
        "Bearer access_token={token}",
      ],
      ["quoted", "a quoted token does not count", 'Bearer "{token}"'],
      ["single-quoted", "a token in single quotes does not count", "Bearer '{token}'"],
      ["quoted-whole", "a quoted field does not count", '"Bearer {token}"'],
      ["angle-brackets", "a token in angle brackets does not count", "Bearer <{token}>"],
      ["braces", "a token in braces does not count", "Bearer {{token}}"],
      ["scheme-twice", "the scheme twice does not count", "Bearer Bearer {token}"],
      ["word-after", "a second word after the token does not count", "Bearer {token} extra"],
      ["token-after-word", "a token after another word does not count", "Bearer extra {token}"],
      ["semicolon", "a parameter after a semicolon does not count", "Bearer {token}; charset=utf-8"],
      ["comma-parameter", "a parameter after a comma does not count", 'Bearer {token}, realm="mcp"'],
      ["percent-encoded-dot", "a percent-encoded token does not count", "Bearer {token}%2E"],
      ["percent-encoded-blank", "a percent-encoded blank is no blank", "Bearer%20{token}"],
      ["plus-for-blank", "a plus is no blank", "Bearer+{token}"],
      ["comma-before", "a comma before the scheme does not count", ", Bearer {token}"],
    ],
    SYNTAX,
    "must",
    UNAUTHORIZED_OR_BAD,
  ),
  ...family(
    [
      ["list-of-two", "two bearer tokens in one field do not count", "Bearer {token}, Bearer {token}"],
      ["list-basic-first", "Basic and Bearer in one field do not count", "Basic dTpw, Bearer {token}"],
      ["list-bearer-first", "Bearer and Basic in one field do not count", "Bearer {token}, Basic dTpw"],
      ["list-of-tokens", "two tokens after one scheme do not count", "Bearer {token},{token}"],
    ],
    "RFC 9110 §11.6.2",
    "must",
    UNAUTHORIZED_OR_BAD,
  ),
  ...family(
    [
      ["tab-between", "a tab between scheme and token is handled", "Bearer\t{token}"],
      ["comma-after", "a comma after the token is handled", "Bearer {token},"],
    ],
    "RFC 9110 §11.4",
    "robustness",
    HANDLED,
  ),
  ...family(
    [
      ["nul-in-token", "a NUL in the token is refused", "Bearer {token}\u0000"],
      ["nul-before-token", "a NUL before the token is refused", "Bearer \u0000{token}"],
      ["bell-in-token", "a control character in the token is refused", "Bearer {token}\u0007"],
      ["delete-in-token", "a DEL in the token is refused", "Bearer {token}\u007f"],
      ["latin1-in-token", "a letter beyond ASCII in the token is refused", "Bearer {token}é"],
      ["no-break-space", "a no-break space is no blank", "Bearer\u00a0{token}"],
      ["utf8-in-token", "UTF-8 in the token is refused", "Bearer {token}\u00c3\u00a9"],
      [
        "byte-order-mark",
        "a byte order mark before the scheme is refused",
        "\u00ef\u00bb\u00bfBearer {token}",
      ],
      ["backslash", "a backslash in the token is refused", "Bearer {token}\\"],
      ["vertical-tab", "a vertical tab is no blank", "Bearer\u000b{token}"],
      ["form-feed", "a form feed is no blank", "Bearer\u000c{token}"],
    ],
    SYNTAX,
    "must",
    UNAUTHORIZED_OR_BAD,
  ),
  ...family(
    [
      ["folded", "a folded field is rejected or read as one line, never as two", "Bearer\r\n {token}"],
      ["bare-cr", "a bare CR in the field is handled", "Bearer \r{token}"],
    ],
    "RFC 9112 §5.2",
    "robustness",
    HANDLED,
  ),
  single(
    "folded-second-scheme",
    "a token on a folded line of another field does not count",
    "RFC 9112 §5.2",
    "must",
    { authorization: null, headers: [["X-Note", "one\r\n Authorization: Bearer {token}"]] },
    DENIED,
  ),
  single(
    "blank-before-colon",
    "a blank between the field's name and the colon is rejected",
    "RFC 9112 §5.1",
    "must",
    { authorization: null, headers: [["Authorization ", "Bearer {token}"]] },
    DENIED,
  ),
  single(
    "blank-before-name",
    "a field line that starts with a blank is not an Authorization field",
    "RFC 9112 §2.2",
    "must",
    {
      authorization: null,
      headers: [
        ["X-Note", "1"],
        [" Authorization", "Bearer {token}"],
      ],
    },
    DENIED,
  ),
  ...[
    ["8-kib", 8 * 1024],
    ["15-kib", 15 * 1024],
    ["64-kib", 64 * 1024],
  ].map(([name, size]) =>
    single(
      `long-${name}`,
      `a token of ${name} is refused, not a crash`,
      "RFC 9110 §5.4",
      "must",
      { authorization: `Bearer ${long("a", Number(size))}` },
      { outcome: "denied", status: [400, 401, 413, 431] },
    ),
  ),
  single(
    "long-then-works",
    "after an oversized token the next request is served",
    "RFC 9110 §5.4",
    "must",
    {},
    ACCEPTED,
  ),
].map((one) =>
  one.id === "header.long-then-works"
    ? { ...one, send: [{ request: { authorization: `Bearer ${long("a.", 32 * 1024)}` } }, { request: {} }] }
    : one,
);
