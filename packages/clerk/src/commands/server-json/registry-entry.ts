import { serverCardSchema } from "../../options/server-card.js";
import type { Icon, ServerCard } from "../../response/discovery/server-card.js";
import { isLoopback } from "../../runtime/loopback.js";

/** The server cannot be described for the registry. The message has the reason and the fix. */
export class CannotDescribe extends Error {}

const SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";
const ICON_TYPES = ["image/png", "image/jpeg", "image/jpg", "image/svg+xml", "image/webp"];
const SIZE = /^(\d+x\d+|any)$/;

/**
 * The `server.json` of the MCP registry for a server that is reached over HTTP. It says what the server's card says, except
 * for the protocol versions, for which it has no member.
 *
 * @throws {CannotDescribe} if the registry would refuse it.
 */
export function registryEntry(card: ServerCard): object {
  const { name, title, description, version, websiteUrl, repository } = card;
  const said = { name, title, description, version, websiteUrl, repository };
  const result = serverCardSchema.safeParse(said);
  if (!result.success || !name || !description || !version) {
    const reasons = result.error?.issues.map(({ path, message }) => `${path.join(" → ")}: ${message}`);
    throw new CannotDescribe(`A registry does not accept this card. ${(reasons ?? []).join("; ")}`.trim());
  }
  const url = String(card.remotes?.[0]?.url);
  if (!URL.canParse(url) || new URL(url).protocol !== "https:" || isLoopback(new URL(url).hostname)) {
    throw new CannotDescribe(
      `The registry lists public servers over https, and this one's URL is ${url}. ` +
        "Set BASE_URL to its public URL: BASE_URL=https://mcp.example.com",
    );
  }
  if (!isDomainName(new URL(url).hostname)) {
    throw new CannotDescribe(
      `The registry requires proof of a domain, and ${new URL(url).hostname} is not one. Give the server a public name, and set BASE_URL to it.`,
    );
  }
  // With --url, the card may belong to another server.
  const icons = [card.icons ?? []].flat().filter(isTaken);
  return {
    $schema: SCHEMA,
    ...result.data,
    ...(icons.length > 0 && { icons }),
    remotes: [{ type: "streamable-http", url }],
  };
}

/** Not an address, and not a name of a local network. */
function isDomainName(hostname: string): boolean {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+$/i.test(hostname);
}

/** The registry takes no data: URLs, and only these types. */
function isTaken(icon: Icon | null): boolean {
  const { src, mimeType, sizes } = icon ?? {};
  return (
    typeof src === "string" &&
    /^https:\/\//i.test(src) &&
    src.length <= 255 &&
    (mimeType === undefined || ICON_TYPES.includes(mimeType)) &&
    [sizes ?? []].flat().every((size) => SIZE.test(String(size)))
  );
}
