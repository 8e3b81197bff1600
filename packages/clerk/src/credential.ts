import { Refusal } from "./refusal.js";
import type { AuthRequest } from "./request.js";

/** Longer than any token that Clerk makes. */
const MAX_TOKEN_LENGTH = 8_192;

/** Optional whitespace of HTTP, which is less than `trim` takes away: a byte order mark is none. */
const AROUND = /^[ \t]+|[ \t]+$/g;
/** `credentials` with the scheme Bearer, case-insensitive (RFC 9110 section 11.4). */
const BEARER = /^bearer(?: +(.*))?$/i;
/** `b64token` of RFC 6750 section 2.1. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * The bearer token of a request: exactly one, in the header (RFC 6750 section 2). One in the query does not
 * count, and beside one in the header it makes the request ambiguous.
 */
export function bearerToken({ authorization, query }: AuthRequest): string {
  const [field, ...more] = authorization;
  if (field === undefined) throw new Refusal("credential_missing");
  if (more.length > 0) throw new Refusal("credential_duplicated");
  const credentials = BEARER.exec(field.replace(AROUND, ""));
  if (credentials === null) throw new Refusal("credential_missing");
  const token = credentials[1] ?? "";
  if (token === "") throw new Refusal("credential_missing");
  if (token.length > MAX_TOKEN_LENGTH) throw new Refusal("token_too_long");
  if (token.includes(",") || hasTokenInQuery(query)) throw new Refusal("credential_duplicated");
  if (!TOKEN.test(token)) throw new Refusal("token_malformed");
  return token;
}

function hasTokenInQuery(query: string): boolean {
  return query !== "" && new URLSearchParams(query).has("access_token");
}
