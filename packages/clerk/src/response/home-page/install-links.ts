/** Links by which a client adds a server. They open the client; signing in comes after. */

export interface ServerAddress {
  /** A short name for the clients' lists: letters, digits and hyphens. */
  readonly id: string;
  /** The MCP URL. */
  readonly url: string;
  /** Whether only programs on the same machine can reach it. */
  readonly isLoopback: boolean;
}

type Address = Pick<ServerAddress, "id" | "url">;

export interface InstallLink {
  readonly text: string;
  readonly href: string;
}

export function cursorLink({ id, url }: Address): InstallLink {
  const config = btoa(JSON.stringify({ url }));
  const query = `name=${id}&config=${encodeURIComponent(config)}`;
  return { text: "Add to Cursor", href: `cursor://anysphere.cursor-deeplink/mcp/install?${query}` };
}

export function vsCodeLink({ id, url }: Address): InstallLink {
  const server = JSON.stringify({ name: id, type: "http", url });
  return { text: "Add to VS Code", href: `vscode:mcp/install?${encodeURIComponent(server)}` };
}

export function gooseLink({ id, url }: Address): InstallLink {
  const query = `type=streamable_http&url=${encodeURIComponent(url)}&id=${id}&name=${id}`;
  return {
    text: "Add to Goose",
    href: `goose://extension?${query}&description=${encodeURIComponent("MCP server")}`,
  };
}
