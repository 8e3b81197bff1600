import * as z from "zod";
import { CALLER_KINDS, ID_SHAPES } from "../identity.js";
import type { Access, AccessOptions } from "./access-rules.js";
import { scopeList } from "./scope-list.js";

const word = z.string("a name").min(1, "a name");
const AT_LEAST_ONE = "an empty list says nothing; leave it out, or name at least one";
const ids = (prefix: keyof typeof ID_SHAPES) =>
  z
    .array(z.string().regex(ID_SHAPES[prefix], `ids, ${prefix}_…`), `a list of ids, ${prefix}_…`)
    .min(1, `a list of ids, ${prefix}_…`);
const CALLERS_EXPECTED = `of ${CALLER_KINDS.map((kind) => `"${kind}"`).join(", ")}`;
const oneOrMore = <Schema extends z.ZodType>(schema: Schema, expected: string) =>
  z.union([schema, z.array(schema).min(1, AT_LEAST_ONE)], expected);

/** Made when there is a rule to read: that takes milliseconds of the start. */
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
      users: ids("user"),
      organizations: ids("org"),
      callers: z.array(z.enum(CALLER_KINDS, CALLERS_EXPECTED)).min(1, CALLERS_EXPECTED),
    })
    .partial(),
);

const keyword = z.enum(["authenticated", "deny"], 'a rule, "authenticated" or "deny"');

/** A rule, wherever it is declared. What is misspelt is an error: left out, it would let everybody in. */
export const accessRule = z.unknown().transform((value, context): Access => {
  // A union would say of a rule with one wrong member only that it is no rule.
  const result = (typeof value === "string" ? keyword : rule).safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const { path } = issue;
    const message =
      issue.code === "unrecognized_keys"
        ? `a rule has no member ${issue.keys.join(", ")}; check its spelling`
        : issue.message;
    context.issues.push({ code: "custom", message, path, input: value });
  }
  return z.NEVER;
});

const rules = z.lazy(() =>
  z.record(
    z.string().regex(/^[^*]+\*?$|^\*$/, "a name; * stands at the end only"),
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
      unknownNames: z.enum(["error", "warn", "ignore"], '"error", "warn" or "ignore"'),
    })
    .partial(),
);
