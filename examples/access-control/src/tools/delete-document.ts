import { AccessDenied, type AccessRule, getSession } from "@xmcp-dev/clerk";
import type { InferSchema, ToolMetadata } from "xmcp";
import { z } from "zod";
import { findDocument, removeDocument } from "../documents";

export const schema = { id: z.string().min(1).max(100).describe("As get-documents says") };

export const outputSchema = { deleted: z.string().describe("Title of the document") };

export const metadata: ToolMetadata = {
  name: "delete-document",
  description: "Deletes a document of the organization that is active in this session, for good",
  annotations: { title: "Delete document", readOnlyHint: false, destructiveHint: true, openWorldHint: false },
};

/** The access rule. It is checked before the tool runs. */
export const access: AccessRule = {
  permission: "org:documents:delete",
  scopes: ["documents:write"],
};

export default async function deleteDocument({ id }: InferSchema<typeof schema>) {
  const document = await findDocument(id);
  if (document === undefined) throw new Error(`There is no document ${id}. Call get-documents to list them.`);
  const { title, lockedBy } = document;
  // A rule cannot check this: it depends on the document.
  if (lockedBy !== null && lockedBy !== getSession().userId) {
    throw new AccessDenied(
      `“${title}” is locked: another user is editing it. Ask ${lockedBy} to release it.`,
    );
  }
  await removeDocument(id);
  return {
    content: [{ type: "text", text: `“${title}” is deleted.` }],
    structuredContent: { deleted: title },
  };
}
