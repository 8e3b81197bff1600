import type { ServerInfo } from "../../response/discovery/server-card.js";

/** The name and version that xmcp's servers report, inserted by its compiler: `template` of `xmcp.config.ts`, and the package's version. */
declare const SERVER_INFO: ServerInfo | undefined;

const KEY = Symbol.for("@xmcp-dev/clerk/server-info");
const shared = globalThis as typeof globalThis & { [KEY]?: ServerInfo };

/** Call it within xmcp's build. In an app of another framework the protection is outside of that build. */
export function declareServerInfo(): void {
  if (typeof SERVER_INFO !== "undefined") shared[KEY] = SERVER_INFO;
}

/** `undefined` if there is no build of xmcp in this process, or it is not loaded yet. */
export function serverInfo(): ServerInfo | undefined {
  return shared[KEY];
}
