/**
 * Who may press a button of a page or read its stream: the page itself, in a browser on this machine.
 *
 * The control API refuses every request with an `Origin` and needs the secret key. A form has an `Origin` and cannot
 * have the key, so it needs exactly this origin, and the key of the run that only a reader of the page knows.
 */
import { type Exchange, isSecret } from "./exchange.js";

/** Whether a browser says that the local Clerk's own page sent the form, and the form has the key. */
export function isOwnForm(exchange: Exchange, issuer: string, form: URLSearchParams, key: string): boolean {
  return (
    exchange.req.headers.origin === issuer && isOwnSite(exchange) && isSecret(form.get("key") ?? "", key)
  );
}

/** Whether no page of another origin has caused the request. Programs that are no browsers send neither header. */
export function isOwnRequest(exchange: Exchange, issuer: string): boolean {
  const { origin = issuer } = exchange.req.headers;
  return origin === issuer && isOwnSite(exchange);
}

/** `Sec-Fetch-Site` also tells apart the ports of this machine, which are one site. Older browsers do not send it. */
function isOwnSite({ req }: Exchange): boolean {
  const { "sec-fetch-site": site = "same-origin" } = req.headers;
  return site === "same-origin";
}
