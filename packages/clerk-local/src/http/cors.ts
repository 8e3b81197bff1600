/** CORS for endpoints that browsers call without cookies: the metadata documents, registration and userinfo. */
import { type Exchange, send } from "./exchange.js";

/** Allows any origin. Answers a preflight and returns true; returns false for any other request. */
export function allowAnyOrigin(exchange: Exchange, methods: string): boolean {
  const { req, res, method } = exchange;
  res.setHeader("access-control-allow-origin", "*");
  res.setHeader("access-control-expose-headers", "WWW-Authenticate");
  if (method !== "OPTIONS") return false;
  return send(exchange, 204, "", {
    "access-control-allow-methods": methods,
    "access-control-allow-headers": req.headers["access-control-request-headers"] ?? "*",
    "access-control-max-age": "600",
  });
}
