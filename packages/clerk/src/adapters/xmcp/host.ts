import type { Host } from "../../authenticator.js";
import { declarations } from "./declarations.js";

/** `http` of `xmcp.config.ts`, inserted by xmcp's compiler; `undefined` outside its builds. */
declare const HTTP_CONFIG:
  | {
      readonly port?: number;
      readonly host?: string;
      readonly endpoint?: string;
      readonly bodySizeLimit?: number;
    }
  | undefined;

/** `template` of `xmcp.config.ts`; `homePage` is the HTML of the application's own page. */
declare const TEMPLATE_CONFIG:
  | { readonly name?: string; readonly description?: string; readonly homePage?: string }
  | undefined;

export function httpConfig(): NonNullable<typeof HTTP_CONFIG> {
  return typeof HTTP_CONFIG === "undefined" ? {} : (HTTP_CONFIG ?? {});
}

/** The properties of the server that xmcp has built. */
export function xmcpHost(): Host {
  return {
    declare: declarations,
    endpoint: httpConfig().endpoint,
    template: typeof TEMPLATE_CONFIG === "undefined" ? undefined : TEMPLATE_CONFIG,
  };
}
