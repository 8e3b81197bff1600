/**
 * The MCP Inspector. It requires Node 22.19 and is therefore not a dependency of this repository: its test installs it.
 */
import { installed } from "./registry-program.js";

export const INSPECTOR_VERSION = "2.12.0";

/** Installs the Inspector from the npm registry on first use. @returns the path of its program */
export function installedInspector(): Promise<string> {
  return installed({
    package: "@modelcontextprotocol/inspector",
    version: INSPECTOR_VERSION,
    program: "mcp-inspector",
  });
}
