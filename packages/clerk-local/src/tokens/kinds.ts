/**
 * The kinds of token that `mint()` can make: valid ones, the other kinds that Clerk signs with the same key, and
 * invalid ones that a verifier might accept by mistake. Each kind is a change to a valid token.
 */
import { newId, randomText } from "../ids.js";
import type { Json, Signer } from "./jws.js";
import { publicPem, type SigningKey } from "./keys.js";

export interface TokenDraft {
  header: Json;
  claims: Json;
  signer: Signer;
}

export interface KindContext {
  issuer: string;
  /** Seconds since the epoch. */
  now: number;
  /** The published key. */
  current: SigningKey;
  /** A key that is not published. */
  forger: SigningKey;
  /** The audience from which wrong audiences are derived. */
  resource: string;
}

interface Kind {
  /** The token's kind, or its fault. */
  meaning: string;
  /** Whether a resource server may accept it. */
  valid?: true;
  change(draft: TokenDraft, context: KindContext): Partial<TokenDraft>;
  /** Changes the token after it is written. */
  finish?(token: string): string;
}

const claims = (meaning: string, change: (claims: Json, context: KindContext) => Json): Kind => ({
  meaning,
  change: (draft, context) => ({ claims: { ...draft.claims, ...change(draft.claims, context) } }),
});

const without = (meaning: string, ...names: string[]): Kind => ({
  meaning,
  change: (draft) => ({
    claims: Object.fromEntries(Object.entries(draft.claims).filter(([name]) => !names.includes(name))),
  }),
});

const header = (meaning: string, change: (header: Json, context: KindContext) => Json): Kind => ({
  meaning,
  change: (draft, context) => ({ header: { ...draft.header, ...change(draft.header, context) } }),
});

/** A token signed by the forger's key, with a changed header. */
const forged = (meaning: string, change: (context: KindContext) => Json): Kind => ({
  meaning,
  change: (draft, context) => ({
    header: { ...draft.header, ...change(context) },
    signer: { algorithm: "RS256", key: context.forger.privateKey },
  }),
});

const otherUrl = (url: string, change: (parsed: URL) => void): string => {
  const parsed = new URL(url);
  change(parsed);
  return parsed.href;
};

const kinds = {
  "access-token": { meaning: "an OAuth access token", valid: true, change: () => ({}) },

  // Other tokens of the same instance, with the same key and issuer.
  "session-token": {
    meaning: "a session token: typ JWT, with sid and azp",
    change: ({ claims: { iss, sub }, header: { kid } }, { now }) => ({
      header: { alg: "RS256", typ: "JWT", kid, cat: "cl_B7d4PD111AAA" },
      claims: {
        azp: "http://127.0.0.1:3000",
        exp: now + 60,
        fva: [0, -1],
        iat: now,
        iss,
        nbf: now - 10,
        sid: newId("sess"),
        sts: "active",
        sub,
        v: 2,
      },
    }),
  },
  "id-token": {
    meaning: "an OpenID Connect ID token: typ JWT, its audience is the client",
    change: ({ claims: { iss, sub, client_id, iat, exp }, header: { kid } }) => ({
      header: { alg: "RS256", typ: "JWT", kid },
      claims: { iss, sub, aud: client_id, iat, exp, jti: randomText(20) },
    }),
  },
  "jwt-template": {
    meaning: "a token of a JWT template: typ JWT, with claims of the developer's choice",
    change: ({ claims: { iss, sub, aud }, header: { kid } }, { now }) => ({
      header: { alg: "RS256", typ: "JWT", kid },
      claims: {
        iss,
        sub,
        aud,
        azp: "http://127.0.0.1:3000",
        iat: now,
        nbf: now - 5,
        exp: now + 60,
        role: "admin",
      },
    }),
  },
  "m2m-token": {
    meaning: "a machine-to-machine token: its subject is a machine",
    change: ({ claims: { iss, exp, iat, nbf }, header: { kid } }) => ({
      header: { alg: "RS256", typ: "JWT", kid, cat: "cl_B7d4PD333AAA" },
      claims: { iss, sub: newId("mch"), aud: [newId("mch")], jti: newId("mt"), iat, nbf, exp, scopes: "" },
    }),
  },

  // Signatures and keys.
  "wrong-key": forged("signed by another key under the right kid", () => ({})),
  "unknown-kid": forged("signed by another key under its own kid", ({ forger }) => ({ kid: forger.kid })),
  "missing-kid": forged("signed by another key, without a kid", () => ({ kid: undefined })),
  "embedded-jwk": forged("brings its own key in the header (jwk)", ({ forger }) => ({
    kid: forger.kid,
    jwk: forger.publicJwk,
  })),
  "key-url": forged(
    "points at its own key set (jku), which the local Clerk serves",
    ({ forger, issuer }) => ({
      kid: forger.kid,
      jku: `${issuer}/forger/jwks.json`,
    }),
  ),
  "certificate-url": forged("points at its own certificate (x5u)", ({ forger, issuer }) => ({
    kid: forger.kid,
    x5u: `${issuer}/forger/certificate.pem`,
  })),
  unsigned: {
    meaning: "not signed (alg none)",
    change: (draft) => ({ header: { ...draft.header, alg: "none" }, signer: { algorithm: "none" } }),
  },
  "public-key-as-secret": {
    meaning: "HS256 with the public key as the secret",
    change: (draft, { current }) => ({
      header: { ...draft.header, alg: "HS256" },
      signer: { algorithm: "HS256", secret: publicPem(current) },
    }),
  },
  "other-algorithm": {
    meaning: "PS256 with the right key",
    change: (draft, { current }) => ({
      header: { ...draft.header, alg: "PS256" },
      signer: { algorithm: "PS256", key: current.privateKey },
    }),
  },
  tampered: {
    meaning: "changed after it was signed",
    change: () => ({}),
    finish: (token) => {
      const [head, body = "", signature] = token.split(".");
      const changed = { ...JSON.parse(Buffer.from(body, "base64url").toString()), sub: newId("user") };
      return `${head}.${Buffer.from(JSON.stringify(changed)).toString("base64url")}.${signature}`;
    },
  },
  truncated: {
    meaning: "its signature is missing",
    change: () => ({}),
    finish: (token) => token.replace(/[^.]*$/, ""),
  },

  // Header.
  "wrong-type": header("typ JWT instead of at+jwt", () => ({ typ: "JWT" })),
  "missing-type": header("no typ", () => ({ typ: undefined })),
  "unknown-critical-header": header("an unknown critical header", () => ({
    crit: ["https://example.com/unknown"],
    "https://example.com/unknown": true,
  })),

  // Time.
  expired: claims("expired an hour ago", (_claims, { now }) => ({
    iat: now - 90_000,
    nbf: now - 90_010,
    exp: now - 3600,
  })),
  "not-yet-valid": claims("valid only in an hour", (_claims, { now }) => ({
    iat: now + 3600,
    nbf: now + 3600,
  })),
  "missing-expiry": without("no exp: it would live forever", "exp"),
  "expiry-as-text": claims("exp is a text", ({ exp }) => ({ exp: String(exp) })),

  // Issuer.
  "missing-issuer": without("no iss", "iss"),
  "issuer-with-slash": claims("iss with a trailing slash", (_claims, { issuer }) => ({ iss: `${issuer}/` })),
  "issuer-as-list": claims("iss as a list", (_claims, { issuer }) => ({ iss: [issuer] })),
  "issuer-look-alike": claims("iss that only begins like the right one", (_claims, { issuer }) => ({
    iss: `${issuer}.example.com`,
  })),
  "other-issuer": claims("iss of another instance", () => ({ iss: "https://other.clerk.accounts.dev" })),

  // Audience.
  "other-audience": claims("for another resource", () => ({ aud: "https://other.example/mcp" })),
  "audience-other-path": claims("for another path of the same server", (_claims, { resource }) => ({
    aud: otherUrl(resource, (url) => {
      url.pathname += "/admin";
    }),
  })),
  "audience-other-port": claims("for another port of the same host", (_claims, { resource }) => ({
    aud: otherUrl(resource, (url) => {
      url.port = String((Number(url.port) || 443) + 1);
    }),
  })),
  "audience-other-case": claims("for the same path in capitals", (_claims, { resource }) => ({
    aud: otherUrl(resource, (url) => {
      url.pathname = url.pathname.toUpperCase();
    }),
  })),
  "audience-with-slash": claims("for the same URL with a trailing slash", (_claims, { resource }) => ({
    aud: `${resource}/`,
  })),

  // Subject and binding.
  "missing-subject": without("no sub", "sub"),
  "machine-subject": claims("the subject is a machine", () => ({ sub: newId("mch") })),
  "sender-constrained": claims(
    "bound to a key of the sender (cnf), so worth nothing as a bearer token",
    () => ({
      cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" },
    }),
  ),
} satisfies Record<string, Kind>;

/** The name of a kind of token. */
export type TokenKindName = keyof typeof kinds;

/** A kind of token. Lets a test run through all of them. */
export interface TokenKind {
  readonly name: TokenKindName;
  /** The token's kind, or its fault. */
  readonly meaning: string;
  /** Whether a resource server may accept it. */
  readonly valid: boolean;
}

/** Every kind that `mint()` can make. */
export const tokenKinds: readonly TokenKind[] = (Object.entries(kinds) as [TokenKindName, Kind][]).map(
  ([name, { meaning, valid = false }]) => ({ name, meaning, valid }),
);

export function kindOf(name: TokenKindName): Kind {
  if (!Object.hasOwn(kinds, name)) {
    throw new TypeError(`mint: there is no kind "${name}". There are: ${Object.keys(kinds).join(", ")}.`);
  }
  return kinds[name];
}
