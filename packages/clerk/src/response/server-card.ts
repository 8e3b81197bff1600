import type { Settings } from "../options/settings.js";
import type { PlainResponse } from "../request/request.js";

export const SERVER_CARD_PATH = "/.well-known/mcp/server-card.json";

/** How the server presents itself. */
export interface ServerInfo {
  readonly version?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly icons?: readonly unknown[] | undefined;
}

/** The server card (MCP SEP-1649), as xmcp writes it. The URL is from `BASE_URL`: a request's `Host` is unverified. */
export function serverCard({ resource }: Settings, info: ServerInfo): PlainResponse {
  const { version, name: title, description, icons } = info;
  return {
    status: 200,
    headers: {
      "content-type": "application/mcp-server-card+json",
      "cache-control": "public, max-age=3600, must-revalidate",
      "access-control-allow-origin": "*",
    },
    body: JSON.stringify({
      $schema: "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json",
      name: `${new URL(resource).hostname.split(".").reverse().join(".")}/mcp`,
      version,
      description,
      title,
      remotes: [{ type: "streamable-http", url: resource }],
      ...(icons !== undefined && icons.length > 0 && { icons }),
    }),
  };
}
