import type { AuthRequest } from "./request.js";

/**
 * The address a request comes from. Each trusted proxy adds one entry at the end of `X-Forwarded-For`; what
 * stands before those entries is the caller's own word.
 */
export function clientAddress(
  { remoteAddress, forwardedFor }: AuthRequest,
  trustedProxies = 0,
): string | undefined {
  if (trustedProxies === 0) return remoteAddress;
  const entries = (forwardedFor ?? "").split(",").map((entry) => entry.trim());
  return entries.at(-trustedProxies) || remoteAddress;
}
