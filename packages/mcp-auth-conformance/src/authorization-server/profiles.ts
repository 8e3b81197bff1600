/** The claims of a valid access token and the target's environment, per kind of authorization server. */
import { randomBytes } from "node:crypto";

export interface TokenContext {
  readonly issuer: string;
  readonly resource: string;
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly now: number;
}

export interface Profile {
  readonly name: ProfileName;
  /** Scopes of a token, unless the run sets others. */
  readonly scopes: readonly string[];
  claims(context: TokenContext): Readonly<Record<string, unknown>>;
  /** A new opaque token. The authority does not know it yet. */
  opaqueToken(): string;
  /** Environment variables for the target, in addition to those of every profile. */
  environment(issuer: string, resource: string): Readonly<Record<string, string>>;
}

export type ProfileName = "rfc9068" | "clerk";

/** The secret key of the Clerk profile. The target sends it when it verifies an opaque token. */
export const CLERK_SECRET_KEY = "sk_test_conformance0000000000000000000000000000000";

const LIFE_SECONDS = 3600;

const letters = (count: number) => randomBytes(count).toString("hex").slice(0, count);

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  rfc9068: {
    name: "rfc9068",
    scopes: ["mcp:tools"],
    claims: ({ issuer, resource, scopes, now }) => ({
      iss: issuer,
      sub: `subject-${letters(16)}`,
      aud: resource,
      client_id: `client-${letters(12)}`,
      scope: scopes.join(" "),
      jti: letters(24),
      iat: now,
      exp: now + LIFE_SECONDS,
    }),
    opaqueToken: () => `opaque-${letters(40)}`,
    environment: () => ({}),
  },
  clerk: {
    name: "clerk",
    scopes: ["profile", "email"],
    claims: ({ issuer, resource, scopes, now }) => ({
      iss: issuer,
      sub: `user_${letters(27)}`,
      aud: resource,
      client_id: letters(16),
      scope: scopes.join(" "),
      jti: `oat_${letters(27)}`,
      iat: now,
      nbf: now - 10,
      exp: now + LIFE_SECONDS,
    }),
    opaqueToken: () => `oat_${letters(32)}`,
    environment: (issuer, resource) => ({
      BASE_URL: new URL(resource).origin,
      CLERK_SECRET_KEY,
      CLERK_DOMAIN: issuer,
      CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from(`${new URL(issuer).host}$`).toString("base64")}`,
      CLERK_API_URL: issuer,
      CLERK_TELEMETRY_DISABLED: "1",
    }),
  },
};
