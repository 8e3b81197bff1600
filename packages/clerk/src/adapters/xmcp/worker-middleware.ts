import type { AuthInfo } from "../../session/auth-info.js";
import { currentContext } from "../../session/context.js";
import { misconfigured } from "../fetch.js";

/** The argument that xmcp passes to a middleware in a Worker. */
export interface XmcpAuth {
  setAuth(authInfo: AuthInfo): void;
}

/**
 * The middleware in a Worker. The plugin's own entry (cloudflare.ts), without which sessions could not reach the tools,
 * has already authenticated the request; this only passes the caller to xmcp.
 */
export async function authInfoForXmcp(
  request: Request,
  { setAuth }: XmcpAuth,
): Promise<Response | undefined> {
  const context = currentContext();
  if (context !== undefined) {
    if (context.authInfo !== undefined) setAuth(context.authInfo);
    return undefined;
  }
  console.error(WITHOUT_ENTRY);
  return misconfigured(request);
}

const WITHOUT_ENTRY =
  "[Clerk] The Worker was built without its entry, so it refuses every request. Add serveOnWorkers of @xmcp-dev/clerk/bundler " +
  "to `bundler` in xmcp.config.ts, and build again.";
