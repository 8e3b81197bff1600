import { isLoopback } from "./loopback.js";

/** Whether a token or a person's browser may be sent there: https, or http on loopback. */
export function isSafeURL(value: unknown): value is string {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}
