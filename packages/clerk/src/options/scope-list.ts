import * as z from "zod";

/** RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

export const scopeList = z.array(
  z.string().regex(SCOPE, "each scope is one word, e.g. profile"),
  "a list of scopes",
);
