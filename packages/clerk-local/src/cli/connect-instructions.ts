/** Instructions for connecting a client to the MCP server that runs next to the stand-in. */
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 200;
const ANSWER_WITHIN_MS = 1_000;

/**
 * Waits for the server's protected resource metadata (RFC 9728) and returns what to print.
 *
 * @param origin of the server, `BASE_URL`
 * @param issuer of this stand-in; servers that trust another issuer are ignored
 * @param signal ends the wait
 * @returns undefined if the wait ended first
 */
export async function connectInstructions(
  origin: string,
  issuer: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  while (!signal.aborted) {
    const url = await protectedResource(origin, issuer);
    if (url !== undefined) return signal.aborted ? undefined : instructions(origin, url, issuer);
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

async function protectedResource(origin: string, issuer: string): Promise<string | undefined> {
  try {
    const response = await fetch(new URL("/.well-known/oauth-protected-resource", origin), {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const { resource, authorization_servers: issuers } = (await response.json()) as Record<string, unknown>;
    return typeof resource === "string" && Array.isArray(issuers) && issuers.includes(issuer)
      ? resource
      : undefined;
  } catch {
    // The server has not started yet.
    return undefined;
  }
}

function instructions(origin: string, url: string, issuer: string): string {
  return `
Connect a client to ${url}. It opens the sign-in page in your browser; pick any user there.

  Claude Code   claude mcp add --transport http xmcp-clerk ${url}
                then: claude mcp login xmcp-clerk
  Codex         codex mcp add xmcp-clerk --url ${url}
  Cursor        .cursor/mcp.json   {"mcpServers": {"xmcp-clerk": {"url": "${url}"}}}
  VS Code       code --add-mcp '{"name":"xmcp-clerk","type":"http","url":"${url}"}'
  Inspector     npx @modelcontextprotocol/inspector --transport http --server-url ${url}
  any other     npx -y add-mcp@2.4.0 ${url} -n xmcp-clerk
                or open ${origin}, which has a line for each client

See and change what the stand-in holds: ${issuer}/
Edit a file in src/tools/ and save: the server reloads. Stop with Ctrl+C.
`;
}
