/** Finds the target's server card and AI Catalog before the first case. A target may have neither. */
import { exchangeOnce } from "../http/connection.js";
import type { PlainRequest } from "../http/request-bytes.js";
import { jsonBody } from "../judge/mcp-answer.js";

export interface Cards {
  /** Path of the server card. Absent if there is none. */
  readonly card?: Published | undefined;
  /** Path of the AI Catalog. Absent if there is none. */
  readonly catalog?: Published | undefined;
}

export interface Published {
  readonly target: string;
  readonly document: Readonly<Record<string, unknown>>;
}

const CATALOGS = ["/.well-known/ai-catalog.json", "/.well-known/ard.json"];

/** @param token sent only if there is nothing without it: then the documents exist, but are not public. */
export async function discoverCards(url: URL, token: string | undefined, timeoutMs: number): Promise<Cards> {
  const credentials = [undefined, ...(token === undefined ? [] : [token])];
  const find = async (targets: readonly string[], isIt: (found: Published["document"]) => boolean) => {
    for (const credential of credentials) {
      for (const target of targets) {
        const document = await documentAt(url, target, credential, timeoutMs);
        if (document !== undefined && isIt(document)) return { target, document };
      }
    }
    return undefined;
  };
  const catalog = await find(CATALOGS, ({ entries }) => Array.isArray(entries));
  const path = url.pathname === "/" ? "" : url.pathname;
  const card = await find(
    [...linked(catalog, url), `${path}/server-card`, "/.well-known/mcp/server-card.json"],
    ({ $schema, remotes }) => Array.isArray(remotes) || String($schema).includes("server-card"),
  );
  return { card, catalog };
}

/** What the cases say of the card. Empty texts if there is none. */
export function cardPlaceholders({ card, catalog }: Cards): Readonly<Record<string, string>> {
  const { version = "", title, remotes } = card?.document ?? {};
  const [remote] = Array.isArray(remotes) ? (remotes as { supportedProtocolVersions?: unknown }[]) : [];
  const versions = remote?.supportedProtocolVersions;
  return {
    card: card?.target ?? "",
    catalog: catalog?.target ?? "",
    "card-version": String(version),
    // Patterns: without the member, any value agrees with the card.
    "card-title": typeof title === "string" ? `^${escaped(title)}$` : "",
    "card-protocol-versions": Array.isArray(versions) ? versions.map(String).map(escaped).join("|") : ".*",
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** The cards of this target in its catalog. */
function linked(catalog: Published | undefined, url: URL): string[] {
  const entries = (catalog?.document.entries ?? []) as readonly ({ url?: unknown } | null)[];
  return entries.flatMap((entry) => {
    const address = entry?.url;
    if (typeof address !== "string" || !URL.canParse(address)) return [];
    const { origin, pathname, search } = new URL(address);
    return origin === url.origin ? [`${pathname}${search}`] : [];
  });
}

async function documentAt(
  url: URL,
  target: string,
  token: string | undefined,
  timeoutMs: number,
): Promise<Published["document"] | undefined> {
  const request: PlainRequest = {
    method: "GET",
    target,
    version: "HTTP/1.1",
    fields: [
      ["Host", url.host],
      ...(token === undefined ? [] : [["Authorization", `Bearer ${token}`] as const]),
    ],
    body: undefined,
    trailers: [],
  };
  const exchange = await exchangeOnce(url, request, timeoutMs);
  if (exchange.kind !== "answer" || exchange.response.status !== 200) return undefined;
  const body = jsonBody(exchange.response);
  return typeof body === "object" && body !== null ? (body as Published["document"]) : undefined;
}
