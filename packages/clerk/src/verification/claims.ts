import { Refusal } from "../errors/refusal.js";
import { isOrganizationId, isUserId } from "../identity.js";

/** The user id of a token. Refuses the subject of a machine's token or an API key. */
export function userSubject(subject: unknown): string {
  if (typeof subject !== "string" || !isUserId(subject)) throw new Refusal("subject_not_a_user");
  return subject;
}

/** `org_id`, if the token has one. */
export function organization(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string" || !isOrganizationId(value)) throw new Refusal("claims_invalid");
  return value;
}

export function nonEmptyString(value: unknown): string {
  if (typeof value !== "string" || value === "") throw new Refusal("claims_invalid");
  return value;
}

/** Scopes as one space-separated string (RFC 6749 section 3.3), or as a list, which Clerk's SDK also accepts. */
export function scopeNames(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "string") return value.split(" ").filter((name) => name !== "");
  if (Array.isArray(value) && value.every((name) => typeof name === "string")) return value;
  throw new Refusal("claims_invalid");
}

/** A point in time, in milliseconds since the epoch. Values outside the range of `Date` are refused. */
export function instant(milliseconds: number): number {
  const time = new Date(milliseconds).getTime();
  if (Number.isNaN(time)) throw new Refusal("claims_invalid");
  return time;
}
