/** Opaque access tokens and the authority's responses about them: introspection (RFC 7662) and Clerk's verification. */
import type { OpaqueState } from "../tokens/recipe.js";
import type { Profile } from "./profiles.js";

interface Facts {
  readonly issuer: string;
  readonly resource: string;
  readonly scopes: readonly string[];
}

interface OpaqueRecord {
  readonly state: OpaqueState;
  readonly claims: Readonly<Record<string, unknown>>;
}

export class OpaqueTokens {
  readonly #profile: Profile;
  readonly #facts: Facts;
  readonly #records = new Map<string, OpaqueRecord>();

  constructor(profile: Profile, facts: Facts) {
    this.#profile = profile;
    this.#facts = facts;
  }

  issue(state: OpaqueState): string {
    const token = this.#profile.opaqueToken();
    const now = Math.floor(Date.now() / 1000) - (state === "expired" ? 2 * 3600 : 0);
    const claims: Record<string, unknown> = { ...this.#profile.claims({ ...this.#facts, now }) };
    if (state === "other-audience") claims.aud = "https://other.example/mcp";
    if (state === "machine") claims.sub = "mch_000000000000000000000000000";
    this.#records.set(token, { state, claims });
    return token;
  }

  introspection(token: string): Readonly<Record<string, unknown>> {
    const record = this.#records.get(token);
    const isActive = record !== undefined && !["expired", "revoked", "inactive"].includes(record.state);
    return isActive ? { active: true, token_type: "Bearer", ...record.claims } : { active: false };
  }

  clerkVerification(body: string): { status: number; body: unknown } {
    const token = (JSON.parse(body) as { access_token?: unknown }).access_token;
    const record = this.#records.get(String(token));
    if (record === undefined) {
      return { status: 404, body: { errors: [{ code: "oauth_token_not_found", message: "not found" }] } };
    }
    const { state, claims } = record;
    if (state === "inactive") return { status: 200, body: { active: false } };
    return {
      status: 200,
      body: {
        object: "clerk_idp_oauth_access_token",
        id: claims.jti,
        client_id: claims.client_id,
        subject: claims.sub,
        scopes: String(claims.scope).split(" "),
        aud: claims.aud,
        revoked: state === "revoked",
        revocation_reason: state === "revoked" ? "revoked" : null,
        expired: state === "expired",
        expiration: Number(claims.exp) * 1000,
        created_at: Number(claims.iat) * 1000,
        updated_at: Number(claims.iat) * 1000,
      },
    };
  }
}
