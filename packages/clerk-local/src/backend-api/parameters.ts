/** Validates request parameters. Clerk refuses in two ways: older endpoints with 422, newer ones with 400. */
import { z } from "zod";
import { Refused } from "../http/clerk-error.js";
import { type Exchange, readJson } from "../http/exchange.js";

type Refuse = (parameter: string, problem: string) => Refused;

/** Parses `value` with `schema`. Throws a refusal that names the first problem. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  refuse: Refuse = unprocessable,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refuse(issue?.path.join(".") ?? "", issue?.message ?? "is invalid");
}

/** The body, for endpoints that refuse with 400. */
export async function bodyOf<Schema extends z.ZodType>(schema: Schema, exchange: Exchange) {
  return checked(schema, await readJson(exchange.req), badRequest);
}

/** The query, for endpoints that refuse with 400: `limit` 1 to 100, `offset`, and the parameters of `shape`. */
export function listQuery<Shape extends z.ZodRawShape>(shape: Shape, { url }: Exchange) {
  const schema = z.object({
    limit: z.coerce.number().int().min(1).max(100).default(10),
    offset: z.coerce.number().int().min(0).default(0),
    ...shape,
  });
  return checked(schema, Object.fromEntries(url.searchParams), badRequest);
}

/** A boolean query parameter. Default: false. */
export const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((value) => value === "true");

export function badRequest(parameter: string, problem: string): Refused {
  return new Refused({
    status: 400,
    code: "bad_request",
    message: "Bad Request",
    longMessage: parameter ? `Invalid '${parameter}': ${problem}` : problem,
  });
}

export function unprocessable(parameter: string, problem: string): Refused {
  return new Refused({
    status: 422,
    code: "form_param_format_invalid",
    message: "is invalid",
    longMessage: `${parameter || "The body"}: ${problem}`,
    ...(parameter && { meta: { param_name: parameter } }),
  });
}
