import * as z from "zod";
import { CALLER_KINDS, type CallerKind, ID_SHAPES } from "../identity.js";
import { scopeList } from "./values.js";

/** One value, or a list of alternatives. */
export type OneOf<T> = T | readonly T[];

/** A value of a user's public metadata. */
export type MetadataValue = string | number | boolean;

/**
 * The requirements on a caller. Every member that is present must be met; an empty rule is open to every authenticated
 * caller.
 */
export interface AccessRule {
  /** All of these scopes. */
  readonly scopes?: readonly string[] | undefined;
  /** One of these scopes; a challenge asks for the first. */
  readonly anyScope?: readonly string[] | undefined;
  /** The role in the active organization, e.g. `org:admin`; one of a list. */
  readonly role?: OneOf<string> | undefined;
  /** The permission in the active organization, e.g. `org:documents:delete`; all of a list. */
  readonly permission?: string | readonly string[] | undefined;
  /** `true`: an organization must be active. */
  readonly organization?: true | undefined;
  /**
   * Values of the user's public metadata, by name, e.g. `{ role: ["admin", "premium"] }`; one of a list. If the
   * metadata contains a list, one of its values must match.
   */
  readonly metadata?: Readonly<Record<string, OneOf<MetadataValue>>> | undefined;
  /** Only these users (`user_…`). */
  readonly users?: readonly string[] | undefined;
  /** Only while one of these organizations (`org_…`) is active. */
  readonly organizations?: readonly string[] | undefined;
  /**
   * Accounts of other providers that the user must have connected at Clerk, each with the scopes that are needed, e.g.
   * `{ google: ["https://www.googleapis.com/auth/calendar.readonly"] }`. A caller that lacks one is asked to connect it.
   */
  readonly connection?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Only these kinds of caller. Default: every kind that `accepts` allows. */
  readonly callers?: readonly CallerKind[] | undefined;
}

/**
 * A rule; or `"public"`, open to every caller, with or without a credential; or `"authenticated"`, open to every authenticated
 * caller; or `"deny"`, closed to all.
 */
export type Access = AccessRule | "public" | "authenticated" | "deny";

/**
 * Rules by name: an exact name, a prefix followed by `*`, or – for resources – a URI template such as `docs://{id}`.
 * An exact name takes precedence over patterns, a longer pattern over a shorter one.
 */
export type AccessRules = Readonly<Record<string, Access>>;

/** Which entries of a list a caller sees. */
export type ListPolicy = "allowed" | "reachable" | "all";

/** What a client may do before its user has signed in, apart from using what is `"public"`. */
export type Discovery = "signed-in" | "lists" | "everyone";

/** Who may call what, as data. The option `access` of `clerkProvider()`. */
export interface AccessOptions {
  /** Rules for `tools/call`, by the tool's name. */
  readonly tools?: AccessRules | undefined;
  /** Rules for `prompts/get`, by the prompt's name. */
  readonly prompts?: AccessRules | undefined;
  /** Rules for `resources/read` and subscriptions, by the resource's URI. */
  readonly resources?: AccessRules | undefined;
  /** For everything without a rule. Default: `"authenticated"`. */
  readonly default?: "authenticated" | "deny" | undefined;
  /** Scopes that include others, e.g. `{ "documents:admin": ["documents:read", "documents:write"] }`. Default: none. */
  readonly scopeHierarchy?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * The entries of `tools/list`, `prompts/list` and `resources/list`: `"allowed"`, those that the caller may use now;
   * `"reachable"`, also those that a sign-in with more scopes would open; `"all"`. A caller without a credential sees
   * what is `"public"`; with `"reachable"` also what a sign-in may open. Default: `"allowed"`.
   */
  readonly lists?: ListPolicy | undefined;
  /**
   * Whether `lists: "allowed"` leaves out what needs an account that the user has not connected. It costs a call to Clerk per
   * provider and list. Default: `false`, they are listed, and ask for the account when they are called.
   */
  readonly connectionsInLists?: boolean | undefined;
  /**
   * The reaction at the start to a rule that names a tool, prompt or resource that does not exist, or a scope that
   * Clerk does not advertise. Default: `"warn"` if `NODE_ENV` is `development`, otherwise `"error"`, which stops the start.
   */
  readonly unknownNames?: "error" | "warn" | "ignore" | undefined;
}

const word = z.string("a name").min(1, "a name");
const AT_LEAST_ONE = "an empty list has no effect; remove it, or name at least one";
const ids = (prefix: keyof typeof ID_SHAPES) =>
  z
    .array(z.string().regex(ID_SHAPES[prefix], `ids, ${prefix}_…`), `a list of ids, ${prefix}_…`)
    .min(1, `a list of ids, ${prefix}_…`);
const CALLERS_EXPECTED = `of ${CALLER_KINDS.map((kind) => `"${kind}"`).join(", ")}`;
const oneOrMore = <Schema extends z.ZodType>(schema: Schema, expected: string) =>
  z.union([schema, z.array(schema).min(1, AT_LEAST_ONE)], expected);

/** Built on first use, since building takes milliseconds of the start. */
const rule = z.lazy(() =>
  z
    .strictObject({
      scopes: scopeList.min(1, "name at least one scope"),
      anyScope: scopeList.min(1, "name at least one scope"),
      role: oneOrMore(word, "a role, or a list of roles"),
      permission: oneOrMore(word, "a permission, or a list of permissions"),
      organization: z.literal(true, "true, or nothing"),
      metadata: z
        .record(
          word,
          oneOrMore(
            z.union([z.string(), z.number(), z.boolean()]),
            "a text, number or boolean, or a list of them",
          ),
        )
        .refine((values) => Object.keys(values).length > 0, "name at least one value"),
      connection: z
        .record(
          z
            .string()
            .regex(/^(?!oauth_)(?:custom_)?[a-z][a-z0-9_-]{0,63}$/, "a provider's id in Clerk, e.g. google"),
          z.array(word, "a list of scopes; [] if any will do"),
        )
        .refine((values) => Object.keys(values).length > 0, "name at least one provider"),
      users: ids("user"),
      organizations: ids("org"),
      callers: z.array(z.enum(CALLER_KINDS, CALLERS_EXPECTED)).min(1, CALLERS_EXPECTED),
    })
    .partial(),
);

const keyword = z.enum(["public", "authenticated", "deny"], 'a rule, "public", "authenticated" or "deny"');

/** A rule from the options or from a file. A misspelt member is an error: ignoring it would open the tool. */
export const accessRule = z.unknown().transform((value, context): Access => {
  // Not a union: for a rule with one wrong member it would only report that nothing matches.
  const result = (typeof value === "string" ? keyword : rule).safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const { path } = issue;
    const message =
      issue.code === "unrecognized_keys"
        ? `a rule has no member ${issue.keys.join(", ")}; check its spelling`
        : issue.code === "invalid_key"
          ? (issue.issues[0]?.message ?? issue.message)
          : issue.message;
    context.issues.push({ code: "custom", message, path, input: value });
  }
  return z.NEVER;
});

const rules = z.lazy(() =>
  z.record(
    z.string().regex(/^[^*]+\*?$|^\*$/, "a name; * is allowed only at the end"),
    accessRule,
    "rules by name",
  ),
);

export const accessSchema: z.ZodType<AccessOptions> = z.lazy(() =>
  z
    .strictObject({
      tools: rules,
      prompts: rules,
      resources: rules,
      default: z.enum(["authenticated", "deny"], '"authenticated" or "deny"'),
      scopeHierarchy: z.record(word, scopeList),
      lists: z.enum(["allowed", "reachable", "all"], '"allowed", "reachable" or "all"'),
      connectionsInLists: z.boolean("true or false"),
      unknownNames: z.enum(["error", "warn", "ignore"], '"error", "warn" or "ignore"'),
    })
    .partial(),
);
