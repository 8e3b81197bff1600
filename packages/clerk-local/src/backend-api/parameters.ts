/** Validates request parameters. Clerk refuses in two ways: older endpoints with 422, newer ones with 400. */
import { z } from "zod";
import type { Refused } from "../http/clerk-error.js";
import { type Exchange, readJson } from "../http/exchange.js";
import { formErrorOf } from "./form-errors.js";
import { badRequest } from "./refusals.js";

type Refuse = (issue: z.core.$ZodIssue) => Refused;

/** Parses `value` with `schema`. Throws a refusal that names the first problem. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  refuse: Refuse = formErrorOf,
): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw refuse(result.error.issues[0] as z.core.$ZodIssue);
}

/** The body, for endpoints that refuse with 422. */
export async function formOf<Schema extends z.ZodType>(schema: Schema, { req }: Exchange) {
  return checked(schema, await readJson(req));
}

/** The body, for endpoints that refuse with 400. */
export async function bodyOf<Schema extends z.ZodType>(schema: Schema, { req }: Exchange) {
  return checked(schema, await readJson(req), plainRefusal);
}

/** The query, for endpoints that refuse with 400: `limit` 1 to 100, `offset`, and the parameters of `shape`. */
export function listQuery<Shape extends z.ZodRawShape>(shape: Shape, { url }: Exchange) {
  const schema = z.strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(10),
    offset: z.coerce.number().int().min(0).default(0),
    ...shape,
  });
  return checked(schema, Object.fromEntries(url.searchParams), plainRefusal);
}

/** A boolean query parameter. Default: false. */
export const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((value) => value === "true");

function plainRefusal({ path, message }: z.core.$ZodIssue): Refused {
  return badRequest(path.join("."), message);
}
