/**
 * The documents that known clients publish. The local Clerk has no internet, and answers these without it. Only the
 * members that it uses are here; ports of loopback redirects do not count (RFC 8252 section 7.3).
 */

interface PublishedDocument {
  readonly client_id: string;
  readonly client_name: string;
  readonly redirect_uris: readonly string[];
}

const loopback = (path: string) => [`http://127.0.0.1${path}`, `http://localhost${path}`];

const DOCUMENTS: Readonly<Record<string, readonly [name: string, redirectUris: readonly string[]]>> = {
  "https://claude.ai/oauth/mcp-oauth-client-metadata": [
    "Claude",
    ["https://claude.ai/api/mcp/auth_callback"],
  ],
  "https://claude.ai/oauth/claude-code-client-metadata": ["Claude Code", loopback("/callback")],
  "https://chatgpt.com/oauth/client.json": [
    "ChatGPT",
    ["https://chatgpt.com/connector_platform_oauth_redirect"],
  ],
  "https://chatgpt.com/oauth/codex/client.json": ["Codex", loopback("/callback")],
  "https://vscode.dev/oauth/client-metadata.json": [
    "Visual Studio Code",
    ["http://127.0.0.1:33418/", "https://vscode.dev/redirect"],
  ],
  "https://zed.dev/oauth/client-metadata.json": ["Zed", ["http://127.0.0.1/callback"]],
  "https://opencode.ai/oauth/opencode/client.json": ["OpenCode", loopback("/callback")],
  "https://www.mcpjam.com/.well-known/oauth/client-metadata.json": [
    "MCPJam",
    ["mcpjam://oauth/callback", "mcpjam://authkit/callback", ...loopback(":6274/oauth/callback")],
  ],
};

/** ChatGPT and Codex have a document for each connection too, with its id in the path. */
const OF_A_CONNECTION = /^https:\/\/chatgpt\.com\/oauth\/(codex\/)?([\w-]{1,100})\/client\.json$/;

export function publishedDocument(clientId: string): PublishedDocument | undefined {
  const known = Object.hasOwn(DOCUMENTS, clientId) ? DOCUMENTS[clientId] : ofConnection(clientId);
  if (known === undefined) return undefined;
  const [client_name, redirect_uris] = known;
  return { client_id: clientId, client_name, redirect_uris };
}

function ofConnection(clientId: string): (typeof DOCUMENTS)[string] | undefined {
  const [, codex, id] = OF_A_CONNECTION.exec(clientId) ?? [];
  if (id === undefined) return undefined;
  if (codex !== undefined) return ["Codex", loopback(`/callback/${id}`)];
  return ["ChatGPT", [`https://chatgpt.com/connector/oauth/${id}`]];
}
