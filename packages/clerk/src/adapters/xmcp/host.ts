import type { Host } from "../../authenticator.js";
import { withoutTrailingSlash } from "../../options/schema.js";
import type { Cors } from "../../response/cors.js";
import { declarations, isDeclared } from "./declarations.js";
import { serverInfo } from "./server-info.js";

/** `http` of `xmcp.config.ts`, inserted by xmcp's compiler; `undefined` outside its builds. */
declare const HTTP_CONFIG:
  | {
      readonly port?: number;
      readonly host?: string;
      readonly endpoint?: string;
      readonly bodySizeLimit?: number;
      /** Whether `xmcp dev` has built it. */
      readonly debug?: boolean;
    }
  | undefined;

/** `http.cors`, with xmcp's defaults. */
declare const HTTP_CORS_CONFIG: Cors | undefined;

/** `template` of `xmcp.config.ts`; `homePage` is the HTML of the application's own page. */
declare const TEMPLATE_CONFIG:
  | {
      readonly name?: string;
      readonly description?: string;
      readonly homePage?: string;
    }
  | undefined;

export function httpConfig(): NonNullable<typeof HTTP_CONFIG> {
  return typeof HTTP_CONFIG === "undefined" ? {} : (HTTP_CONFIG ?? {});
}

/** The path at which MCP is served, as in the URL that clients use. */
export function endpointPath(): string {
  return withoutTrailingSlash(httpConfig().endpoint ?? "/mcp") || "/";
}

/** The largest body of a request. Default: xmcp's on Node. */
export function maxBodyBytes(): number {
  return httpConfig().bodySizeLimit ?? 10 * 1024 * 1024;
}

/** The properties of the server that xmcp has built. */
export function xmcpHost(): Host {
  return {
    declare: declarations,
    isDeclared,
    endpoint: httpConfig().endpoint,
    ownsRoot: typeof HTTP_CONFIG !== "undefined",
    template: templateConfig(),
    serverInfo,
    cors: typeof HTTP_CORS_CONFIG === "undefined" ? undefined : HTTP_CORS_CONFIG,
  };
}

function templateConfig(): NonNullable<typeof TEMPLATE_CONFIG> {
  return typeof TEMPLATE_CONFIG === "undefined" ? {} : (TEMPLATE_CONFIG ?? {});
}
