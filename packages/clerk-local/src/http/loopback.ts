/** The local Clerk listens only on loopback and refuses requests for any other host. */
import { sendClerkError } from "./clerk-error.js";
import { type Handler, redirect } from "./exchange.js";

/** The only address that the local Clerk listens on. */
export const LOOPBACK = "127.0.0.1";

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Refuses requests for another host. A web page whose own name resolves to this machine (DNS rebinding) could otherwise
 * reach the local Clerk as if it were on the same site.
 */
export function hostGuard(issuer: string): Handler {
  const issuerHost = new URL(issuer).host;
  return (exchange) => {
    const { host = "" } = exchange.req.headers;
    if (!LOOPBACK_HOST.test(host)) {
      return sendClerkError(exchange, {
        status: 421,
        code: "host_invalid",
        message: `This is the local Clerk at ${issuer}. It does not serve another host.`,
      });
    }
    // A sign-in that began under another name would lose its cookies after the redirect.
    if (host !== issuerHost && exchange.path === "/oauth/authorize" && exchange.method === "GET") {
      return redirect(exchange, exchange.url.href);
    }
    return false;
  };
}
