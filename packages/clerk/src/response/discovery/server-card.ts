import type { Settings } from "../../options/settings.js";
import { isLoopback } from "../../runtime/loopback.js";

export const SERVER_CARD_TYPE = "application/mcp-server-card+json";

/** An icon as MCP has it (`Icon` of the MCP schema). */
export interface Icon {
  readonly src: string;
  readonly mimeType?: string | undefined;
  readonly sizes?: readonly string[] | undefined;
  readonly theme?: "light" | "dark" | undefined;
}

/** The name and version that the server reports when a client connects (`serverInfo`). */
export interface ServerInfo {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  readonly icons?: readonly Icon[] | undefined;
}

/** The MCP Server Card (SEP-2127). */
export interface ServerCard {
  readonly $schema: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly title?: string;
  readonly websiteUrl?: string;
  readonly repository?: object;
  readonly icons?: readonly Icon[];
  readonly remotes: readonly [
    {
      readonly type: "streamable-http";
      readonly url: string;
      readonly supportedProtocolVersions: readonly string[];
    },
  ];
}

/** The settings that a card depends on. The URL is from `BASE_URL`: a request's `Host` is unverified. */
export type CardSettings = Pick<Settings, "baseURL" | "resource" | "docsURL" | "serverCard">;

/** The protocol versions that xmcp's handler supports over Streamable HTTP, newest first. */
const PROTOCOL_VERSIONS = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"];

const DESCRIPTION = "An MCP server that people sign in to with Clerk.";

/** The card of a server; `undefined` if it is turned off, or nothing states the server's version. */
export function serverCard(settings: CardSettings, info: ServerInfo = {}): ServerCard | undefined {
  const { baseURL, resource, docsURL, serverCard: chosen } = settings;
  if (chosen === false) return undefined;
  const version = chosen.version ?? info.version;
  if (version === undefined) return undefined;
  const { name = `${reverseDNS(new URL(baseURL).hostname)}/mcp`, websiteUrl = docsURL, repository } = chosen;
  const title = chosen.title ?? shortened(info.name ?? "");
  const icons = (info.icons ?? []).flatMap(publishedIcon);
  return {
    $schema: "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json",
    name,
    version,
    description: chosen.description ?? (shortened(info.description ?? "") || DESCRIPTION),
    ...(title !== "" && { title }),
    ...(websiteUrl !== undefined && { websiteUrl }),
    ...(repository !== undefined && { repository }),
    ...(icons.length > 0 && { icons }),
    remotes: [{ type: "streamable-http", url: resource, supportedProtocolVersions: PROTOCOL_VERSIONS }],
  };
}

/** With `/mcp` at most 200 characters. An IPv6 address has characters that names may not have. */
function reverseDNS(hostname: string): string {
  if (isLoopback(hostname)) return "localhost";
  const host = hostname.replace(/[^a-z0-9.-]+/gi, "-").replace(/^[.-]+|[.-]+$/g, "");
  return host.split(".").reverse().join(".").slice(0, 196);
}

const MAX_LENGTH = 100;

/** The text in at most 100 characters, cut between words. */
function shortened(text: string): string {
  const characters = [...text.trim().replace(/\s+/g, " ")];
  if (characters.length <= MAX_LENGTH) return characters.join("");
  const start = characters.slice(0, MAX_LENGTH - 1).join("");
  const words = characters[MAX_LENGTH - 1] === " " ? start : start.replace(/ [^ ]*$/, "");
  return `${words.trimEnd()}…`;
}

/** The icon without members that a card may not have. xmcp leaves the path of a file that it did not find. */
function publishedIcon({ src, mimeType, sizes, theme }: Icon): Icon[] {
  if (!/^(?:https?:\/\/|data:)/i.test(src) || !URL.canParse(src)) return [];
  return [
    {
      src,
      ...(mimeType !== undefined && { mimeType }),
      ...(sizes !== undefined && { sizes: [sizes].flat() }),
      ...(theme !== undefined && { theme }),
    },
  ];
}
