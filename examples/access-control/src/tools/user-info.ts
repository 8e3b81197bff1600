import { getSession, getUser } from "@xmcp-dev/clerk";
import type { ToolMetadata } from "xmcp";
import { z } from "zod";

export const schema = {};

export const outputSchema = {
  userId: z.string(),
  name: z.string().nullable(),
  metadataRole: z.string().nullable().describe("What `role` in the public metadata says"),
  organization: z.string().nullable().describe("Slug of the active organization"),
  organizationRole: z.string().nullable(),
  scopes: z.array(z.string()),
};

export const metadata: ToolMetadata = {
  name: "user-info",
  description: "Shows the signed-in user's roles, organization and scopes",
  annotations: { title: "User info", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

export default async function userInfo() {
  const { userId, organizationSlug = null, organizationRole = null, scopes } = getSession();
  const { fullName, publicMetadata } = await getUser();
  const metadataRole = typeof publicMetadata.role === "string" ? publicMetadata.role : null;
  const caller = { userId, name: fullName, metadataRole, organization: organizationSlug };
  const info = { ...caller, organizationRole, scopes: [...scopes] };
  return { content: [{ type: "text", text: JSON.stringify(info, null, 2) }], structuredContent: info };
}
