import type { Match } from "../case.js";

/** Why a value does not match, or `undefined` if it does. An absent `value` is `undefined`. */
export function mismatch(what: string, value: unknown, match: Match): string | undefined {
  const shown = `${what} is ${value === undefined ? "absent" : JSON.stringify(value)}`;
  if ("present" in match) return (value !== undefined) === match.present ? undefined : shown;
  if ("hasNot" in match) return members(value).includes(match.hasNot) ? shown : undefined;
  if ("matchesNot" in match) return new RegExp(match.matchesNot, "i").test(text(value)) ? shown : undefined;
  if (value === undefined) return shown;
  if ("equals" in match) return isSame(value, match.equals) ? undefined : shown;
  if ("oneOf" in match) return match.oneOf.some((one) => isSame(value, one)) ? undefined : shown;
  if ("matches" in match) return new RegExp(match.matches, "i").test(text(value)) ? undefined : shown;
  return members(value).includes(match.has) ? undefined : shown;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

function members(value: unknown): unknown[] {
  return Array.isArray(value) ? value : text(value).split(/[\s,]+/);
}
