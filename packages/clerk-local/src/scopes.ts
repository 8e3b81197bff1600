/** Clerk's own scopes, with their descriptions on the consent page. */
export const builtInScopes: Readonly<Record<string, string>> = {
  openid: "Confirm who you are",
  profile: "See your name, username and picture",
  email: "See your email address",
  offline_access: "Stay connected while you are away",
  public_metadata: "See your public metadata",
  private_metadata: "See your private metadata",
  "user:org:read": "See the organization that you choose",
};

/** The scopes of a client that registers without any. Clerk's default also lacks `openid`. */
export const DEFAULT_CLIENT_SCOPE = "email offline_access profile";

/** The scopes of an authorization request without any. */
export const DEFAULT_REQUEST_SCOPE = "profile email";

/** Every scope of an instance: Clerk's own and the seed's. */
export class ScopeCatalogue {
  readonly #custom: Readonly<Record<string, { description: string; advertised: boolean }>>;

  constructor(custom: Readonly<Record<string, { description: string; advertised: boolean }>>) {
    this.#custom = custom;
  }

  get all(): string[] {
    return [...Object.keys(builtInScopes), ...Object.keys(this.#custom)];
  }

  /** The scopes of `scopes_supported` in the discovery documents. */
  get advertised(): string[] {
    return this.all.filter((scope) => this.#custom[scope]?.advertised !== false);
  }

  has(scope: string): boolean {
    return scope in builtInScopes || scope in this.#custom;
  }

  /** The description of a scope on the consent page. */
  describe(scope: string): string {
    return builtInScopes[scope] ?? this.#custom[scope]?.description ?? scope;
  }
}

/** The scopes of a space-separated scope value (RFC 6749 §3.3). */
export function scopeWords(scope: string | undefined): string[] {
  return scope?.split(" ").filter(Boolean) ?? [];
}
