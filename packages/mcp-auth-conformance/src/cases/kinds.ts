/** Other tokens and secrets of the same authorization server. None of them is an access token for this resource. */
import type { Case, Need } from "../case.js";
import type { TokenRecipe } from "../tokens/recipe.js";
import { ACCEPTED, UNAUTHORIZED, UNAUTHORIZED_OR_BAD } from "./expectations.js";

type Row = readonly [name: string, title: string, recipe: Omit<TokenRecipe, "kind">];

function family(spec: string, rows: readonly Row[], needs: readonly Need[] = []): Case[] {
  return rows.map(([name, title, recipe]) => ({
    id: `kinds.${name}`,
    title: `${title} is refused`,
    spec,
    level: "must",
    needs,
    send: { token: { kind: `kinds.${name}`, ...recipe } },
    expect: recipe.text === undefined && recipe.opaque === undefined ? UNAUTHORIZED : UNAUTHORIZED_OR_BAD,
  }));
}

const typed = (typ: string): Omit<TokenRecipe, "kind"> => ({ header: { typ } });
const EXPLICIT_TYPES = "RFC 8725 §3.11";
const MACHINE = "mch_000000000000000000000000000";

export const kinds: readonly Case[] = [
  ...family("RFC 8725 §3.12", [
    [
      "id-token",
      "an ID token",
      {
        header: { typ: "JWT" },
        claims: { aud: "client", nonce: "n", auth_time: { now: -5 } },
        omit: ["scope", "client_id"],
      },
    ],
    [
      "id-token-for-resource",
      "an ID token whose client is named like this resource",
      { header: { typ: "JWT" }, claims: { nonce: "n", at_hash: "x" }, omit: ["scope", "client_id"] },
    ],
    [
      "session-token",
      "a session token",
      {
        header: { typ: "JWT" },
        claims: { sid: "sess_000000000000000000000000000", azp: "{origin}", sts: "active", v: 2 },
        omit: ["aud", "scope", "client_id", "jti"],
      },
    ],
    [
      "template-token",
      "a token of the application's own making, for this resource",
      {
        header: { typ: "JWT" },
        claims: { azp: "{origin}", role: "admin" },
        omit: ["scope", "client_id", "jti"],
      },
    ],
  ]),
  ...family(EXPLICIT_TYPES, [
    [
      "logout-token",
      "a logout token",
      {
        header: { typ: "logout+jwt" },
        claims: { events: { "http://schemas.openid.net/event/backchannel-logout": {} } },
      },
    ],
    [
      "dpop-proof",
      "a DPoP proof",
      { header: { typ: "dpop+jwt" }, claims: { htm: "POST", htu: "{resource}" } },
    ],
    ["request-object", "a request object", typed("oauth-authz-req+jwt")],
    ["introspection-answer", "an introspection answer", typed("token-introspection+jwt")],
    ["security-event", "a security event", typed("secevent+jwt")],
    [
      "client-assertion",
      "a client's assertion",
      { header: { typ: "client-authentication+jwt" }, claims: { iss: "client", sub: "client" } },
    ],
    ["entity-statement", "an entity statement", typed("entity-statement+jwt")],
    ["id-jag", "an identity assertion grant", typed("oauth-id-jag+jwt")],
    [
      "software-statement",
      "a software statement",
      {
        header: { typ: "JWT" },
        claims: { software_id: "x", client_name: "y" },
        omit: ["sub", "scope", "exp"],
      },
    ],
  ]),
  ...family("RFC 6749 §1.5", [
    ["refresh-token", "a refresh token", { text: "rt_{random}" }],
    ["authorization-code", "an authorization code", { text: "{random}" }],
    ["client-id", "a client's id and secret", { text: "client.{random}" }],
  ]),
  ...family("RFC 7662 §2.2", [
    ["opaque-unknown", "an opaque token that was never issued", { text: "oat_{random}" }],
    ["opaque-look-alike", "an opaque token with a query in it", { text: "oat_0000000000000000/../../users" }],
  ]),
  ...family(
    "Clerk, Machine authentication: token types",
    [
      [
        "clerk-m2m",
        "a machine's JWT",
        {
          header: { cat: "cl_B7d4PD333AAA", typ: "JWT" },
          claims: { sub: MACHINE, aud: [MACHINE], scopes: "" },
          omit: ["client_id", "scope"],
        },
      ],
      ["clerk-m2m-for-resource", "a machine's JWT for this resource", { claims: { sub: MACHINE } }],
      ["clerk-m2m-opaque", "a machine's opaque token", { text: "mt_{random}" }],
      ["clerk-api-key", "an API key", { text: "ak_{random}" }],
      [
        "clerk-secret-key",
        "the server's own secret key",
        { text: "sk_test_conformance0000000000000000000000000000000" },
      ],
      ["clerk-publishable-key", "the publishable key", { text: "pk_test_MTI3LjAuMC4xJA" }],
      [
        "clerk-organization-subject",
        "a token about an organization",
        { claims: { sub: "org_000000000000000000000000000" } },
      ],
      ["clerk-session-id", "a session id", { text: "sess_{random}" }],
      [
        "clerk-sign-in-token",
        "a sign-in ticket",
        {
          header: { typ: "JWT" },
          claims: { st: "sign_in_token", sid: "sit_0" },
          omit: ["client_id", "scope", "aud"],
        },
      ],
    ],
    ["clerk"],
  ),
  {
    id: "kinds.opaque-active",
    title: "an active opaque token is accepted",
    spec: "RFC 7662 §2.2",
    level: "must",
    needs: ["opaque"],
    send: { token: { kind: "kinds.opaque-active", opaque: "active" } },
    expect: ACCEPTED,
  },
  ...family(
    "RFC 7662 §2.2",
    [
      ["opaque-expired", "an expired opaque token", { opaque: "expired" }],
      ["opaque-revoked", "a revoked opaque token", { opaque: "revoked" }],
      ["opaque-inactive", "an inactive opaque token", { opaque: "inactive" }],
      ["opaque-other-audience", "an opaque token for another resource", { opaque: "other-audience" }],
    ],
    ["opaque"],
  ),
  ...family(
    "Clerk, Machine authentication: token types",
    [["opaque-machine", "a machine's opaque token that looks like a user's", { opaque: "machine" }]],
    ["opaque", "clerk"],
  ),
];
