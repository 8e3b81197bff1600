import { getSession } from "@xmcp-dev/clerk";
import type { ToolMetadata } from "xmcp";
import { z } from "zod";

export const schema = {};

export const outputSchema = {
  userId: z.string(),
  sessionId: z.string().nullable(),
  organizationId: z.string().nullable(),
  organizationRole: z.string().nullable(),
  scopes: z.array(z.string()),
  clientId: z.string(),
  tokenIssuedAt: z.iso.datetime(),
  tokenExpiresAt: z.iso.datetime(),
};

export const metadata: ToolMetadata = {
  name: "whoami",
  description: "Shows who is calling, from the access token of this session",
  annotations: { title: "Who am I?", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

export default function whoami() {
  const session = getSession();
  const caller = {
    userId: session.userId,
    sessionId: session.sessionId ?? null,
    organizationId: session.organizationId ?? null,
    organizationRole: session.organizationRole ?? null,
    scopes: session.scopes,
    clientId: session.clientId,
    tokenIssuedAt: session.issuedAt.toISOString(),
    tokenExpiresAt: session.expiresAt.toISOString(),
  };
  return { content: [{ type: "text", text: JSON.stringify(caller, null, 2) }], structuredContent: caller };
}
