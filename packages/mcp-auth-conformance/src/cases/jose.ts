/** Signatures, algorithms and headers of JWTs: known attacks on verifiers. */
import type { Case, Expect, Level } from "../case.js";
import type { TokenRecipe } from "../tokens/recipe.js";
import { ACCEPTED, HANDLED, UNAUTHORIZED, UNAUTHORIZED_OR_BAD } from "./expectations.js";

type Recipe = Omit<TokenRecipe, "kind">;
type Row = readonly [name: string, title: string, recipe: Recipe];

function family(spec: string, expect: Expect, rows: readonly Row[], level: Level = "must"): Case[] {
  return rows.map(([name, title, recipe]) => ({
    id: `jose.${name}`,
    title,
    spec,
    level,
    send: { token: { kind: `jose.${name}`, ...recipe } },
    expect,
  }));
}

const ALGORITHM = "RFC 8725 §3.1";
const FOREIGN_KEY = "RFC 8725 §3.10";
const CRITICAL = "RFC 7515 §4.1.11";
const COMPACT = "RFC 7515 §3.1";
const publicKeyOf = (name: string) => ({ publicKeyOf: name });

export const jose: readonly Case[] = [
  ...family("RFC 7518 §3.6", UNAUTHORIZED, [
    ["alg-none", "a token with alg none is refused", { header: { alg: "none" }, key: "none" }],
    ["alg-none-upper", "a token with alg NONE is refused", { header: { alg: "NONE" }, key: "none" }],
    ["alg-none-mixed", "a token with alg nOnE is refused", { header: { alg: "nOnE" }, key: "none" }],
    [
      "alg-none-signed",
      "alg none with a right signature behind it is refused",
      { header: { alg: "none" }, key: "issuer", signAs: "RS256" },
    ],
    [
      "alg-none-no-kid",
      "alg none without a kid is refused",
      { header: { alg: "none" }, omit: ["header.kid"], key: "none" },
    ],
    ["alg-empty", "an empty alg is refused", { header: { alg: "" }, signAs: "RS256" }],
    ["alg-missing", "a header without alg is refused", { omit: ["header.alg"], signAs: "RS256" }],
    ["alg-null", "alg null is refused", { header: { alg: null }, signAs: "RS256" }],
    ["alg-list", "a list of algorithms is refused", { header: { alg: ["RS256"] }, signAs: "RS256" }],
    ["alg-object", "an object as alg is refused", { header: { alg: { name: "RS256" } }, signAs: "RS256" }],
    ["alg-lower-case", "alg rs256 is not RS256", { header: { alg: "rs256" }, signAs: "RS256" }],
    ["alg-blank", "alg with a blank behind it is refused", { header: { alg: "RS256 " }, signAs: "RS256" }],
    ["alg-unknown", "an unregistered alg is refused", { header: { alg: "XX999" }, signAs: "RS256" }],
  ]),
  ...family(ALGORITHM, UNAUTHORIZED, [
    [
      "hs256-public-pem",
      "HS256 with the public key's PEM as secret is refused",
      { header: { alg: "HS256" }, key: { secret: "public-pem" } },
    ],
    [
      "hs256-public-der",
      "HS256 with the public key's DER as secret is refused",
      { header: { alg: "HS256" }, key: { secret: "public-der" } },
    ],
    [
      "hs256-public-jwk",
      "HS256 with the public JWK as secret is refused",
      { header: { alg: "HS256" }, key: { secret: "public-jwk" } },
    ],
    [
      "hs256-modulus",
      "HS256 with the modulus as secret is refused",
      { header: { alg: "HS256" }, key: { secret: "modulus" } },
    ],
    [
      "hs256-kid",
      "HS256 with the key id as secret is refused",
      { header: { alg: "HS256" }, key: { secret: "kid" } },
    ],
    [
      "hs256-empty",
      "HS256 with an empty secret is refused",
      { header: { alg: "HS256" }, key: { secret: "empty" } },
    ],
    [
      "hs256-word",
      "HS256 with a common secret is refused",
      { header: { alg: "HS256" }, key: { secret: "word" } },
    ],
    [
      "hs384-public-pem",
      "HS384 with the public key as secret is refused",
      { header: { alg: "HS384" }, key: { secret: "public-pem" } },
    ],
    [
      "hs512-public-pem",
      "HS512 with the public key as secret is refused",
      { header: { alg: "HS512" }, key: { secret: "public-pem" } },
    ],
    [
      "hs256-no-kid",
      "HS256 with the public key and no kid is refused",
      { header: { alg: "HS256" }, omit: ["header.kid"], key: { secret: "public-pem" } },
    ],
    ["ps256-issuer-key", "PS256 with a key that is for RS256 is refused", { header: { alg: "PS256" } }],
    ["rs384-issuer-key", "RS384 with a key that is for RS256 is refused", { header: { alg: "RS384" } }],
    ["rs512-issuer-key", "RS512 with a key that is for RS256 is refused", { header: { alg: "RS512" } }],
    [
      "rs256-named-rs512-used",
      "a signature by another algorithm than the named one is refused",
      { signAs: "RS512" },
    ],
    [
      "es256-stranger",
      "ES256 with a stranger's key under the right kid is refused",
      { header: { alg: "ES256" }, key: "stranger-ec" },
    ],
    [
      "es256-zero-signature",
      "ES256 with a signature of zeros is refused",
      { header: { alg: "ES256" }, deform: "zero-signature" },
    ],
    [
      "eddsa-named",
      "alg EdDSA over an RSA signature is refused",
      { header: { alg: "EdDSA" }, signAs: "RS256" },
    ],
  ]),
  ...family("RFC 7515 §5.2", UNAUTHORIZED, [
    ["wrong-key", "a stranger's signature under the right kid is refused", { key: "stranger" }],
    [
      "unknown-kid",
      "a stranger's signature under its own kid is refused",
      { key: "stranger", header: { kid: "{stranger-kid}" } },
    ],
    [
      "missing-kid-wrong-key",
      "a stranger's signature without a kid is refused",
      { key: "stranger", omit: ["header.kid"] },
    ],
    [
      "right-key-unknown-kid",
      "a kid that the issuer does not publish is refused",
      { header: { kid: "no-such-key" } },
    ],
    ["flipped-signature", "one changed bit in the signature is noticed", { deform: "flipped-signature-bit" }],
    ["flipped-payload", "one changed bit in the payload is noticed", { deform: "flipped-payload-bit" }],
    ["empty-signature", "an empty signature is refused", { deform: "no-signature" }],
    ["short-signature", "half a signature is refused", { deform: "short-signature" }],
    ["long-signature", "a signature with bytes behind it is refused", { deform: "long-signature" }],
    ["zero-signature", "a signature of zeros is refused", { deform: "zero-signature" }],
    ["signature-of-another", "the signature of another token is refused", { deform: "signature-of-another" }],
  ]),
  ...family(FOREIGN_KEY, UNAUTHORIZED, [
    ["jwk", "a key in the header is not used", { key: "stranger", header: { jwk: publicKeyOf("stranger") } }],
    [
      "jwk-own-kid",
      "a key in the header under its own kid is not used",
      { key: "stranger", header: { kid: "{stranger-kid}", jwk: publicKeyOf("stranger") } },
    ],
    [
      "jwk-no-kid",
      "a key in the header without a kid is not used",
      { key: "stranger", omit: ["header.kid"], header: { jwk: publicKeyOf("stranger") } },
    ],
    [
      "jwk-ec",
      "a key of another type in the header is not used",
      { key: "stranger-ec", header: { alg: "ES256", jwk: publicKeyOf("stranger-ec") } },
    ],
    [
      "x5c",
      "a certificate in the header is not used",
      { key: "stranger", header: { x5c: ["MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"] } },
    ],
    [
      "kid-url",
      "a kid that is a URL is not fetched",
      { key: "stranger", header: { kid: "{issuer}/stranger/kid-url" } },
    ],
    [
      "kid-path",
      "a kid that is a path of the server is not read",
      { header: { alg: "HS256", kid: "../../../../../../dev/null" }, key: { secret: "empty" } },
    ],
    [
      "kid-sql",
      "a kid that would be a query is not one",
      { key: "stranger", header: { kid: "x' OR '1'='1" } },
    ],
    [
      "kid-command",
      "a kid that would be a command is not one",
      { key: "stranger", header: { kid: "x;$(true)|true" } },
    ],
    [
      "kid-prototype",
      "a kid that is a member of every object finds no key",
      { key: "stranger", header: { kid: "__proto__" } },
    ],
    [
      "kid-constructor",
      "the kid constructor finds no key",
      { key: "stranger", header: { kid: "constructor" } },
    ],
    ["kid-list", "a list as kid is refused", { key: "stranger", header: { kid: ["{kid}"] } }],
    ["kid-number", "a number as kid is refused", { key: "stranger", header: { kid: 0 } }],
    ["kid-object", "an object as kid is refused", { key: "stranger", header: { kid: {} } }],
    ["kid-empty", "an empty kid finds no key", { key: "stranger", header: { kid: "" } }],
    ["kid-long", "a kid of 4 KiB finds no key", { key: "stranger", header: { kid: "k".repeat(4096) } }],
    [
      "kid-line-break",
      "a kid with a line break finds no key",
      { key: "stranger", header: { kid: "{kid}\r\n" } },
    ],
    ["kid-other-case", "a kid in other letters finds no key", { key: "stranger", header: { kid: "KEY_A" } }],
  ]),
  ...["jku", "x5u"].map(
    (member): Case => ({
      id: `jose.${member}`,
      title: `a key behind ${member} is neither fetched nor used`,
      spec: FOREIGN_KEY,
      level: "must",
      send: {
        token: {
          kind: `jose.${member}`,
          key: "stranger",
          header: { kid: "{stranger-kid}", [member]: `{issuer}/stranger/${member}` },
        },
      },
      expect: { ...UNAUTHORIZED, authorityRequests: { [`/stranger/${member}`]: { atMost: 0 } } },
    }),
  ),
  ...family(CRITICAL, UNAUTHORIZED, [
    [
      "crit-unknown",
      "an unknown critical member is refused",
      { header: { crit: ["urn:example:unknown"], "urn:example:unknown": true } },
    ],
    [
      "crit-absent-member",
      "a missing critical member is refused",
      { header: { crit: ["urn:example:absent"] } },
    ],
    ["crit-empty", "an empty list of critical members is refused", { header: { crit: [] } }],
    ["crit-text", "critical members as a text are refused", { header: { crit: "exp" } }],
    ["crit-registered", "a registered member as critical is refused", { header: { crit: ["alg"] } }],
    ["crit-number", "critical members that are numbers are refused", { header: { crit: [1] } }],
  ]),
  ...family("RFC 7797 §7", UNAUTHORIZED, [
    ["b64-false", "an unencoded payload (b64 false) is refused", { header: { b64: false, crit: ["b64"] } }],
  ]),
  ...family("RFC 9068 §4", UNAUTHORIZED, [
    ["typ-jwt", "typ JWT is not an access token", { header: { typ: "JWT" } }],
    ["typ-missing", "a token without typ is not an access token", { omit: ["header.typ"] }],
    ["typ-empty", "an empty typ is not an access token", { header: { typ: "" } }],
    ["typ-null", "typ null is not an access token", { header: { typ: null } }],
    ["typ-list", "a list as typ is refused", { header: { typ: ["at+jwt"] } }],
    ["typ-longer", "a typ that only starts like the right one is another", { header: { typ: "at+jwt2" } }],
    ["typ-prefix", "typ at is another", { header: { typ: "at" } }],
    ["typ-other-tree", "a typ of another media type is another", { header: { typ: "text/at+jwt" } }],
  ]),
  ...family("RFC 9068 §4", ACCEPTED, [
    ["typ-full", "typ application/at+jwt is an access token", { header: { typ: "application/at+jwt" } }],
  ]),
  ...family(
    "RFC 7515 §4.1.9",
    HANDLED,
    [["typ-other-case", "typ AT+JWT is handled", { header: { typ: "AT+JWT" } }]],
    "robustness",
  ),
  ...family("RFC 7515 §4", ACCEPTED, [
    [
      "unknown-member",
      "an unknown member of the header that is not critical is ignored",
      { header: { "urn:example:note": "x" } },
    ],
  ]),
  ...family(
    "RFC 7515 §4.1.4",
    HANDLED,
    [["missing-kid", "a right signature without a kid is handled", { omit: ["header.kid"] }]],
    "robustness",
  ),
  ...family(COMPACT, UNAUTHORIZED_OR_BAD, [
    ["two-segments", "two segments are no JWS", { deform: "two-segments" }],
    ["four-segments", "four segments are no JWS", { deform: "fourth-segment" }],
    ["empty-header", "a JWS without a header is refused", { deform: "empty-header" }],
    ["empty-payload", "a JWS without a payload is refused", { deform: "empty-payload" }],
    ["leading-dot", "a dot before the header is refused", { deform: "leading-dot" }],
    ["trailing-dot", "a dot behind the signature is refused", { deform: "trailing-dot" }],
    ["reversed", "segments in another order are refused", { deform: "reversed" }],
    ["upper-case", "a token in capitals is refused", { deform: "upper-case" }],
    ["twice-encoded", "an encoded token is refused", { deform: "twice-encoded" }],
    ["padded", "segments with padding are refused", { deform: "padded-base64" }],
    ["json-serialization", "the JSON serialization is not a bearer token", { deform: "json-serialization" }],
    ["encrypted", "an encrypted token (JWE) without an agreement is refused", { deform: "encrypted" }],
    [
      "jwe-shaped",
      "five segments that only look like a JWE are refused",
      { text: "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..{random}.{random}.{random}" },
    ],
    [
      "header-not-json",
      "a header that is not JSON is refused",
      { headerText: '{"alg":"RS256",', signAs: "RS256" },
    ],
    ["header-list", "a header that is a list is refused", { headerText: '["RS256"]', signAs: "RS256" }],
    ["header-null", "a header that is null is refused", { headerText: "null", signAs: "RS256" }],
    ["header-text", "a header that is a text is refused", { headerText: '"RS256"', signAs: "RS256" }],
    ["payload-not-json", "a payload that is not JSON is refused", { payloadText: "hello" }],
    ["payload-list", "a payload that is a list is refused", { payloadText: "[{{claims}}]" }],
    ["payload-null", "a payload that is null is refused", { payloadText: "null" }],
    ["payload-text", "a payload that is a text is refused", { payloadText: '"text"' }],
    ["payload-number", "a payload that is a number is refused", { payloadText: "1" }],
    ["payload-true", "a payload that is true is refused", { payloadText: "true" }],
    ["payload-truncated", "a payload that breaks off is refused", { payloadText: "{{claims}" }],
    ["payload-trailing", "text behind the payload's object is refused", { payloadText: "{{claims}}x" }],
    ["payload-empty-object", "a payload without claims is refused", { payloadText: "{}" }],
    [
      "nested",
      "a JWS whose payload is a token (cty JWT) is refused",
      { header: { cty: "JWT" }, payloadText: "eyJhbGciOiJub25lIn0.e30." },
    ],
    [
      "compressed",
      "a member zip on a JWS does not help a payload that is not JSON",
      { header: { zip: "DEF" }, payloadText: "\u00abV*I" },
    ],
  ]),
  ...family(
    "RFC 7515 §2",
    { outcome: "denied", status: [400, 401] },
    [["standard-base64", "base64 with plus and slash is not base64url", { deform: "standard-base64" }]],
    "should",
  ),
  ...family("RFC 8259 §2", ACCEPTED, [
    [
      "payload-white-space",
      "white space in the payload does not matter",
      { payloadText: " {\n{claims} }\n" },
    ],
  ]),
  ...family(
    "RFC 7515 §4",
    HANDLED,
    [
      [
        "header-deep",
        "a header of many levels is handled",
        {
          headerText: `{"alg":"RS256","typ":"at+jwt","kid":"{kid}","x":${"[".repeat(500)}${"]".repeat(500)}}`,
        },
      ],
      [
        "payload-deep",
        "a payload of many levels is handled",
        { payloadText: `{{claims},"x":${"[".repeat(500)}${"]".repeat(500)}}` },
      ],
      [
        "header-duplicate-alg",
        "a duplicate alg is handled",
        { headerText: '{"alg":"none","alg":"RS256","typ":"at+jwt","kid":"{kid}"}', signAs: "RS256" },
      ],
    ],
    "robustness",
  ),
  ...family("RFC 7515 §4", UNAUTHORIZED, [
    [
      "header-duplicate-none",
      "a duplicate alg, the last none, is refused",
      { headerText: '{"alg":"RS256","alg":"none","typ":"at+jwt","kid":"{kid}"}', key: "none" },
    ],
  ]),
];
