/** `/oauth/register`: the parts of dynamic client registration (RFC 7591) that oidc-provider lacks. */
import { allowAnyOrigin } from "../http/cors.js";
import { type Handler, sendJson } from "../http/exchange.js";
import type { Profile } from "../options.js";

/** Adds CORS. Answers only preflights, and every request if registration is off. */
export function registrationHandler(profile: Pick<Profile, "registration">): Handler {
  return (exchange) => {
    if (exchange.path !== "/oauth/register") return false;
    if (allowAnyOrigin(exchange, "POST")) return true;
    if (profile.registration) return false;
    return sendJson(exchange, 422, {
      error: "invalid_request",
      error_description: "Dynamic client registration is not enabled for this instance.",
    });
  };
}
