/**
 * The controls over HTTP, for tests in another process: `POST /__local/<name>` with the secret key as bearer token and
 * the argument as JSON. A request with `Origin` is refused, so that no web page can use them.
 */
import { sendClerkError } from "../http/clerk-error.js";
import { type Exchange, type Handler, hasSecretKey, readJson, sendJson } from "../http/exchange.js";
import type { Control } from "./controls.js";

const PREFIX = "/__local/";

export function controlHandler(secretKey: string, controls: Record<string, Control>): Handler {
  return async (exchange) => {
    if (!exchange.path.startsWith(PREFIX)) return false;
    if (exchange.req.headers.origin !== undefined) {
      return refuse(exchange, 403, "origin_invalid", "Web pages cannot send control calls: send no Origin.");
    }
    if (!hasSecretKey(exchange, secretKey)) {
      return refuse(exchange, 401, "clerk_key_invalid", "Control calls need the secret key as bearer token.");
    }
    const name = exchange.path.slice(PREFIX.length);
    const control = Object.hasOwn(controls, name) ? controls[name] : undefined;
    if (!control || exchange.method !== "POST") {
      const known = Object.keys(controls).join(", ");
      return refuse(exchange, 404, "resource_not_found", `Controls, all POST: ${known}.`);
    }
    const argument = await readJson(exchange.req);
    if (argument === undefined)
      return refuse(exchange, 400, "request_body_invalid", "The body must be JSON.");
    try {
      return sendJson(exchange, 200, (await control(argument)) ?? {});
    } catch (error) {
      // A control throws only if its argument is wrong, and the message is written for the caller.
      return refuse(exchange, 422, "control_refused", error instanceof Error ? error.message : String(error));
    }
  };
}

function refuse(exchange: Exchange, status: number, code: string, message: string): true {
  return sendClerkError(exchange, { status, code, message });
}
