/** Instructions for connecting a client to the MCP server that runs next to the local Clerk. */
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 200;
const ANSWER_WITHIN_MS = 1_000;

/**
 * Waits for the server's protected resource metadata (RFC 9728) and returns what to print.
 *
 * @param origin of the server, `BASE_URL`
 * @param issuer of this local Clerk; servers that trust another issuer are ignored
 * @param reloads whether the server reloads when a source changes
 * @param signal ends the wait
 * @returns undefined if the wait ended first
 */
export async function connectInstructions(
  origin: string,
  issuer: string,
  reloads: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  while (!signal.aborted) {
    const url = await protectedResource(origin, issuer);
    if (url !== undefined)
      return signal.aborted ? undefined : instructions(origin, url, await nameOf(origin), reloads);
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

async function protectedResource(origin: string, issuer: string): Promise<string | undefined> {
  const { resource, authorization_servers: issuers } = await documentAt(
    origin,
    "/.well-known/oauth-protected-resource",
  );
  return typeof resource === "string" && Array.isArray(issuers) && issuers.includes(issuer)
    ? resource
    : undefined;
}

const DEFAULT_NAME = "xmcp-clerk";

/** The server's name in clients, as on its home page: made from the title in its MCP Server Card. */
async function nameOf(origin: string): Promise<string> {
  const { title } = await documentAt(origin, "/.well-known/mcp/server-card.json");
  if (typeof title !== "string") return DEFAULT_NAME;
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join("-") || DEFAULT_NAME;
}

async function documentAt(origin: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const response = await fetch(new URL(path, origin), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return ((await response.json()) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    // The server has not started yet, or has no such document.
    return {};
  }
}

function instructions(origin: string, url: string, name: string, reloads: boolean): string {
  return `
Connect a client to ${url}. It opens the sign-in page in your browser; pick any user there.

  Claude Code   claude mcp add --transport http ${name} ${url}
                then: claude mcp login ${name}
  Codex         codex mcp add ${name} --url ${url}
  Cursor        .cursor/mcp.json   {"mcpServers": {"${name}": {"url": "${url}"}}}
  VS Code       code --add-mcp '{"name":"${name}","type":"http","url":"${url}"}'
  Inspector     npx @modelcontextprotocol/inspector --transport http --server-url ${url}
  any other     npx -y add-mcp@2.4.0 ${url} -n ${name}
                or open ${origin}, which has a command for each client
${preparedForAnother(url)}
${reloads ? "Edit a file in src/tools/ and save: the server reloads. " : ""}Stop with Ctrl+C.
`;
}

/** The project's own settings for clients name one port, which another copy may have. */
function preparedForAnother(url: string): string {
  if (!existsSync(SETTINGS) || readFileSync(SETTINGS, "utf8").includes(url)) return "";
  return `\n${SETTINGS}, .cursor/ and .vscode/ name another address. A client that reads them connects to another server.\n`;
}

const SETTINGS = ".mcp.json";
