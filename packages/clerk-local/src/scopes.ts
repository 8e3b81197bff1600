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

/** Clerk's default scopes, until an instance sets others. They lack `openid`. */
export const DEFAULT_SCOPES: readonly string[] = ["profile", "email"];

/** The `scope` of a client that has none of its own. */
export function clientScope(defaultScopes: readonly string[]): string {
  return [...new Set([...defaultScopes, "offline_access"])].sort().join(" ");
}

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
