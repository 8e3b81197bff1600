/** The formats of values that several options share. A message states the expected value, for a person. */
import * as z from "zod";
import { isLoopback } from "../runtime/loopback.js";

/** RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

export const scopeList = z.array(
  z.string().regex(SCOPE, "each scope is one word, e.g. profile"),
  "a list of scopes",
);

export function wholeNumber(least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`;
  return z.int(expected).min(least, expected).max(most, expected);
}

export function seconds(most: number) {
  const expected = `0 to ${most} seconds`;
  return z.number("a number of seconds").min(0, expected).max(most, expected);
}

/** An origin over https, or over http on loopback; normalised as `URL.origin` writes it. */
export function origin(expected: string) {
  return z.string().transform((value, context) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url?.protocol === "http:" && !isLoopback(url.hostname)) {
      context.addIssue(`http: is for loopback only; use https. Expected: ${expected}`);
    } else if (
      (url?.protocol !== "https:" && url?.protocol !== "http:") ||
      url.pathname !== "/" ||
      url.search !== "" ||
      url.hash !== "" ||
      url.username !== "" ||
      url.password !== ""
    ) {
      context.addIssue(`expected ${expected}`);
    }
    return url?.origin ?? value;
  });
}
