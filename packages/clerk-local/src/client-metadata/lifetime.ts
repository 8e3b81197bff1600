/** How long a document may be used without asking for it again (RFC 9111). */
import type { FetchedDocument } from "./fetch-document.js";

const SHORTEST_SECONDS = 30;
const LONGEST_SECONDS = 86_400;

/** Of a document that does not say it. */
const DEFAULT_SECONDS = 300;

/**
 * By `max-age`, or else `Expires`; at least 30 seconds, because one sign-in needs the document several times, and at most
 * a day.
 *
 * @param nowMs the time of this machine, in milliseconds since the epoch
 */
export function lifetimeSeconds(headers: FetchedDocument["headers"], nowMs: number): number {
  const stated = statedSeconds(String(headers["cache-control"] ?? ""), headers.expires, nowMs);
  return Math.max(SHORTEST_SECONDS, Math.min(LONGEST_SECONDS, stated ?? DEFAULT_SECONDS));
}

function statedSeconds(cacheControl: string, expires: unknown, nowMs: number): number | undefined {
  if (/(?:^|,)\s*no-(?:store|cache)\b/i.test(cacheControl)) return 0;
  const maxAge = /(?:^|,)\s*max-age\s*=\s*"?(\d{1,10})/i.exec(cacheControl)?.[1];
  if (maxAge !== undefined) return Number(maxAge);
  if (typeof expires !== "string") return undefined;
  const at = Date.parse(expires);
  // An invalid date means that it has expired already (section 5.3).
  return Number.isNaN(at) ? 0 : Math.floor((at - nowMs) / 1000);
}
