import { getConnectedAccount } from "@xmcp-dev/clerk";
import type { ToolMetadata } from "xmcp";
import { z } from "zod";
import { repositoriesOf } from "../github";

export const schema = {};

export const outputSchema = {
  repositories: z.array(z.object({ name: z.string(), isPrivate: z.boolean(), url: z.string() })),
  isAll: z.boolean().describe("Whether there are no others"),
};

export const metadata: ToolMetadata = {
  name: "list-repositories",
  description: "Lists the user's repositories at GitHub",
  annotations: { title: "List repositories", readOnlyHint: true, idempotentHint: true, openWorldHint: true },
};

export default async function listRepositories() {
  const { token } = await getConnectedAccount("github", { scopes: ["repo"] });
  const { found, isAll } = await repositoriesOf(token);
  const repositories = found.map(({ full_name: name, private: isPrivate, html_url: url }) => ({
    name,
    isPrivate,
    url,
  }));
  const text = repositories.map(({ name }) => name).join("\n") || "There are no repositories.";
  return { content: [{ type: "text", text }], structuredContent: { repositories, isAll } };
}
