import { type AccessRule, getSession, getUser } from "@xmcp-dev/clerk";
import type { ToolMetadata } from "xmcp";
import { z } from "zod";

/** The page has the same rule: src/resources/(ui)/app/whoami.ts. */
export const access: AccessRule = { callers: ["user"], organization: true };

export const schema = {};

export const outputSchema = {
  name: z.string(),
  userId: z.string(),
  organization: z.string().nullable().describe("Slug of the active organization"),
  role: z.string().nullable(),
  scopes: z.array(z.string()),
  clientId: z.string(),
  expiresAt: z.iso.datetime(),
};

export const metadata: ToolMetadata = {
  name: "whoami",
  description: "Shows who is signed in, and for which organization",
  annotations: { title: "Who am I?", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  // With `ui: {}` instead, xmcp would make a page of what this function returns.
  _meta: { "ui/resourceUri": "ui://app/whoami.html" },
};

export default async function whoami() {
  const { userId, organizationSlug = null, organizationRole = null, ...session } = getSession();
  const { fullName, username } = await getUser();
  const caller = {
    name: fullName ?? username ?? userId,
    userId,
    organization: organizationSlug,
    role: organizationRole,
    scopes: [...session.scopes],
    clientId: session.clientId,
    expiresAt: session.expiresAt.toISOString(),
  };
  return { content: [{ type: "text", text: JSON.stringify(caller, null, 2) }], structuredContent: caller };
}
