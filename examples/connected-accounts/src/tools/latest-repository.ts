import { type Access, getConnectedAccount } from "@xmcp-dev/clerk";
import type { ToolMetadata } from "xmcp";
import { z } from "zod";
import { repositoriesOf } from "../github";

/** Checked before the tool runs. The call to Clerk is the one that `getConnectedAccount` would make. */
export const access: Access = { connection: { github: ["repo"] } };

export const schema = {};

export const outputSchema = { name: z.string().nullable(), updatedAt: z.string().nullable() };

export const metadata: ToolMetadata = {
  name: "latest-repository",
  description: "Names the user's repository at GitHub that was changed last",
  annotations: { title: "Latest repository", readOnlyHint: true, idempotentHint: true, openWorldHint: true },
};

export default async function latestRepository() {
  const { token } = await getConnectedAccount("github", { scopes: ["repo"] });
  const [latest] = (await repositoriesOf(token)).found;
  const { full_name: name = null, updated_at: updatedAt = null } = latest ?? {};
  const content = [{ type: "text", text: name ?? "There are no repositories." }];
  return { content, structuredContent: { name, updatedAt } };
}
