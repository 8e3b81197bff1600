import type { AccessOptions } from "../options/access-rules.js";

/** Adds to scopes every scope that they include, at any depth. */
export type GrantedScopes = (scopes: readonly string[]) => ReadonlySet<string>;

/** Applies the option `scopeHierarchy`, which may contain cycles. */
export function scopeHierarchy(includes: NonNullable<AccessOptions["scopeHierarchy"]>): GrantedScopes {
  const below = new Map(Object.entries(includes));
  return (scopes) => {
    const granted = new Set(scopes);
    // Iterating over a set includes what is added during the iteration.
    for (const scope of granted) for (const included of below.get(scope) ?? []) granted.add(included);
    return granted;
  };
}
