/** The bearer credential of a request, RFC 6750 §2.1. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Exchange } from "./exchange.js";

export function bearerToken({ req }: Exchange): string | undefined {
  return /^Bearer +([^ ]+)$/i.exec(req.headers.authorization ?? "")?.[1];
}

/** Whether the request carries the secret key, compared in constant time. */
export function hasSecretKey(exchange: Exchange, secretKey: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(bearerToken(exchange) ?? ""), digest(secretKey));
}
