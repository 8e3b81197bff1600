/** The placeholders in the texts of a case. */
import { type Cards, cardPlaceholders } from "./cards.js";
import { insertedMetadataPath } from "./discovery.js";

export interface PlaceholderFacts {
  readonly url: URL;
  readonly resource: string;
  readonly issuer: string;
  readonly metadataTarget: string;
  readonly scopes: readonly string[];
  readonly cards?: Cards | undefined;
  readonly closedTool?: string | undefined;
  readonly closedPage?: string | undefined;
  readonly publicTool?: string | undefined;
}

export type Placeholders = Readonly<Record<string, string>>;

export function placeholders({
  url,
  resource,
  issuer,
  metadataTarget,
  scopes,
  cards = {},
  closedTool = "",
  closedPage = `ui://app/${closedTool}.html`,
  publicTool = "",
}: PlaceholderFacts): Placeholders {
  const path = url.pathname;
  const last = path.slice(-1);
  const encodedLast = last === "/" ? "%2f" : `%${last.charCodeAt(0).toString(16)}`;
  return {
    path,
    "path-upper": path.toUpperCase(),
    "path-mixed": path.replace(/[a-z]/, (letter) => letter.toUpperCase()),
    "path-encoded": `${path.slice(0, -1)}${encodedLast}`,
    "path-twice-encoded": `${path.slice(0, -1)}${encodedLast.replace("%", "%25")}`,
    origin: url.origin,
    host: url.host,
    hostname: url.hostname,
    port: url.port,
    resource,
    "resource-origin": new URL(resource).origin,
    issuer,
    metadata: metadataTarget,
    "inserted-metadata": insertedMetadataPath(url),
    scopes: scopes.join(" "),
    scope: scopes[0] ?? "",
    ...cardPlaceholders(cards),
    "closed-tool": closedTool,
    "closed-tool-escaped": `\\u${closedTool.charCodeAt(0).toString(16).padStart(4, "0")}${closedTool.slice(1)}`,
    "public-tool": publicTool,
    "closed-page": closedPage,
    "closed-page-upper": closedPage.replace(/^[a-z]+:/, (scheme) => scheme.toUpperCase()),
  };
}

/** Replaces the placeholders in every text of a value. Unknown placeholders stay. */
export function fill<T>(value: T, values: Placeholders): T {
  if (typeof value === "string") {
    return value.replace(/\{([a-z0-9-]+)\}/g, (whole, name: string) => values[name] ?? whole) as T;
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, values)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [fill(name, values), fill(item, values)]),
  ) as T;
}
