/** The requested page of a list, with Clerk's parameters. */
import { Refused } from "../http/clerk-error.js";

/** `limit` 1 to 500, default 10; `offset` from 0. */
export function page<Entry>(url: URL, all: Entry[]): Entry[] {
  const limit = Number(url.searchParams.get("limit") ?? 10);
  const offset = Number(url.searchParams.get("offset") ?? 0);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) {
    throw invalidParameter("limit", "limit must be between 1 and 500.");
  }
  if (!Number.isInteger(offset) || offset < 0) {
    throw invalidParameter("offset", "offset must be 0 or more.");
  }
  return all.slice(offset, offset + limit);
}

function invalidParameter(name: string, longMessage: string): Refused {
  return new Refused({
    status: 422,
    code: "form_param_value_invalid",
    message: "is invalid",
    longMessage,
    meta: { param_name: name },
  });
}
