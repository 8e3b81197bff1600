/** The providers at which users of the instance can connect accounts. */

/** Names that are not written like their id. */
const NAMES: Readonly<Record<string, string>> = { github: "GitHub", gitlab: "GitLab", linkedin: "LinkedIn" };

export class Providers {
  readonly #scopes: ReadonlyMap<string, readonly string[]>;

  /** @param scopes those that each provider is asked for */
  constructor(scopes: Readonly<Record<string, readonly string[]>>) {
    this.#scopes = new Map(Object.entries(scopes));
  }

  ids(): string[] {
    return [...this.#scopes.keys()];
  }

  has(id: string): boolean {
    return this.#scopes.has(id);
  }

  /** The scopes that the provider is asked for. @throws if the provider is not enabled */
  scopes(id: string): readonly string[] {
    const scopes = this.#scopes.get(id);
    if (scopes) return scopes;
    throw new Error(
      `The provider "${id}" is not enabled. These are: ${this.ids().join(", ") || "none"}. Add it to the seed's providers.`,
    );
  }
}

/** The name of a provider for people, e.g. `Acme` for `custom_acme`. */
export function providerName(id: string): string {
  const word = id.replace(/^custom_/, "");
  const known = Object.hasOwn(NAMES, word) ? NAMES[word] : undefined;
  return known ?? `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
