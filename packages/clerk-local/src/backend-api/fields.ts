/** Members that several request bodies have. */
import { z } from "zod";

export const text = z.string();
export const optionalText = text.nullable().optional();
export const optionalFlag = z.boolean().nullable().optional();

export const email = z.email("must be a valid email address.");

export const phoneNumber = text.regex(
  /^\+[1-9]\d{6,14}$/,
  "must be a valid phone number according to E.164 international standard.",
);

/** A time in RFC 3339 format. Output: milliseconds since the epoch. */
export const dateTime = text
  .refine((value) => z.iso.datetime({ offset: true }).safeParse(value).success, {
    params: { code: "form_param_invalid_time" },
    error: "must contain a datetime specified in RFC3339 format (e.g. `2022-10-20T10:00:27.645Z`).",
  })
  .transform((value) => Date.parse(value))
  .nullable()
  .optional();
