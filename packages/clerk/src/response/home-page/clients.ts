/** How a person connects a client: first step, text to paste, next step. */
export interface ClientSetup {
  readonly client: string;
  readonly before: string;
  /** Absent if the client cannot connect to this server; `before` then states the reason. */
  readonly paste?: string;
  readonly after?: string;
}

export interface ServerAddress {
  /** A short name for the clients' lists: letters, digits and hyphens. */
  readonly id: string;
  /** The MCP URL. */
  readonly url: string;
  /** Whether only programs on the same machine can reach it. */
  readonly isLoopback: boolean;
}

const FROM_OUTSIDE =
  "It connects from the internet, so it cannot reach this server, which is on your own machine.";

/** The most common clients first. */
export function clientSetups({ id, url, isLoopback }: ServerAddress): readonly ClientSetup[] {
  const hosted = (client: string, before: string): ClientSetup =>
    isLoopback ? { client, before: FROM_OUTSIDE } : { client, before, paste: url };
  return [
    {
      client: "Claude Code",
      before: "In a terminal:",
      paste: `claude mcp add --transport http ${id} ${shellWord(url)}`,
      after: `Then, in a session: /mcp → ${id} → Authenticate.`,
    },
    hosted(
      "Claude on the web, desktop and phone",
      "Settings → Connectors → Add custom connector. The URL is:",
    ),
    hosted(
      "ChatGPT",
      "Settings → Connectors → Advanced: turn on developer mode. Then Create, with OAuth and this URL:",
    ),
    {
      client: "Cursor",
      before: "In .cursor/mcp.json:",
      paste: `{ "mcpServers": { "${id}": { "url": ${JSON.stringify(url)} } } }`,
      after: "Then Settings → MCP → Connect.",
    },
    {
      client: "VS Code",
      before: "In a terminal:",
      paste: `code --add-mcp ${shellWord(JSON.stringify({ name: id, type: "http", url }))}`,
      after: "Then start it in the list of MCP servers.",
    },
    {
      client: "MCP Inspector",
      before: "In a terminal:",
      paste: `npx @modelcontextprotocol/inspector --transport http --server-url ${shellWord(url)}`,
    },
    {
      client: "A client that only starts programs",
      before: "Its command, with mcp-remote in between:",
      paste: `npx -y mcp-remote ${shellWord(url)}`,
    },
  ];
}

/** As one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w:/.,%@~+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
