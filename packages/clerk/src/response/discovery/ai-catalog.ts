import { SERVER_CARD_TYPE, type ServerCard } from "./server-card.js";

export const AI_CATALOG_TYPE = "application/ai-catalog+json";

/**
 * The catalog of this server alone, as AI Catalog, the extension for server cards and Agentic Resource Discovery (ARD) want
 * it: ARD requires `displayName`, the others allow it.
 *
 * @param cardURL the address of the card.
 */
export function aiCatalog({ name, title = name }: ServerCard, cardURL: string): object {
  const [namespace = "", server] = name.split("/");
  const publisher = namespace.split(".").reverse().join(".");
  return {
    specVersion: "1.0",
    entries: [
      {
        identifier: `urn:air:${publisher}:mcp:${server}`,
        displayName: title,
        type: SERVER_CARD_TYPE,
        url: cardURL,
      },
    ],
  };
}
