/** `/oauth/register`: what oidc-provider leaves out around dynamic client registration, RFC 7591. */
import { allowAnyOrigin } from "../http/cors.js";
import { type Handler, sendJson } from "../http/exchange.js";
import type { Profile } from "../options.js";

/** Adds CORS; answers itself only for preflights, and when registration is off. */
export function registrationHandler({ registration }: Profile): Handler {
  return (exchange) => {
    if (exchange.path !== "/oauth/register") return false;
    if (allowAnyOrigin(exchange, "POST")) return true;
    if (registration) return false;
    return sendJson(exchange, 422, {
      error: "invalid_request",
      error_description: "Dynamic client registration is not enabled for this instance.",
    });
  };
}
