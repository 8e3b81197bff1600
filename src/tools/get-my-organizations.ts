import { getClient, getSession } from "@xmcp-dev/clerk";
import type { ToolMetadata } from "xmcp";
import { z } from "zod";

const organization = z.object({
  id: z.string(),
  name: z.string(),
  slug: z.string().nullable(),
  role: z.string(),
  permissions: z.array(z.string()),
  active: z.boolean(),
});

export const schema = {};
export const outputSchema = { organizations: z.array(organization), totalCount: z.number() };

export const metadata: ToolMetadata = {
  name: "get-my-organizations",
  description: "Lists every organization of the signed-in user, and which one is active in this session",
  annotations: { title: "My organizations", readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

export default async function getMyOrganizations() {
  const { userId, organizationId } = getSession();
  const organizations: z.infer<typeof organization>[] = [];
  for (let total = 1; organizations.length < total; ) {
    const page = { userId, limit: 100, offset: organizations.length };
    const { data, totalCount } = await getClient().users.getOrganizationMembershipList(page);
    for (const { organization, role, permissions } of data) {
      const { id, name, slug } = organization;
      organizations.push({ id, name, slug, role, permissions, active: id === organizationId });
    }
    total = data.length === 0 ? 0 : totalCount;
  }
  const result = { organizations, totalCount: organizations.length };
  return { content: [{ type: "text", text: JSON.stringify(result, null, 2) }], structuredContent: result };
}
