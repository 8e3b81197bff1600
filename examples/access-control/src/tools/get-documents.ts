import type { ToolMetadata } from "xmcp";
import { z } from "zod";
import { allDocuments, documentShape } from "../documents";

export const schema = {};

export const outputSchema = { documents: z.array(documentShape) };

export const metadata: ToolMetadata = {
  name: "get-documents",
  description: "Lists the documents of the organization that is active in this session",
  annotations: { title: "Get documents", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

export default async function getDocuments() {
  const result = { documents: await allDocuments() };
  return { content: [{ type: "text", text: JSON.stringify(result, null, 2) }], structuredContent: result };
}
