import type { Settings } from "../../options/settings.js";
import type { AuthRequest, PlainResponse } from "../../request/request.js";
import { digest } from "../../runtime/digest.js";
import { AI_CATALOG_TYPE, aiCatalog } from "./ai-catalog.js";
import { SERVER_CARD_TYPE, type ServerCard, type ServerInfo, serverCard } from "./server-card.js";

/** The path of xmcp's own card, where scanners look too. */
const XMCP_CARD_PATH = "/.well-known/mcp/server-card.json";
/** The places of AI Catalog and of Agentic Resource Discovery. */
const CATALOG_PATHS = ["/.well-known/ai-catalog.json", "/.well-known/ard.json"];

/** What SEP-2127 requires. The documents are the same for every caller. */
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET",
  "access-control-allow-headers": "Content-Type, If-None-Match",
  "access-control-expose-headers": "ETag",
} as const;
const ALLOW = "GET, HEAD, OPTIONS";

/** A document, and its headers for caches. */
interface Published {
  readonly body: string;
  readonly type: string;
  readonly etag: string;
}

/**
 * Serves the documents by which registries and clients find the server: the MCP Server Card at `<endpoint>/server-card` and
 * the AI Catalog. They need no credential, and pages of any origin may read them. Returns `undefined` for every other request,
 * for a path in `publicPaths`, and if there is no card.
 *
 * @param serverInfo what the server says of itself; `undefined` while that is not known.
 */
export function discoveryDocuments(
  settings: Settings,
  serverInfo: () => ServerInfo | undefined,
): (request: AuthRequest) => PlainResponse | undefined {
  const { baseURL, endpoint, publicPaths, serverCard: choice } = settings;
  if (choice === false) return () => undefined;
  const cardPath = `${endpoint}/server-card`;
  const kinds = new Map<string, "card" | "catalog">([
    [cardPath, "card"],
    [XMCP_CARD_PATH, "card"],
    ...CATALOG_PATHS.map((path) => [path, "catalog"] as const),
  ]);
  for (const path of publicPaths) kinds.delete(path);

  let made: Readonly<Record<"card" | "catalog", Published>> | undefined;
  const makeOf = (card: ServerCard) => ({
    card: published(SERVER_CARD_TYPE, card),
    catalog: published(AI_CATALOG_TYPE, aiCatalog(card, `${baseURL}${cardPath}`)),
  });
  return (request) => {
    const kind = kinds.get(request.path);
    if (kind === undefined) return undefined;
    if (made === undefined) {
      const card = serverCard(settings, serverInfo());
      if (card === undefined) return undefined;
      made = makeOf(card);
    }
    return answer(request, made[kind]);
  };
}

function published(type: string, document: object): Published {
  const body = JSON.stringify(document);
  return { body, type, etag: `"${digest(body).slice(0, 22)}"` };
}

function answer({ method, ifNoneMatch }: AuthRequest, { body, type, etag }: Published): PlainResponse {
  if (method === "OPTIONS") return { status: 204, headers: { ...CORS, allow: ALLOW }, body: "" };
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, headers: { ...CORS, allow: ALLOW }, body: "" };
  }
  const headers = { ...CORS, "cache-control": "public, max-age=3600", etag };
  if (matches(ifNoneMatch, etag)) return { status: 304, headers, body: "" };
  return { status: 200, headers: { ...headers, "content-type": type }, body };
}

/** The weak comparison (RFC 9110 section 13.1.2): a proxy that compresses makes a strong validator weak. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim());
  return tags.some((tag) => tag === "*" || tag.replace(/^W\//, "") === etag);
}
