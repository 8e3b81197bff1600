/** The first challenge of a `WWW-Authenticate` field (RFC 9110 section 11.6.1), which is the one clients act on. */
export interface Challenge {
  readonly scheme: string;
  /** By name in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g;

export function challengeField(value: string): Challenge {
  const scheme = value.trim().split(/[\s,]/, 1)[0] ?? "";
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, token = ""] of value.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    // What is there twice belongs to a later challenge.
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, "$1") ?? token);
  }
  return { scheme, parameters };
}

/** The words of a space-separated scope value (RFC 6749 section 3.3). */
export function scopeWords(value = ""): string[] {
  return value.split(" ").filter(Boolean);
}
