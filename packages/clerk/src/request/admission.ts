import { Refusal } from "../errors/refusal.js";
import type { Settings } from "../options/settings.js";
import { isLoopback } from "../runtime/loopback.js";
import type { AuthRequest } from "./request.js";

/**
 * Refuses a request that a browser sends for a page of a foreign `Origin`. On loopback it also refuses a foreign `Host`
 * (DNS rebinding), unless `allowedOrigins` names it; behind a proxy, `Host` may legitimately differ.
 */
export function admit(request: AuthRequest, settings: Settings): void {
  if (request.origin !== undefined && !isAllowedOrigin(request.origin, settings)) {
    throw new Refusal("origin_not_allowed");
  }
  if (settings.isLoopback && !isAllowedHost(request.host, settings)) throw new Refusal("host_not_allowed");
}

function isAllowedOrigin(origin: string, settings: Settings): boolean {
  if (settings.allowedOrigins.has(origin.toLowerCase())) return true;
  return settings.allowsLoopbackOrigins && URL.canParse(origin) && isLoopbackOrigin(new URL(origin));
}

/** Clients in a container reach this machine under another name, e.g. `host.docker.internal`. */
function isAllowedHost(host = "", { allowedHosts }: Settings): boolean {
  return isLoopback(hostname(host)) || allowedHosts.has(host.toLowerCase());
}

function isLoopbackOrigin({ protocol, hostname: name }: URL): boolean {
  return (protocol === "http:" || protocol === "https:") && isLoopback(name);
}

function hostname(host: string | undefined): string {
  return (host ?? "").replace(/:\d{1,5}$/, "");
}
