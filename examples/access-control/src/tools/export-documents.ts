import { getSession } from "@xmcp-dev/clerk";
import type { ToolMetadata } from "xmcp";
import { z } from "zod";
import { allDocuments } from "../documents";

export const schema = {};

export const outputSchema = {
  apiKeyId: z.string().describe("Names the key in records; it is not the key"),
  lines: z.array(z.string()).describe("One document a line, as JSON"),
};

export const metadata: ToolMetadata = {
  name: "export-documents",
  description: "Exports the documents of the organization that owns the API key, for a script",
  annotations: { title: "Export documents", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

export default async function exportDocuments() {
  const { clientId: apiKeyId } = getSession();
  const lines = (await allDocuments()).map((document) => JSON.stringify(document));
  return { content: [{ type: "text", text: lines.join("\n") }], structuredContent: { apiKeyId, lines } };
}
