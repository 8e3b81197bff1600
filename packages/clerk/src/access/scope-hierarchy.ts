import type { AccessOptions } from "../options/access-rules.js";

/** Every scope that some scopes stand for: themselves, and what those include, however deep. */
export type GrantedScopes = (scopes: readonly string[]) => ReadonlySet<string>;

/** Applies a declared hierarchy of scopes; one that goes in circles ends all the same. */
export function scopeHierarchy(includes: NonNullable<AccessOptions["scopeHierarchy"]>): GrantedScopes {
  const below = new Map(Object.entries(includes));
  return (scopes) => {
    const granted = new Set(scopes);
    // A set is walked to its end, what is added on the way included.
    for (const scope of granted) for (const included of below.get(scope) ?? []) granted.add(included);
    return granted;
  };
}
