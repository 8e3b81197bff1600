/** The query parameters of lists. A parameter that an operation does not have is refused, never ignored. */
import { z } from "zod";
import type { Exchange } from "../http/exchange.js";
import { checked } from "./parameters.js";

/** Longest list of values of one parameter. */
const MAX_VALUES = 100;

/** A parameter that is given once. */
const once = z
  .array(z.string())
  .max(1)
  .transform(([value = ""]) => value);

export const word = once.optional();

/** A parameter that may be repeated. */
export const words = z.array(z.string()).max(MAX_VALUES).default([]);

export const yesOrNo = once
  .pipe(z.enum(["true", "false"]))
  .transform((value) => value === "true")
  .optional();

export const oneOf = <const Value extends string>(...values: Value[]) => once.pipe(z.enum(values)).optional();

export const someOf = <const Value extends string>(...values: Value[]) =>
  z.array(z.enum(values)).max(MAX_VALUES).default([]);

/** Milliseconds since the epoch. */
export const time = once
  .refine((value) => /^\d{1,15}$/.test(value), {
    params: { code: "form_param_invalid_date" },
    error: "Date values must be given in Unix millisecond timestamp format.",
  })
  .transform(Number)
  .optional();

const wholeNumber = once.transform((value) => (/^-?\d{1,15}$/.test(value) ? Number(value) : value));

/** `limit` 1 to 500, default 10; `offset` from 0. */
const paging = {
  limit: wholeNumber.pipe(z.int().min(1).max(500)).default(10),
  offset: wholeNumber.pipe(z.int().min(0)).default(0),
};

export interface Page {
  limit: number;
  offset: number;
}

/** The parameters of a list that comes in pages. */
export function pageQuery<Shape extends z.ZodRawShape>(shape: Shape, exchange: Exchange) {
  return queryOf({ ...paging, ...shape }, exchange);
}

/** The parameters of an operation. */
export function queryOf<Shape extends z.ZodRawShape>(shape: Shape, { url: { searchParams } }: Exchange) {
  const given = [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]);
  return checked(z.strictObject(shape), Object.fromEntries(given));
}

/** One page of `all`, and how many there are. */
export function listOf<Entry>(all: Entry[], page: Page, resource: (entry: Entry) => unknown) {
  return { data: pageOf(all, page).map(resource), total_count: all.length };
}

export function pageOf<Entry>(all: Entry[], { limit, offset }: Page): Entry[] {
  return all.slice(offset, offset + limit);
}
