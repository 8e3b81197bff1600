import { getSession, getUser } from "@xmcp-dev/clerk";
import type { ToolMetadata } from "xmcp";
import { z } from "zod";

export const schema = {};

export const outputSchema = {
  userId: z.string(),
  sessionId: z.string().nullable(),
  organizationId: z.string().nullable(),
  organizationRole: z.string().nullable(),
  email: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  username: z.string().nullable(),
  imageUrl: z.string(),
};

export const metadata: ToolMetadata = {
  name: "get-user-info",
  description: "Reads the signed-in user's profile from Clerk",
  annotations: { title: "Get user info", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

export default async function getUserInfo() {
  const { userId, sessionId = null, organizationId = null, organizationRole = null } = getSession();
  const { primaryEmailAddress, firstName, lastName, username, imageUrl } = await getUser();
  const email = primaryEmailAddress?.emailAddress ?? null;
  const session = { userId, sessionId, organizationId, organizationRole };
  const info = { ...session, email, firstName, lastName, username, imageUrl };
  return { content: [{ type: "text", text: JSON.stringify(info, null, 2) }], structuredContent: info };
}
