import type { Change } from "./changes.js";
import { CannotAdd, type Project } from "./project.js";

const FILE = "xmcp.config.ts";

const IMPORT = 'import { serveOnNode, serveOnWorkers } from "@xmcp-dev/clerk/bundler";\n';
/** Each leaves the builds for other platforms as they are. */
const SETTING = "bundler: (config: object) => serveOnWorkers(serveOnNode(config)),";

/** Where the configuration begins: `const config: XmcpConfig = {` or `export default {`. */
const CONFIGURATION = /(?:XmcpConfig\s*=|export\s+default)\s*\{/;

const BY_HAND = `Add ${IMPORT.trim()} and, to the configuration, ${SETTING} Then the built server reads PORT and HOST, and a build for Workers lets callers sign in.`;

/**
 * `xmcp.config.ts`: `bundler`.
 *
 * @throws {CannotAdd} when the project has no HTTP server to protect
 */
export function xmcpConfig(project: Project): Change | undefined {
  const text = project.read(FILE);
  if (text === undefined)
    throw new CannotAdd("There is no xmcp.config.ts here. Run this in the folder of an xmcp project.");
  if (!/\bhttp\s*:\s*(?!false)/.test(text)) {
    throw new CannotAdd(
      "xmcp.config.ts has no HTTP server, and nothing else needs a sign-in. Add http: true to it first.",
    );
  }
  if (text.includes("@xmcp-dev/clerk/bundler")) return undefined;
  const start = CONFIGURATION.exec(text);
  if (start === null || /\bbundler\b/.test(text)) return { file: FILE, byHand: BY_HAND };
  const at = start.index + start[0].length;
  const gap = /^\s*\n/.test(text.slice(at)) ? "\n  " : " ";
  return {
    file: FILE,
    content: `${IMPORT}${text.slice(0, at)}${gap}${SETTING}${text.slice(at)}`,
    does: "the built server reads PORT and HOST and finishes running calls; a Worker lets callers sign in",
  };
}
