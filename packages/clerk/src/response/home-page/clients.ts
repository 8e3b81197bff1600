import { cursorLink, gooseLink, type InstallLink, type ServerAddress, vsCodeLink } from "./install-links.js";

/** How a person connects a client: a link that does it, or a first step, text to paste, next step. */
export interface ClientSetup {
  readonly client: string;
  /** Adds the server with one click. */
  readonly link?: InstallLink;
  readonly before: string;
  readonly paste: string;
  readonly after?: string;
}

/** Pinned, because they run on the reader's machine. */
const MCP_REMOTE = "mcp-remote@0.15.1";
const ADD_MCP = "add-mcp@2.4.0";

const ON_YOUR_MACHINE = "cannot reach this server, which is on your own machine.";

/** The most common clients first. */
export function commonClients({ id, url, isLoopback }: ServerAddress): readonly ClientSetup[] {
  return [
    {
      client: "Claude Code",
      before: "In a terminal:",
      paste: `claude mcp add --transport http ${id} ${shellWord(url)}`,
      after: `Then sign in: claude mcp login ${id}, or in a session /mcp → ${id} → Authenticate.`,
    },
    isLoopback
      ? {
          client: "Claude Desktop",
          before: "Settings → Developer → Edit Config. In claude_desktop_config.json:",
          paste: oneLine({ mcpServers: { [id]: { command: "npx", args: ["-y", MCP_REMOTE, url] } } }),
          after: `Restart Claude; the browser opens. Claude on the web ${ON_YOUR_MACHINE}`,
        }
      : {
          client: "Claude on the web and desktop",
          before: "Customize → Connectors → + → Add custom connector. The URL is:",
          paste: url,
          after: "In an organization, an owner adds it first, and each member connects.",
        },
    isLoopback
      ? {
          client: "ChatGPT on the desktop",
          before: "Settings → MCP servers → Add server → Streamable HTTP. The URL is:",
          paste: url,
          after: `Restart ChatGPT, and press Authenticate. ChatGPT on the web ${ON_YOUR_MACHINE}`,
        }
      : {
          client: "ChatGPT on the web",
          before: "chatgpt.com/plugins → + → Add custom MCP server, with OAuth and this URL:",
          paste: url,
          after: "In a workspace, an administrator allows it first.",
        },
    {
      client: "Codex",
      before: "In a terminal:",
      paste: `codex mcp add ${id} --url ${shellWord(url)}`,
      after: "It signs in at once. The Codex extension and ChatGPT on the desktop read the same settings.",
    },
    {
      client: "Cursor",
      link: cursorLink({ id, url }),
      before: "Or in .cursor/mcp.json:",
      paste: oneLine({ mcpServers: { [id]: { url } } }),
      after: "Then Customize → MCP: turn it on, and press Connect.",
    },
    {
      client: "VS Code",
      link: vsCodeLink({ id, url }),
      before: "Or in a terminal (bash or zsh):",
      paste: `code --add-mcp ${shellWord(JSON.stringify({ name: id, type: "http", url }))}`,
      after: `Then MCP: List Servers → ${id} → Start Server, and allow it to sign in.`,
    },
    {
      client: "Any other client",
      before:
        "Add a Streamable HTTP server with the address above. Or let add-mcp update the settings of about twenty clients:",
      paste: `npx -y ${ADD_MCP} ${shellWord(url)} -n ${id}`,
    },
  ];
}

/** The others, by name. */
export function moreClients({ id, url }: ServerAddress): readonly ClientSetup[] {
  return [
    {
      client: "Cline",
      before: "MCP Servers → Remote Servers → Streamable HTTP. The URL is:",
      paste: url,
      after: "Then press Authenticate.",
    },
    {
      client: "Devin Desktop (formerly Windsurf)",
      before: "In ~/.config/devin/mcp_config.json:",
      paste: oneLine({ mcpServers: { [id]: { url } } }),
      after:
        "Then press Authenticate. Windsurf reads ~/.codeium/windsurf/mcp_config.json, and calls it serverUrl.",
    },
    {
      client: "Gemini CLI",
      before: "In a terminal:",
      paste: `gemini mcp add -t http ${id} ${shellWord(url)}`,
      after: `Then, in a session: /mcp auth ${id}.`,
    },
    {
      client: "Goose",
      link: gooseLink({ id, url }),
      before: "Or goose configure → Add Extension → Remote Extension (Streamable HTTP). The URL is:",
      paste: url,
    },
    {
      client: "OpenCode",
      before: "In a terminal:",
      paste: `opencode mcp add ${id} --url ${shellWord(url)}`,
      after: `Then sign in: opencode mcp auth ${id}.`,
    },
    {
      client: "Zed",
      before: "In its settings file (zed: open settings file):",
      paste: oneLine({ context_servers: { [id]: { url } } }),
      after: "Then sign in under Settings → AI → MCP Servers.",
    },
    {
      client: "MCP Inspector",
      before: "In a terminal:",
      paste: `npx @modelcontextprotocol/inspector --transport http --server-url ${shellWord(url)}`,
    },
    {
      client: "Clients that support only stdio",
      before: "Use mcp-remote as the command:",
      paste: `npx -y ${MCP_REMOTE} ${shellWord(url)}`,
    },
  ];
}

/** JSON as people write it on one line. */
function oneLine(value: object): string {
  return JSON.stringify(value, null, 1).replace(/\n */g, " ");
}

/** As one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w:/.,%@~+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
