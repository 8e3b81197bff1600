import { type DenyReason, Refusal } from "../errors/refusal.js";
import type { AuthRequest } from "./request.js";

/** Longer than any of Clerk's tokens. */
const MAX_TOKEN_LENGTH = 8_192;

/**
 * `credentials` with the scheme Bearer, case-insensitive (RFC 9110 section 11.4), and a `b64token` (RFC 6750 section
 * 2.1), with optional HTTP whitespace around it. `trim` would remove too much, such as a byte order mark.
 */
const WELL_FORMED = /^[ \t]*bearer +([a-z0-9\-._~+/]+=*)[ \t]*$/i;
const SCHEME = /^[ \t]*bearer(?= |[ \t]*$)/i;
/** Takes linear time, unlike `[ \t]+$`, which restarts at every blank. */
const WITHOUT_BLANKS_AROUND = /[^ \t](?:[\s\S]*[^ \t])?/;

/**
 * The bearer token of a request: exactly one, in the header (RFC 6750 section 2). A token in the query is not accepted.
 * Together with one in the header it makes the request ambiguous.
 *
 * @throws {Refusal}
 */
export function bearerToken({ authorization, query }: AuthRequest): string {
  const [field, ...more] = authorization;
  if (field === undefined) throw new Refusal("credential_missing");
  if (more.length > 0) throw new Refusal("credential_duplicated");
  const token = WELL_FORMED.exec(field)?.[1];
  if (token === undefined) throw new Refusal(whatIsWrong(field));
  if (token.length > MAX_TOKEN_LENGTH) throw new Refusal("token_too_long");
  if (hasTokenInQuery(query)) throw new Refusal("credential_duplicated");
  return token;
}

/** The bearer token of a request, as {@link bearerToken}; `undefined` if there is none. */
export function optionalBearerToken(request: AuthRequest): string | undefined {
  try {
    return bearerToken(request);
  } catch (error) {
    if (error instanceof Refusal && error.reason === "credential_missing") return undefined;
    throw error;
  }
}

/** Whether a request has no credential at all. A header without a token in it is one that went wrong. */
export function isWithoutCredential({ authorization, query }: AuthRequest): boolean {
  return authorization.length === 0 && !hasTokenInQuery(query);
}

function whatIsWrong(field: string): DenyReason {
  const scheme = SCHEME.exec(field)?.[0];
  if (scheme === undefined) return "credential_missing";
  const credentials = WITHOUT_BLANKS_AROUND.exec(field.slice(scheme.length))?.[0];
  if (credentials === undefined) return "credential_missing";
  if (credentials.length > MAX_TOKEN_LENGTH) return "token_too_long";
  return credentials.includes(",") ? "credential_duplicated" : "token_malformed";
}

function hasTokenInQuery(query: string): boolean {
  return query !== "" && new URLSearchParams(query).has("access_token");
}
