import type { CallerKind } from "../identity.js";

/** One value, or a list of which one is enough. */
export type OneOf<T> = T | readonly T[];

/** A value of a user's public metadata. */
export type MetadataValue = string | number | boolean;

/**
 * What a caller needs. Every member that is present must hold; an empty rule is open to whoever is authenticated.
 */
export interface AccessRule {
  /** All of these scopes. */
  readonly scopes?: readonly string[] | undefined;
  /** One of these scopes; a challenge asks for the first. */
  readonly anyScope?: readonly string[] | undefined;
  /** The role in the active organization, e.g. `org:admin`; of a list, one. */
  readonly role?: OneOf<string> | undefined;
  /** The permission in the active organization, e.g. `org:documents:delete`; of a list, all. */
  readonly permission?: string | readonly string[] | undefined;
  /** `true`: an organization must be active. */
  readonly organization?: true | undefined;
  /**
   * Values of the user's public metadata, by name, e.g. `{ role: ["admin", "premium"] }`; of a list, one. Where the
   * metadata has a list itself, one of its values must match.
   */
  readonly metadata?: Readonly<Record<string, OneOf<MetadataValue>>> | undefined;
  /** Only these users (`user_…`). */
  readonly users?: readonly string[] | undefined;
  /** Only while one of these organizations (`org_…`) is active. */
  readonly organizations?: readonly string[] | undefined;
  /** Only these kinds of caller. Default: any that `accepts` lets in. */
  readonly callers?: readonly CallerKind[] | undefined;
}

/** A rule; or `"authenticated"`, open to whoever is authenticated; or `"deny"`, closed to everybody. */
export type Access = AccessRule | "authenticated" | "deny";

/**
 * Rules by name: an exact name, a prefix followed by `*`, or – for resources – a URI template such as
 * `docs://{id}`. The longest pattern that fits is the one that counts; an exact name before any pattern.
 */
export type AccessRules = Readonly<Record<string, Access>>;

/** Which entries of a list a caller is shown. */
export type ListPolicy = "allowed" | "reachable" | "all";

/** Who may do what, as data: the option `access` of `clerkProvider()`. */
export interface AccessOptions {
  /** Rules for `tools/call`, by the tool's name. */
  readonly tools?: AccessRules | undefined;
  /** Rules for `prompts/get`, by the prompt's name. */
  readonly prompts?: AccessRules | undefined;
  /** Rules for `resources/read` and subscriptions, by the resource's URI. */
  readonly resources?: AccessRules | undefined;
  /** What is not listed. Default: `"authenticated"`. */
  readonly default?: "authenticated" | "deny" | undefined;
  /** Scopes that include others, e.g. `{ "documents:admin": ["documents:read", "documents:write"] }`. Default: none. */
  readonly scopeHierarchy?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * What `tools/list`, `prompts/list` and `resources/list` show: `"allowed"`, what the caller may use now;
   * `"reachable"`, also what a sign-in with more scopes would open; `"all"`. Default: `"allowed"`.
   */
  readonly lists?: ListPolicy | undefined;
  /**
   * What happens at the start if a rule names a tool, prompt or resource that does not exist, or a scope that Clerk does
   * not advertise. Default: `"error"` in production, which stops the start, otherwise `"warn"`.
   */
  readonly unknownNames?: "error" | "warn" | "ignore" | undefined;
}
